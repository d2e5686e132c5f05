import {describe, expect, test} from "@odoo/hoot";
import {summarize, tone} from "@crm_loyalty/migration/migration_figures.esm";

describe.current.tags("headless");

const matrix = {
    states: [{id: "a"}, {id: "b"}, {id: false}],
    rows: [{cells: [5, 2, 1]}, {cells: [3, 7, 4]}, {cells: [6, 8, 0]}],
};

test("everybody in the matrix stayed, rose, fell, came or left", () => {
    const sums = summarize(matrix);
    expect(sums).toEqual({stayed: 12, up: 3, down: 2, came: 14, left: 5});
    const everybody = matrix.rows.flatMap((row) => row.cells);
    const total = (list) => list.reduce((sum, value) => sum + value, 0);
    expect(total(Object.values(sums))).toBe(total(everybody));
});

test("who rises or comes is green, who falls or leaves is red", () => {
    expect(tone(1, 0, 2)).toBe("success");
    expect(tone(2, 1, 2)).toBe("success");
    expect(tone(0, 1, 2)).toBe("danger");
    expect(tone(0, 2, 2)).toBe("danger");
    expect(tone(1, 1, 2)).toBe("primary");
});
