import {registry} from "@web/core/registry";

const FAILURES = ".o_crm_lifecycle_failures";

registry.category("web_tour.tours").add("crm_lifecycle_engine", {
    url: "/odoo/crm-customer-engine",
    steps: () => [
        {
            content: "Somebody failed, and the screen says who, at what and why",
            trigger: `${FAILURES} tr:contains('Tour Mill'):contains('Order'):contains('The figures do not add up')`,
        },
        {
            content: "Nobody waits",
            trigger: ".o_crm_lifecycle_queue dd:first button:contains(/^0$/)",
        },
        {
            content: "Have it tried again",
            trigger: `${FAILURES} .o_crm_lifecycle_retry`,
            run: "click",
        },
        {
            trigger: `${FAILURES}:contains('No customer failed')`,
        },
        {
            content: "Now it waits, for too long already",
            trigger: ".o_crm_lifecycle_alarm:contains('Events wait')",
        },
        {
            content: "Have all customers looked at",
            trigger: ".o_crm_lifecycle_run",
            run: "click",
        },
        {
            trigger: ".o_notification:contains('All customers are looked at')",
        },
        {
            content: "What is waiting?",
            trigger: ".o_crm_lifecycle_queue dd:first button:contains(/^1$/)",
            run: "click",
        },
        {
            content: "The event, in words",
            trigger: ".o_list_view .o_data_row:contains('Order'):contains('Tour Mill')",
        },
    ],
});
