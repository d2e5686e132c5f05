import {describe, expect, test} from "@odoo/hoot";
import {chartConfig, crossing, labels} from "@crm_loyalty/pareto/pareto_chart.esm";

describe.current.tags("headless");

const data = {
    points: [
        {customers: 2, revenue: 60, cumulative: 0.6, abc_class: "a"},
        {customers: 1, revenue: 30, cumulative: 0.9, abc_class: "b"},
        {customers: 3, revenue: 10, cumulative: 1, abc_class: "c"},
    ],
};
const format = {
    rtl: false,
    money: String,
    percentage: String,
    integer: String,
    onClass: (abcClass) => expect.step(abcClass),
};

test("the 80/20 point lies on the curve", () => {
    expect(crossing(data.points, 0.8)).toBeCloseTo(2 / 3);
    expect(crossing(data.points, 0.6)).toBe(0);
    expect(crossing([], 0.8)).toBe(-1);
});

test("groups are labelled by rank, single customers by name", () => {
    expect(labels(data)).toEqual(["1–2", "3", "4–6"]);
    expect(labels({points: [{customers: 1, name: "Hormuz"}]})).toEqual(["Hormuz"]);
});

test("right to left turns the axes round", () => {
    const {scales} = chartConfig(data, {...format, rtl: true}).options;
    expect(scales.x.reverse).toBe(true);
    expect(scales.revenue.position).toBe("right");
    expect(scales.share.position).toBe("left");
});

test("a click on a bar asks for its class", () => {
    const {onClick} = chartConfig(data, format).options;
    onClick({}, []);
    onClick({}, [{index: 1}]);
    expect.verifySteps(["b"]);
});
