import {_t} from "@web/core/l10n/translation";

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
 * @param {Object} data answer of `crm.customer.get_whale`
 * @returns {Object[]} places on the curve, from no customer at all to the last one
 */
export function places(data) {
    const points = data.points.map((point) => ({
        x: point.customers,
        y: point.profit,
    }));
    return [{x: 0, y: 0}, ...points];
}

/**
 * @param {Object} data answer of `crm.customer.get_whale`
 * @returns {Object[]} the peak and the end of the curve, one place where both are one
 */
export function marks(data) {
    const end = {x: data.customers, y: data.profit, kind: "end"};
    if (data.peak_customers === data.customers) {
        return [end];
    }
    return [{x: data.peak_customers, y: data.peak, kind: "peak"}, end];
}

const MARKS = {
    peak: {color: "--success", label: () => _t("Peak: what the good customers earn")},
    end: {color: "--danger", label: () => _t("End: what is left")},
};

function markDatasets(data) {
    return marks(data).map((mark) => ({
        type: "scatter",
        label: MARKS[mark.kind].label(),
        data: [mark],
        clip: false,
        pointRadius: 6,
        pointHoverRadius: 8,
        pointBackgroundColor: themeColor(MARKS[mark.kind].color),
        pointBorderColor: themeColor(MARKS[mark.kind].color),
        backgroundColor: themeColor(MARKS[mark.kind].color),
        order: 1,
    }));
}

function curveDataset(data) {
    return {
        type: "line",
        label: _t("Profit so far"),
        data: places(data),
        borderColor: themeColor("--primary"),
        backgroundColor: themeColor("--primary", 0.12),
        borderWidth: 2,
        pointRadius: 0,
        pointHitRadius: 10,
        fill: "origin",
        order: 2,
    };
}

/** Draws dashed lines from the marked places to the axes. */
function markPlugin(data) {
    return {
        id: "crmLoyaltyWhaleMarks",
        afterDatasetsDraw(chart) {
            const {ctx, scales: axes} = chart;
            ctx.save();
            ctx.setLineDash([6, 4]);
            for (const mark of marks(data)) {
                const x = axes.x.getPixelForValue(mark.x);
                const y = axes.y.getPixelForValue(mark.y);
                ctx.strokeStyle = themeColor(MARKS[mark.kind].color);
                ctx.beginPath();
                ctx.moveTo(x, axes.y.getPixelForValue(0));
                ctx.lineTo(x, y);
                ctx.lineTo(axes.x.getPixelForValue(0), y);
                ctx.stroke();
            }
            ctx.restore();
        },
    };
}

/**
 * @param {Object} data answer of `crm.customer.get_whale`
 * @param {Object} format `rtl`, and the formatters `money` and `integer`
 * @returns {Object} configuration of a Chart.js chart
 */
export function whaleConfig(data, format) {
    return {
        type: "line",
        data: {datasets: [curveDataset(data), ...markDatasets(data)]},
        plugins: [markPlugin(data)],
        options: {
            maintainAspectRatio: false,
            interaction: {mode: "nearest", axis: "x", intersect: false},
            scales: {
                x: {
                    type: "linear",
                    min: 0,
                    max: data.customers,
                    reverse: format.rtl,
                    grid: {display: false},
                    title: {
                        display: true,
                        text: _t("Customers, most profitable first"),
                    },
                    ticks: {precision: 0, callback: (value) => format.integer(value)},
                },
                y: {
                    position: format.rtl ? "right" : "left",
                    title: {display: true, text: _t("Profit so far")},
                    ticks: {callback: (value) => format.integer(value)},
                },
            },
            plugins: {
                legend: {rtl: format.rtl, position: "top"},
                tooltip: {
                    rtl: format.rtl,
                    callbacks: {
                        title: (items) =>
                            _t("%(count)s customers", {
                                count: format.integer(items[0].parsed.x),
                            }),
                        label: (item) => format.money(item.parsed.y),
                    },
                },
            },
        },
    };
}
