/**
 * Return the rows of the map: a row per channel, a cell per stage.
 *
 * @param {Object} data what the server tells: stages, channels, touchpoints
 * @param {Number|null} ownerId show the touchpoints of this owner alone; the cells that
 *     others fill are then no gaps
 * @returns {Object[]} rows of {channel, cells}; a cell is {stage, points, gap}
 */
export function makeRows(data, ownerId = null) {
    const filled = new Map();
    for (const point of data.touchpoints) {
        for (const stageId of point.stage_ids) {
            const key = `${point.channel_id}-${stageId}`;
            filled.set(key, [...(filled.get(key) || []), point]);
        }
    }
    return data.channels.map((channel) => ({
        channel,
        cells: data.stages.map((stage) => {
            const points = filled.get(`${channel.id}-${stage.id}`) || [];
            return {
                stage,
                points: points.filter(
                    (point) => !ownerId || point.owner_id === ownerId
                ),
                gap: !points.some((point) => !point.owner_left),
            };
        }),
    }));
}

/** Count the cells in which nobody waits for the customer. */
export function countGaps(rows) {
    return rows.reduce(
        (sum, row) => sum + row.cells.filter((cell) => cell.gap).length,
        0
    );
}

/** Return the owners of touchpoints as {id, name, count}, by name. */
export function listOwners(data) {
    const owners = new Map();
    for (const point of data.touchpoints) {
        const known = owners.get(point.owner_id);
        owners.set(point.owner_id, {
            id: point.owner_id,
            name: point.owner,
            count: (known?.count || 0) + 1,
        });
    }
    return [...owners.values()].sort((one, other) =>
        one.name.localeCompare(other.name)
    );
}
