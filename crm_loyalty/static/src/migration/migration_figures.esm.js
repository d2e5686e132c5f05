/**
 * @param {Object} matrix answer of `get_migration`: states from the best to the worst,
 *     the last one False for those without
 * @returns {Object} how many `stayed`, rose (`up`), fell (`down`), `came` and `left`
 */
export function summarize(matrix) {
    const sums = {stayed: 0, up: 0, down: 0, came: 0, left: 0};
    const last = matrix.states.length - 1;
    matrix.rows.forEach((row, from) =>
        row.cells.forEach((count, to) => {
            if (from === last) {
                sums.came += count;
            } else if (to === last) {
                sums.left += count;
            } else if (from === to) {
                sums.stayed += count;
            } else {
                sums[to < from ? "up" : "down"] += count;
            }
        })
    );
    return sums;
}

/**
 * @param {Number} from place of the row
 * @param {Number} to place of the column
 * @param {Number} last place of those without a state
 * @returns {String} colour of a cell: up is good, down is bad
 */
export function tone(from, to, last) {
    if (from === to) {
        return "primary";
    }
    return from === last || (to !== last && to < from) ? "success" : "danger";
}
