import {describe, expect, test} from "@odoo/hoot";
import {chartConfig, curves} from "@crm_loyalty/tracking_chart/tracking_config.esm";

describe.current.tags("headless");

const tracking = {
    unit: "week",
    start: "1997-01-01",
    cut: 2,
    points: [
        [0, 0, 0],
        [1, 4, 3.5],
        [2.5, 9, 8.25],
    ],
};
const format = {rtl: false, integer: (value) => `<${value}>`};

test("each curve has its own column of the points", () => {
    const {tracked, expected} = curves(tracking);
    expect(tracked[2]).toEqual({x: 2.5, y: 9});
    expect(expected[2]).toEqual({x: 2.5, y: 8.25});
});

test("the axis ends with the data", () => {
    const {x} = chartConfig(tracking, format).options.scales;
    expect(x.max).toBe(2.5);
});

test("without a check nothing marks where the forecast begins", () => {
    expect(chartConfig(tracking, format).plugins.length).toBe(1);
    expect(chartConfig({...tracking, cut: null}, format).plugins.length).toBe(0);
    expect(chartConfig({...tracking, cut: 0}, format).plugins.length).toBe(1);
});

test("right to left turns the axes round", () => {
    const {scales, plugins} = chartConfig(tracking, {...format, rtl: true}).options;
    expect(scales.x.reverse).toBe(true);
    expect(scales.y.position).toBe("right");
    expect(plugins.legend.rtl).toBe(true);
});

test("the tooltip says which curve it is", () => {
    const {label} = chartConfig(tracking, format).options.plugins.tooltip.callbacks;
    expect(label({dataset: {label: "Expected"}, parsed: {y: 8}})).toBe("Expected: <8>");
});
