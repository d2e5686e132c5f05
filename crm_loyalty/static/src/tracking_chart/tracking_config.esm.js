import {_t} from "@web/core/l10n/translation";

const PERIODS = {
    day: () => _t("Days since the first purchase"),
    week: () => _t("Weeks since the first purchase"),
    month: () => _t("Months since the first purchase"),
};

/**
 * @param {String} name of a Bootstrap colour variable, such as `--success`
 * @returns {String} that colour as the current theme has it
 */
function themeColor(name) {
    const style = getComputedStyle(document.documentElement);
    const rgb = style.getPropertyValue(`${name}-rgb`).trim() || "108, 117, 125";
    return `rgb(${rgb})`;
}

/**
 * The two curves as points of a Chart.js line chart.
 *
 * @param {Object} tracking field `tracking` of `crm.loyalty.run`
 * @returns {Object} `tracked` and `expected`, lists of {x, y}
 */
export function curves(tracking) {
    return {
        tracked: tracking.points.map(([x, y]) => ({x, y})),
        expected: tracking.points.map(([x, , y]) => ({x, y})),
    };
}

/** Draws the line before which the model has seen the purchases. */
function cutPlugin(cut, label, rtl) {
    return {
        id: "crmLoyaltyCut",
        afterDatasetsDraw(chart) {
            const {ctx, chartArea, scales} = chart;
            const x = scales.x.getPixelForValue(cut);
            ctx.save();
            ctx.strokeStyle = themeColor("--danger");
            ctx.fillStyle = themeColor("--danger");
            ctx.setLineDash([4, 4]);
            ctx.beginPath();
            ctx.moveTo(x, chartArea.top);
            ctx.lineTo(x, chartArea.bottom);
            ctx.stroke();
            ctx.textAlign = rtl ? "right" : "left";
            ctx.fillText(label, x + (rtl ? -6 : 6), chartArea.bottom - 8);
            ctx.restore();
        },
    };
}

function dataset(label, data, color, dashed) {
    return {
        label,
        data,
        borderColor: themeColor(color),
        backgroundColor: themeColor(color),
        borderDash: dashed ? [6, 4] : [],
        borderWidth: 2,
        pointRadius: 0,
        pointHitRadius: 10,
    };
}

/**
 * @param {Object} tracking field `tracking` of `crm.loyalty.run`
 * @param {Object} format `rtl` and the formatter `integer`
 * @returns {Object} configuration of a Chart.js chart
 */
export function chartConfig(tracking, format) {
    const {tracked, expected} = curves(tracking);
    const cut = typeof tracking.cut === "number";
    return {
        type: "line",
        data: {
            datasets: [
                dataset(_t("Really bought"), tracked, "--primary", false),
                dataset(_t("Expected"), expected, "--warning", true),
            ],
        },
        plugins: cut
            ? [cutPlugin(tracking.cut, _t("Forecast from here"), format.rtl)]
            : [],
        options: {
            maintainAspectRatio: false,
            interaction: {mode: "index", intersect: false},
            scales: {
                x: {
                    type: "linear",
                    reverse: format.rtl,
                    max: tracked.length ? tracked[tracked.length - 1].x : undefined,
                    title: {display: true, text: PERIODS[tracking.unit]()},
                    ticks: {callback: (value) => format.integer(value)},
                },
                y: {
                    position: format.rtl ? "right" : "left",
                    beginAtZero: true,
                    title: {display: true, text: _t("Repeat purchases, all customers")},
                    ticks: {callback: (value) => format.integer(value)},
                },
            },
            plugins: {
                legend: {rtl: format.rtl, position: "top"},
                tooltip: {
                    rtl: format.rtl,
                    callbacks: {
                        title: (items) =>
                            items.length ? format.integer(items[0].parsed.x) : "",
                        label: (item) =>
                            `${item.dataset.label}: ${format.integer(item.parsed.y)}`,
                    },
                },
            },
        },
    };
}
