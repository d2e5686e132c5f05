import {afterEach, describe, expect, test} from "@odoo/hoot";
import {click, edit, queryAll, queryAllTexts} from "@odoo/hoot-dom";
import {advanceTime, animationFrame, mockDate} from "@odoo/hoot-mock";
import {
    allowTranslations,
    contains,
    defineModels,
    mockService,
    models,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {CustomerTimeline} from "@crm_lifecycle/customer_timeline/customer_timeline.esm";
import {
    groupByMonth,
    target,
    toArguments,
} from "@crm_lifecycle/customer_timeline/timeline_groups.esm";

describe.current.tags("desktop");

class Timeline extends models.Model {
    _name = "crm.customer.timeline";
}

defineMailModels();
defineModels([Timeline]);

const {DateTime} = luxon;
const KINDS = [
    {kind: "call", label: "Call", icon: "fa-phone", color: "success"},
    {kind: "invoice", label: "Invoice", icon: "fa-money", color: "dark"},
];

let sequence = 0;
function makeEntry(values) {
    sequence += 1;
    return {
        id: `1-call-${sequence}`,
        kind: "call",
        date: "2026-03-05 10:00:00",
        dated: false,
        res_model: "crm.interaction",
        res_id: sequence,
        summary: `Call ${sequence}`,
        state: "",
        direction: "",
        amount: false,
        currency_id: false,
        user_id: false,
        user_name: "",
        ...values,
    };
}

/** Answers with the pages in their order, and notes what was asked. */
function servePages(...pages) {
    const asked = [];
    onRpc("crm.customer.timeline", "get_counts", () => ({}));
    onRpc("crm.customer.timeline", "get_kinds", () => KINDS);
    onRpc("crm.customer.timeline", "get_page", ({args, kwargs}) => {
        asked.push({customerId: args[0], ...kwargs});
        const page = pages[Math.min(asked.length, pages.length) - 1];
        if (page instanceof Error) {
            throw page;
        }
        return {entries: page, next: asked.length < pages.length && ["next"]};
    });
    return asked;
}

async function mountTimeline(customerId = 7) {
    const component = await mountWithCleanup(CustomerTimeline, {props: {customerId}});
    await animationFrame();
    return component;
}

afterEach(() => {
    document.body.style.direction = "";
});

// Pure functions

test("entries are grouped by what is planned and by month", () => {
    allowTranslations();
    const entries = [
        makeEntry({date: "2026-04-01 10:00:00"}),
        makeEntry({date: "2026-03-05 10:00:00"}),
        makeEntry({date: "2026-03-01 00:00:00", dated: true}),
        makeEntry({date: "2026-02-27 10:00:00"}),
    ];
    const groups = groupByMonth(entries, DateTime.fromISO("2026-03-10"));
    expect(groups.map((group) => group.label)).toEqual([
        "Planned",
        "March 2026",
        "February 2026",
    ]);
    expect(groups.map((group) => group.entries.length)).toEqual([1, 2, 1]);
});

test("a mail opens its document, and in a dialog where there is none", () => {
    const mail = makeEntry({res_model: "mail.message", res_id: 4});
    expect(target(mail)).toEqual({model: "mail.message", id: 4, dialog: true});
    expect(target({...mail, open_model: "crm.lead", open_id: 9})).toEqual({
        model: "crm.lead",
        id: 9,
        dialog: false,
    });
});

test("an empty filter asks for everything", () => {
    const filter = {kinds: [], dateFrom: false, dateTo: false, search: " "};
    expect(toArguments(filter)).toEqual({
        kinds: false,
        date_from: false,
        date_to: false,
        search: "",
    });
});

// The component

test("entries show kind, summary, amount and who", async () => {
    servePages([
        makeEntry({
            kind: "invoice",
            summary: "INV/1",
            state: "Paid",
            amount: 1250,
            currency_id: 1,
            user_id: 3,
            user_name: "Omid",
        }),
    ]);
    await mountTimeline();
    expect(".o_crm_timeline_entry").toHaveCount(1);
    expect(".o_crm_timeline_label").toHaveText("Invoice");
    expect(".o_crm_timeline_summary").toHaveText("INV/1");
    expect(".o_crm_timeline_amount").toHaveText(/1,250/);
    expect(".o_crm_timeline_avatar img").toHaveAttribute("alt", "Omid");
    expect(".o_crm_timeline_end").toHaveCount(0);
});

test("more entries come at the end of the list until there are none", async () => {
    const asked = servePages([makeEntry()], [makeEntry()], [makeEntry()]);
    await mountTimeline();
    for (let turn = 0; turn < 4; turn++) {
        if (queryAll(".o_crm_timeline_end button").length) {
            await click(".o_crm_timeline_end button");
        }
        await animationFrame();
        await animationFrame();
    }
    expect(".o_crm_timeline_entry").toHaveCount(3);
    expect(".o_crm_timeline_end").toHaveCount(0);
    expect(asked.map((page) => page.after)).toEqual([null, ["next"], ["next"]]);
});

test("a kind is switched on and off", async () => {
    const asked = servePages([makeEntry()]);
    await mountTimeline();
    await contains(".o_crm_timeline_kind[data-kind=invoice]").click();
    expect(".o_crm_timeline_kind[data-kind=invoice]").toHaveAttribute(
        "aria-pressed",
        "true"
    );
    await contains(".o_crm_timeline_kind[data-kind=invoice]").click();
    expect(asked.map((page) => page.kinds)).toEqual([false, ["invoice"], false]);
});

test("kinds show how many entries there are, as far as one counts", async () => {
    servePages([makeEntry()]);
    const asked = [];
    onRpc("crm.customer.timeline", "get_counts", ({args, kwargs}) => {
        asked.push([args[0], kwargs.search]);
        return {
            call: {count: 1500, more: true},
            invoice: {count: 0, more: false},
        };
    });
    await mountTimeline();
    await animationFrame();
    expect(".o_crm_timeline_kind[data-kind=call] bdi").toHaveText("1,500+");
    expect(".o_crm_timeline_kind[data-kind=invoice] bdi").toHaveText("0");
    expect(".o_crm_timeline_kind[data-kind=invoice]").toHaveClass("opacity-50");
    await click(".o_crm_timeline_search");
    await edit("pump");
    await advanceTime(400);
    await animationFrame();
    expect(asked).toEqual([
        [7, ""],
        [7, "pump"],
    ]);
});

test("without numbers the timeline goes on", async () => {
    servePages([makeEntry()]);
    onRpc("crm.customer.timeline", "get_counts", () => {
        throw new Error("no");
    });
    await mountTimeline();
    await animationFrame();
    expect(".o_crm_timeline_entry").toHaveCount(1);
    expect(".o_crm_timeline_count").toHaveCount(0);
    expect(".o_crm_timeline_failed").toHaveCount(0);
});

test("typing searches once, after a moment", async () => {
    const asked = servePages([makeEntry()]);
    await mountTimeline();
    await click(".o_crm_timeline_search");
    await edit("pump");
    expect(asked).toHaveLength(1);
    await advanceTime(400);
    await animationFrame();
    expect(asked.map((page) => page.search)).toEqual(["", "pump"]);
});

test("nothing found offers to clear the filters", async () => {
    const asked = servePages([]);
    await mountTimeline();
    expect(".o_crm_timeline_empty").toHaveText(/Nothing yet/);
    await contains(".o_crm_timeline_kind[data-kind=call]").click();
    await animationFrame();
    expect(".o_crm_timeline_empty").toHaveText(/Nothing matches/);
    await contains(".o_crm_timeline_clear").click();
    expect(asked.at(-1).kinds).toBe(false);
});

test("a failure is said, and can be tried again", async () => {
    const pages = [new Error("no"), [makeEntry()]];
    servePages(...pages);
    await mountTimeline();
    await animationFrame();
    expect(".o_crm_timeline_failed").toHaveCount(1);
    await contains(".o_crm_timeline_failed button").click();
    await animationFrame();
    expect(".o_crm_timeline_failed").toHaveCount(0);
    expect(".o_crm_timeline_entry").toHaveCount(1);
});

test("a click and the keyboard open the document", async () => {
    mockService("action", {
        doAction: (action) => expect.step(`${action.res_model} ${action.res_id}`),
    });
    servePages([makeEntry({res_id: 42})]);
    await mountTimeline();
    await contains(".o_crm_timeline_entry").click();
    expect.verifySteps(["crm.interaction 42"]);
    expect(queryAll("button.o_crm_timeline_entry[type=button]")).toHaveLength(1);
});

test("paper takes the filters along", async () => {
    mockService("action", {doAction: (action) => expect.step(action.url)});
    servePages([makeEntry()]);
    await mountTimeline();
    await contains(".o_crm_timeline_kind[data-kind=call]").click();
    await contains(".o_crm_timeline_download").click();
    expect.verifySteps(["/crm/customer/7/timeline.xlsx?kinds=call"]);
});

test("right to left the icon stands right of the summary", async () => {
    mockDate("2026-03-10 12:00:00");
    servePages([makeEntry()]);
    await mountTimeline();
    const place = (selector) => queryAll(selector)[0].getBoundingClientRect().left;
    expect(place(".o_crm_timeline_icon")).toBeLessThan(
        place(".o_crm_timeline_summary")
    );
    document.body.style.direction = "rtl";
    queryAll(".o_crm_timeline")[0].style.direction = "rtl";
    expect(place(".o_crm_timeline_icon")).toBeGreaterThan(
        place(".o_crm_timeline_summary")
    );
    expect(queryAllTexts(".o_crm_timeline_month")).toHaveLength(1);
});
