import {_t} from "@web/core/l10n/translation";

const CLASSES = {a: "--success", b: "--warning", c: "--info"};

/**
 * @param {String} name of a Bootstrap colour variable, such as `--success`
 * @param {Number} [opacity]
 * @returns {String} that colour as the current theme has it
 */
function themeColor(name, opacity = 1) {
    const style = getComputedStyle(document.documentElement);
    const rgb = style.getPropertyValue(`${name}-rgb`).trim() || "108, 117, 125";
    return `rgba(${rgb}, ${opacity})`;
}

/**
 * Where the drawn curve reaches a share.
 *
 * @param {Object[]} points of `get_pareto`
 * @param {Number} share between 0 and 1
 * @returns {Number} position on the axis of the points: 1.5 lies midway between the
 *     second and the third; -1 if the curve never gets there
 */
export function crossing(points, share) {
    const index = points.findIndex((point) => point.cumulative >= share - 1e-9);
    if (index < 1) {
        return index;
    }
    const [before, after] = [points[index - 1], points[index]];
    const step = after.cumulative - before.cumulative;
    return index - 1 + (share - before.cumulative) / step;
}

/**
 * @param {Object} data answer of `crm.customer.get_pareto`
 * @returns {String[]} one label for each group of customers
 */
export function labels(data) {
    let first = 1;
    return data.points.map((point) => {
        const last = first + point.customers - 1;
        const label = point.name || (last === first ? `${first}` : `${first}–${last}`);
        first = last + 1;
        return label;
    });
}

/** Draws the dashed lines of the 80/20 point behind the curve. */
function markPlugin(position, share, rtl) {
    return {
        id: "crmLoyaltyMark",
        afterDatasetsDraw(chart) {
            if (position < 0) {
                return;
            }
            const {ctx, chartArea, scales: axes} = chart;
            const [left, right] = [Math.floor(position), Math.ceil(position)];
            const [from, to] = [left, right].map((value) =>
                axes.x.getPixelForValue(value)
            );
            const x = from + (to - from) * (position - left);
            const y = axes.share.getPixelForValue(share);
            const edge = rtl ? chartArea.left : chartArea.right;
            ctx.save();
            ctx.strokeStyle = themeColor("--danger");
            ctx.setLineDash([6, 4]);
            ctx.beginPath();
            ctx.moveTo(x, chartArea.bottom);
            ctx.lineTo(x, y);
            ctx.lineTo(edge, y);
            ctx.stroke();
            ctx.setLineDash([]);
            ctx.fillStyle = themeColor("--danger");
            ctx.beginPath();
            ctx.arc(x, y, 5, 0, 2 * Math.PI);
            ctx.fill();
            ctx.restore();
        },
    };
}

function barDataset(data) {
    const colors = data.points.map((point) =>
        themeColor(CLASSES[point.abc_class] || "--info", 0.75)
    );
    return {
        label: _t("Revenue"),
        type: "bar",
        data: data.points.map((point) => point.revenue),
        backgroundColor: colors,
        yAxisID: "revenue",
        order: 2,
    };
}

function curveDataset(data) {
    return {
        label: _t("Cumulative share"),
        type: "line",
        data: data.points.map((point) => point.cumulative),
        borderColor: themeColor("--primary"),
        backgroundColor: themeColor("--primary"),
        borderWidth: 2,
        pointRadius: data.points.length > 40 ? 0 : 3,
        pointHitRadius: 10,
        yAxisID: "share",
        order: 1,
    };
}

function scales(format) {
    const percentage = (value) => format.percentage(value);
    return {
        x: {
            reverse: format.rtl,
            grid: {display: false},
            title: {display: true, text: _t("Customers, best first")},
            ticks: {maxRotation: 45, autoSkip: true},
        },
        revenue: {
            position: format.rtl ? "right" : "left",
            beginAtZero: true,
            title: {display: true, text: _t("Revenue")},
            ticks: {callback: (value) => format.integer(value)},
        },
        share: {
            position: format.rtl ? "left" : "right",
            min: 0,
            max: 1,
            grid: {drawOnChartArea: false},
            title: {display: true, text: _t("Cumulative share")},
            ticks: {callback: percentage},
        },
    };
}

/**
 * @param {Object} data answer of `crm.customer.get_pareto`
 * @param {Object} format `rtl`, the formatters `money`, `percentage` and `integer`, and
 *     `onClass`, called with the class of a bar that is clicked
 * @returns {Object} configuration of a Chart.js chart
 */
export function chartConfig(data, format) {
    const point = (item) => data.points[item.dataIndex];
    return {
        type: "bar",
        data: {labels: labels(data), datasets: [barDataset(data), curveDataset(data)]},
        plugins: [markPlugin(crossing(data.points, 0.8), 0.8, format.rtl)],
        options: {
            maintainAspectRatio: false,
            interaction: {mode: "index", intersect: false},
            onClick: (_ev, items) => {
                if (items.length) {
                    format.onClass(data.points[items[0].index].abc_class);
                }
            },
            scales: scales(format),
            plugins: {
                legend: {rtl: format.rtl, position: "top"},
                tooltip: {
                    rtl: format.rtl,
                    callbacks: {
                        label: (item) =>
                            item.dataset.yAxisID === "share"
                                ? format.percentage(point(item).cumulative)
                                : format.money(point(item).revenue),
                    },
                },
            },
        },
    };
}
