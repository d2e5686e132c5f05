import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("crm_loyalty_pareto_empty", {
    url: "/odoo/customer-pareto",
    steps: () => [
        {
            content: "Without a rated customer there is an explanation, and no chart",
            trigger:
                ".o_crm_loyalty_pareto:not(:has(canvas)) .o_nocontent_help:contains('No customer is rated')",
        },
    ],
});
