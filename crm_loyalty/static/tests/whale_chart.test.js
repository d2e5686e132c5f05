import {describe, expect, test} from "@odoo/hoot";
import {marks, places, whaleConfig} from "@crm_loyalty/whale/whale_chart.esm";

describe.current.tags("headless");

const data = {
    customers: 4,
    profit: 60,
    peak: 80,
    peak_customers: 2,
    points: [
        {customers: 1, profit: 50},
        {customers: 2, profit: 80},
        {customers: 4, profit: 60},
    ],
};
const format = {rtl: false, money: String, integer: String};

test("the curve begins with no customer and no profit", () => {
    expect(places(data)[0]).toEqual({x: 0, y: 0});
    expect(places(data).at(-1)).toEqual({x: 4, y: 60});
});

test("peak and end are marked, as one place where nobody costs anything", () => {
    expect(marks(data)).toEqual([
        {x: 2, y: 80, kind: "peak"},
        {x: 4, y: 60, kind: "end"},
    ]);
    const rising = {...data, profit: 80, peak_customers: 4};
    expect(marks(rising)).toEqual([{x: 4, y: 80, kind: "end"}]);
});

test("right to left turns the axes round", () => {
    const {scales} = whaleConfig(data, {...format, rtl: true}).options;
    expect(scales.x.reverse).toBe(true);
    expect(scales.y.position).toBe("right");
});
