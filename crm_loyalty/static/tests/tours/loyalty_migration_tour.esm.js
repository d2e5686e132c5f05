import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("crm_loyalty_migration", {
    url: "/odoo/loyalty-migration",
    steps: () => [
        {
            content: "Everybody is in the matrix",
            trigger: ".o_crm_loyalty_migration tfoot td:last:contains('3')",
        },
        {
            content: "One stayed, one rose, one fell",
            trigger: ".o_crm_loyalty_migration p:contains('1 rose')",
        },
        {
            content: "See who rose from C to A",
            trigger:
                ".o_crm_loyalty_migration tr[data-state=c] td[data-state=a] button",
            run: "click",
        },
        {
            content: "It is the one who bought",
            trigger: ".o_list_view .o_data_row:contains('Zagros')",
        },
        {
            trigger: ".o_list_view:not(:has(.o_data_row:contains('Hormuz')))",
        },
        {
            content: "Open him",
            trigger: ".o_data_row:contains('Zagros') .o_data_cell[name=revenue_rank]",
            run: "click",
        },
        {
            content: "His history says why",
            trigger: ".o_notebook a[name=loyalty]",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=loyalty_history_ids] .o_data_row:contains('Revenue rose')",
        },
        {
            content: "Back to the matrix",
            trigger: ".breadcrumb-item:contains('Migration Matrix')",
            run: "click",
        },
        {
            content: "The same for loyalty types",
            trigger: "button[data-kind=loyalty_type]",
            run: "click",
        },
        {
            trigger: "button[data-kind=loyalty_type].active",
        },
        {
            trigger: ".o_crm_loyalty_migration tr[data-state=unknown] td:contains('3')",
        },
    ],
});
