import {
    countGaps,
    listOwners,
    makeRows,
} from "@crm_lifecycle/touchpoint_map/touchpoint_grid.esm";
import {describe, expect, test} from "@odoo/hoot";

describe.current.tags("headless");

const point = (id, channel, stages, owner, left = false) => ({
    id,
    name: `Point ${id}`,
    channel_id: channel,
    stage_ids: stages,
    owner_id: owner,
    owner: `Owner ${owner}`,
    owner_left: left,
});
const data = {
    stages: [{id: 1}, {id: 2}],
    channels: [{id: 10}, {id: 20}],
    touchpoints: [
        point(1, 10, [1, 2], 5),
        point(2, 10, [2], 4),
        point(3, 20, [1], 5, true),
    ],
};

test("a cell holds the touchpoints of its stage and channel", () => {
    const rows = makeRows(data);
    expect(rows[0].cells[0].points.map((p) => p.id)).toEqual([1]);
    expect(rows[0].cells[1].points.map((p) => p.id)).toEqual([1, 2]);
    expect(rows[1].cells[1].points).toEqual([]);
});

test("where nobody waits, or only somebody who has left, there is a gap", () => {
    const rows = makeRows(data);
    expect(rows[1].cells.map((cell) => cell.gap)).toEqual([true, true]);
    expect(countGaps(rows)).toBe(2);
});

test("what others fill is no gap when one owner is looked at", () => {
    const rows = makeRows(data, 4);
    expect(rows[0].cells[0].points).toEqual([]);
    expect(rows[0].cells[0].gap).toBe(false);
    expect(rows[0].cells[1].points.map((p) => p.id)).toEqual([2]);
});

test("owners are listed by name with the number of their touchpoints", () => {
    expect(listOwners(data)).toEqual([
        {id: 4, name: "Owner 4", count: 1},
        {id: 5, name: "Owner 5", count: 2},
    ]);
});
