import {describe, expect, test} from "@odoo/hoot";
import {
    cellDomain,
    columns,
    heatRows,
    segmentRows,
} from "@crm_loyalty/rfm/rfm_figures.esm";

describe.current.tags("headless");

const cell = (recency, frequency, monetary, segment, customers, revenue) => ({
    recency,
    frequency,
    monetary,
    segment,
    customers,
    revenue,
});
const data = {
    company: {id: 1},
    bins: 3,
    segments: [
        {code: "best", name: "Best"},
        {code: "rest", name: "Rest"},
        {code: "none", name: "None"},
    ],
    cells: [
        cell(3, 3, 1, "best", 2, 60),
        cell(3, 1, 3, "best", 1, 30),
        cell(1, 1, 1, "rest", 4, 10),
    ],
};

test("the map has a row for each recency, the most recent first", () => {
    const rows = heatRows(data, "frequency", "customers");
    expect(rows.map(({recency}) => recency)).toEqual([3, 2, 1]);
    const [first, , last] = rows;
    expect(first.cells.map(({customers}) => customers)).toEqual([1, 0, 2]);
    expect(first.cells.map(({share}) => share)).toEqual([0.25, 0, 0.5]);
    expect(last.cells[0].share).toBe(1);
});

test("nobody is lost on any axis, by any measure", () => {
    for (const axis of ["frequency", "monetary", "value"]) {
        const cells = heatRows(data, axis, "revenue").flatMap((row) => row.cells);
        const sum = (name) => cells.reduce((total, one) => total + one[name], 0);
        expect([sum("customers"), sum("revenue")]).toEqual([7, 100]);
    }
});

test("the mean of two scores goes in halves", () => {
    expect(columns(3, "value")).toEqual([1, 1.5, 2, 2.5, 3]);
    expect(columns(3, "monetary")).toEqual([1, 2, 3]);
    const [first] = heatRows(data, "value", "customers");
    expect(first.cells[2].customers).toBe(3);
});

test("a cell opens those who are counted in it", () => {
    expect(cellDomain(data, "monetary", 3, 2).slice(2)).toEqual([
        ["rfm_recency", "=", 3],
        ["rfm_monetary", "=", 2],
    ]);
    expect(cellDomain(data, "value", 3, 1.5).slice(3)).toEqual([
        "|",
        "&",
        ["rfm_frequency", "=", 1],
        ["rfm_monetary", "=", 2],
        "&",
        ["rfm_frequency", "=", 2],
        ["rfm_monetary", "=", 1],
    ]);
});

test("segments with customers have their size and revenue", () => {
    const rows = segmentRows(data);
    expect(rows.map(({code}) => code)).toEqual(["best", "rest"]);
    expect(rows[0].customers).toBe(3);
    expect(rows[0].revenueShare).toBeCloseTo(0.9);
    expect(
        segmentRows({...data, cells: [cell(1, 1, 1, "rest", 1, 0)]})[0].revenueShare
    ).toBe(null);
});
