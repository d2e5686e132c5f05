import {describe, expect, test} from "@odoo/hoot";
import {place} from "@crm_loyalty/loyalty_grid/loyalty_grid.esm";

describe.current.tags("headless");

test("the favourable line lies in the middle, wherever it is set", () => {
    for (const favourable of [0.5, 0.7, 1]) {
        expect(place({behaviour: 0.5, attitude: favourable, favourable})).toEqual({
            x: 50,
            y: 50,
        });
    }
});

test("the best stands top right, the worst bottom left", () => {
    const favourable = 0.7;
    expect(place({behaviour: 1, attitude: 1, favourable})).toEqual({x: 100, y: 0});
    expect(place({behaviour: 0, attitude: 0, favourable})).toEqual({x: 0, y: 100});
});

test("what is unknown has no place", () => {
    const favourable = 0.7;
    expect(place({behaviour: false, attitude: 1, favourable}).y).toBe(null);
    expect(place({behaviour: 1, attitude: false, favourable}).x).toBe(null);
});
