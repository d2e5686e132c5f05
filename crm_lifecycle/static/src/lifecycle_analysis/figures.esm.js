/**
 * @param {Object} today luxon date
 * @returns {Object} the filters with which the analysis opens: the past twelve months
 */
export function defaultFilters(today) {
    return {
        date_from: today.minus({years: 1}).toISODate(),
        date_to: today.toISODate(),
        company_id: false,
        user_id: false,
        team_id: false,
    };
}

/**
 * @param {Object[]} stages of `get_funnel`
 * @param {Number} leads that stand in the first stage beside its customers
 * @returns {Object[]} the stages, each with `leads` and `width`, its bar in percent of
 *     the longest one
 */
export function funnelRows(stages, leads) {
    const entry = stages.find((stage) => stage.code === "identify") || stages[0];
    const rows = stages.map((stage) => ({
        ...stage,
        leads: stage === entry ? leads : 0,
    }));
    const longest = Math.max(1, ...rows.map((row) => row.count + row.leads));
    return rows.map((row) => ({
        ...row,
        width: (100 * row.count) / longest,
        leadsWidth: (100 * row.leads) / longest,
    }));
}

/**
 * @param {Object} cohort of `get_cohorts`
 * @param {String} outcome `retained` or `lost`
 * @returns {Object[]} for each month its `number`, `count` and `share` of the cohort;
 *     null where the time is not over
 */
export function cohortCells(cohort, outcome) {
    return cohort[outcome].map((count, index) => ({
        number: index + 1,
        count,
        share: count === null ? null : count / cohort.size,
    }));
}

/**
 * @param {Number|null} share between 0 and 1
 * @param {String} color name of a Bootstrap colour
 * @returns {String} style of a cell: the larger the share, the stronger its colour
 */
export function shade(share, color = "primary") {
    if (!share) {
        return "";
    }
    const opacity = (0.08 + 0.52 * Math.min(share, 1)).toFixed(2);
    return `background-color: rgba(var(--${color}-rgb), ${opacity})`;
}
