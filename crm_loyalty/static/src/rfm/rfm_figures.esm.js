const SCORES = {
    frequency: (cell) => cell.frequency,
    monetary: (cell) => cell.monetary,
    value: (cell) => (cell.frequency + cell.monetary) / 2,
};

/**
 * @param {Number} bins number of scores
 * @param {String} axis `frequency`, `monetary`, or `value`: the mean of both
 * @returns {Number[]} the columns of the map
 */
export function columns(bins, axis) {
    const steps = axis === "value" ? 2 : 1;
    return Array.from(
        {length: steps * (bins - 1) + 1},
        (_, index) => 1 + index / steps
    );
}

/**
 * The rows of the map, the most recent first.
 *
 * @param {Object} data answer of `get_rfm`
 * @param {String} axis see `columns`
 * @param {String} measure `customers` or `revenue`
 * @returns {Object[]} rows with `recency` and `cells`: their `column`, `customers`,
 *     `revenue`, and `share`, the measure against the largest cell's
 */
export function heatRows(data, axis, measure) {
    const sums = {};
    for (const cell of data.cells) {
        const key = `${cell.recency} ${SCORES[axis](cell)}`;
        const sum = (sums[key] ??= {customers: 0, revenue: 0});
        sum.customers += cell.customers;
        sum.revenue += cell.revenue;
    }
    const largest = Math.max(1e-9, ...Object.values(sums).map((sum) => sum[measure]));
    return Array.from({length: data.bins}, (_, index) => data.bins - index).map(
        (recency) => ({
            recency,
            cells: columns(data.bins, axis).map((column) => {
                const sum = sums[`${recency} ${column}`] || {customers: 0, revenue: 0};
                return {column, ...sum, share: Math.max(0, sum[measure]) / largest};
            }),
        })
    );
}

/**
 * @param {Object} data answer of `get_rfm`
 * @param {String} axis see `columns`
 * @param {Number} recency row
 * @param {Number} column
 * @returns {Array} domain of the customers of a cell
 */
export function cellDomain(data, axis, recency, column) {
    const domain = [
        ["company_id", "=", data.company.id],
        ["rfm_segment", "!=", false],
        ["rfm_recency", "=", recency],
    ];
    if (axis !== "value") {
        return [...domain, [`rfm_${axis}`, "=", column]];
    }
    const pairs = [];
    for (let score = 1; score <= data.bins; score++) {
        const other = 2 * column - score;
        if (other >= 1 && other <= data.bins) {
            pairs.push(
                "&",
                ["rfm_frequency", "=", score],
                ["rfm_monetary", "=", other]
            );
        }
    }
    return [...domain, ...Array(pairs.length / 3 - 1).fill("|"), ...pairs];
}

/**
 * @param {Object} data answer of `get_rfm`
 * @returns {Object[]} the segments that have customers, with `customers`, `revenue`, and
 *     their shares `customersShare` and `revenueShare`
 */
export function segmentRows(data) {
    const sums = {};
    const total = {customers: 0, revenue: 0};
    for (const cell of data.cells) {
        const sum = (sums[cell.segment] ??= {customers: 0, revenue: 0});
        for (const name of ["customers", "revenue"]) {
            sum[name] += cell[name];
            total[name] += cell[name];
        }
    }
    return data.segments
        .filter(({code}) => sums[code])
        .map((segment) => ({
            ...segment,
            ...sums[segment.code],
            customersShare: sums[segment.code].customers / total.customers,
            revenueShare: total.revenue
                ? sums[segment.code].revenue / total.revenue
                : null,
        }));
}
