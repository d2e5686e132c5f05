import {describe, expect, test} from "@odoo/hoot";
import {joinCells} from "@crm_loyalty/segment_grid/segment_grid.esm";

describe.current.tags("headless");

const cell = (value, names) => ({value, names, colors: names.map(() => 3)});

test("neighbours of one segment are drawn as one", () => {
    const cells = [cell(1, ["Low"]), cell(1.5, ["Low"]), cell(2, ["High"])];
    expect(joinCells(cells)).toEqual([
        {key: 1, label: "Low", span: 2, color: 3, fault: false},
        {key: 2, label: "High", span: 1, color: 3, fault: false},
    ]);
});

test("a cell without a segment, or with two, is a fault", () => {
    const cells = [cell(1, []), cell(1.5, ["Low", "High"]), cell(2, ["High"])];
    expect(joinCells(cells).map(({fault}) => fault)).toEqual([true, true, false]);
    expect(joinCells(cells)[1].label).toBe("Low + High");
});
