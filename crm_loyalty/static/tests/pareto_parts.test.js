import {describe, expect, test} from "@odoo/hoot";
import {partDomain, withBars} from "@crm_loyalty/pareto/pareto_parts.esm";

describe.current.tags("headless");

const data = {domain: [["company_id", "=", 1]], path: "partner_id.country_id"};

test("a part opens its own customers, also those without", () => {
    expect(partDomain(data, {id: 7})).toEqual([
        ["company_id", "=", 1],
        ["partner_id.country_id", "in", [7]],
    ]);
    expect(partDomain(data, {id: false})[1][2]).toEqual([false]);
});

test("the largest part has the longest bar, one without revenue has none", () => {
    const widths = (parts) => withBars(parts).map(({width}) => width);
    expect(widths([{share: 0.6}, {share: 0.3}, {share: null}])).toEqual([100, 50, 0]);
    expect(widths([{share: null}])).toEqual([0]);
});
