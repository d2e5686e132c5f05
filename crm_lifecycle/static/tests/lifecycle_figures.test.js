import {describe, expect, test} from "@odoo/hoot";
import {
    cohortCells,
    defaultFilters,
    funnelRows,
    shade,
} from "@crm_lifecycle/lifecycle_analysis/figures.esm";

describe.current.tags("headless");

const {DateTime} = luxon;

test("the analysis opens with the past twelve months of everybody", () => {
    const filters = defaultFilters(DateTime.fromISO("2026-03-31"));
    expect(filters.date_from).toBe("2025-03-31");
    expect(filters.date_to).toBe("2026-03-31");
    expect(filters.user_id).toBe(false);
});

test("leads without a contact stand in the first stage, beside its customers", () => {
    const stages = [
        {code: "identify", count: 2},
        {code: "select", count: 5},
    ];
    const [first, second] = funnelRows(stages, 8);
    expect([first.leads, first.width, first.leadsWidth]).toEqual([8, 20, 80]);
    expect([second.leads, second.width, second.leadsWidth]).toEqual([0, 50, 0]);
    expect(funnelRows([{code: "identify", count: 0}], 0)[0].width).toBe(0);
});

test("a cohort has shares where the time is over", () => {
    const cells = cohortCells({size: 4, lost: [0, 1, null]}, "lost");
    expect(cells.map((cell) => cell.share)).toEqual([0, 0.25, null]);
    expect(cells[1]).toEqual({number: 2, count: 1, share: 0.25});
});

test("the larger the share, the stronger the colour", () => {
    expect(shade(0)).toBe("");
    expect(shade(null)).toBe("");
    expect(shade(1, "danger")).toBe("background-color: rgba(var(--danger-rgb), 0.60)");
    expect(shade(0.5)).toBe("background-color: rgba(var(--primary-rgb), 0.34)");
});
