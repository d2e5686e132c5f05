import {describe, expect, test} from "@odoo/hoot";
import {baseline, steps, waterfallConfig} from "@crm_loyalty/equity/waterfall.esm";

describe.current.tags("headless");

const month = {
    opening: 100,
    acquired: 30,
    grown: 10,
    shrunk: 25,
    lost: 15,
    closing: 100,
};
const format = {rtl: false, money: String, integer: String};

test("each step begins where the one before ended, and the last one fits", () => {
    const bars = steps(month);
    const levels = bars.slice(1, -1);
    let level = month.opening;
    for (const bar of levels) {
        expect(bar.from).toBe(level);
        level = bar.to;
    }
    expect(level).toBe(month.closing);
    expect(bars[0]).toMatchObject({name: "opening", from: 0, to: 100});
});

test("the chart shows amounts, not where bars end", () => {
    const {options} = waterfallConfig(month, format);
    expect(options.plugins.tooltip.callbacks.label({dataIndex: 3})).toBe("25");
});

test("right to left turns the axes round", () => {
    const {scales} = waterfallConfig(month, {...format, rtl: true}).options;
    expect(scales.x.reverse).toBe(true);
    expect(scales.y.position).toBe("right");
});

test("small movements are enlarged, large ones are seen from the ground", () => {
    expect(baseline(steps(month))).toBe(0);
    const calm = {opening: 1000, acquired: 10, grown: 0, shrunk: 20, lost: 0};
    const base = baseline(steps({...calm, closing: 990}));
    expect(base).toBe(950);
    const still = {opening: 5, acquired: 0, grown: 0, shrunk: 0, lost: 0, closing: 5};
    expect(baseline(steps(still))).toBe(0);
});
