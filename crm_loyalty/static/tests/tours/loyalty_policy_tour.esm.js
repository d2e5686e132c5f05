import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("crm_loyalty_policy", {
    url: "/odoo/loyalty-policy",
    steps: () => [
        {
            content: "Open the policy of the company",
            trigger: ".o_data_row:contains('Arvand') .o_data_cell",
            run: "click",
        },
        {
            content: "See what the limits mean",
            trigger: ".o_form_view .o_field_widget[name=cut_a] input",
            run: "edit 75",
        },
        {
            content: "Rate the customers",
            trigger: "button[name=action_run]",
            run: "click",
        },
        {
            content: "It says what it did",
            trigger: ".o_notification:contains('3 customers rated')",
        },
        {
            content: "The run is noted",
            trigger: ".o_field_widget[name=run_ids] .o_data_row",
        },
        {
            content: "Look at the curve",
            trigger: "button:contains('Pareto Chart')",
            run: "click",
        },
        {
            content: "The three classes are there",
            trigger: ".o_crm_loyalty_class[data-class=a]:contains('1 customers')",
        },
        {
            content: "The chart is drawn",
            trigger: ".o_crm_loyalty_chart canvas",
        },
        {
            content: "See who the best are",
            trigger: ".o_crm_loyalty_class[data-class=a]",
            run: "click",
        },
        {
            content: "The list has them alone",
            trigger: ".o_list_view .o_data_row:contains('Hormuz')",
        },
        {
            trigger: ".o_list_view:not(:has(.o_data_row:contains('Zagros')))",
        },
    ],
});
