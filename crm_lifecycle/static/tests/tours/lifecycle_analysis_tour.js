import {registry} from "@web/core/registry";

const FUNNEL = ".o_crm_lifecycle_funnel tr";
const MOVED = ".o_crm_lifecycle_transitions tr:has(th:contains('Identify'))";

registry.category("web_tour.tours").add("crm_lifecycle_analysis", {
    url: "/odoo/crm-lifecycle-analysis",
    steps: () => [
        {
            content: "From the end of January",
            trigger: "#o_crm_lifecycle_from",
            run: "edit 01/31/2026 && click .o_control_panel",
        },
        {
            content: "to the end of January: first of all, the funnel on that day",
            trigger: "#o_crm_lifecycle_until",
            run: "edit 02/15/2026 && click .o_control_panel",
        },
        {
            content: "Two customers were known by then, one was selected",
            trigger: `${FUNNEL}[data-stage=identify] td:contains(/^2$/)`,
        },
        {
            trigger: `${FUNNEL}[data-stage=select] td:contains(/^1$/)`,
        },
        {
            content: "How did it go on until the end of June?",
            trigger: "#o_crm_lifecycle_until",
            run: "edit 06/30/2026 && click .o_control_panel",
        },
        {
            content: "One of them has developed",
            trigger: `${FUNNEL}[data-stage=develop] td:contains(/^1$/)`,
        },
        {
            content: "Who went from Identify to Develop?",
            trigger: `${MOVED} td:nth-child(5) button:contains('1')`,
            run: "click",
        },
        {
            content: "The figure opens its customer, and nobody else",
            trigger:
                ".o_list_view:not(:has(.o_data_row:contains('Tour Dairy'))) .o_data_row:contains('Tour Mill')",
        },
        {
            content: "Back to the analysis",
            trigger: ".o_breadcrumb a:contains('Lifecycle Analysis')",
            run: "click",
        },
        {
            content: "It still stands at the dates of before",
            trigger: "#o_crm_lifecycle_until:value('06/30/2026')",
        },
    ],
});
