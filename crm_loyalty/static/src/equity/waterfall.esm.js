import {_t} from "@web/core/l10n/translation";

/**
 * The steps from the opening of a month to its closing.
 *
 * @param {Object} month of `get_equity`
 * @returns {Object[]} bars with `name`, `label`, `from`, `to` and the `color` they have
 */
export function steps(month) {
    const parts = [
        {name: "acquired", label: _t("Acquired"), sign: 1, color: "--success"},
        {name: "grown", label: _t("Grown"), sign: 1, color: "--info"},
        {name: "shrunk", label: _t("Shrunk"), sign: -1, color: "--warning"},
        {name: "lost", label: _t("Lost"), sign: -1, color: "--danger"},
    ];
    let level = month.opening;
    const bars = [
        {name: "opening", label: _t("Opening"), from: 0, to: level, color: "--primary"},
    ];
    for (const {name, label, sign, color} of parts) {
        const to = level + sign * month[name];
        bars.push({name, label, from: level, to, color});
        level = to;
    }
    bars.push({
        name: "closing",
        label: _t("Closing"),
        from: 0,
        to: month.closing,
        color: "--primary",
    });
    return bars;
}

/**
 * Where the axis begins: movements that are small against the whole have to be seen.
 *
 * @param {Object[]} bars of `steps`
 * @returns {Number} 0, or a round number below all levels
 */
export function baseline(bars) {
    const levels = bars.flatMap((bar) => (bar.from ? [bar.from, bar.to] : [bar.to]));
    const lowest = Math.min(...levels);
    const span = Math.max(...levels) - lowest;
    const base = lowest - 2 * span;
    if (!span || base <= 0.5 * lowest) {
        return 0;
    }
    const unit = 10 ** Math.floor(Math.log10(span));
    return Math.floor(base / unit) * unit;
}

function themeColor(name) {
    const style = getComputedStyle(document.documentElement);
    const rgb = style.getPropertyValue(`${name}-rgb`).trim() || "108, 117, 125";
    return `rgba(${rgb}, 0.8)`;
}

/**
 * @param {Object} month of `get_equity`
 * @param {Object} format `rtl`, and the formatters `money` and `integer`
 * @returns {Object} configuration of a Chart.js chart
 */
export function waterfallConfig(month, format) {
    const bars = steps(month);
    return {
        type: "bar",
        data: {
            labels: bars.map((bar) => bar.label),
            datasets: [
                {
                    data: bars.map((bar) => [bar.from, bar.to]),
                    backgroundColor: bars.map((bar) => themeColor(bar.color)),
                    borderSkipped: false,
                    minBarLength: 2,
                },
            ],
        },
        options: {
            maintainAspectRatio: false,
            scales: {
                x: {reverse: format.rtl, grid: {display: false}},
                y: {
                    position: format.rtl ? "right" : "left",
                    min: baseline(bars),
                    ticks: {callback: (value) => format.integer(value)},
                },
            },
            plugins: {
                legend: {display: false},
                tooltip: {
                    rtl: format.rtl,
                    callbacks: {
                        label: (item) => format.money(month[bars[item.dataIndex].name]),
                    },
                },
            },
        },
    };
}
