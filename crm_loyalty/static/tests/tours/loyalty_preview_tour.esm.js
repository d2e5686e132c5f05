import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("crm_loyalty_preview", {
    url: "/odoo/loyalty-policy",
    steps: () => [
        {
            content: "Open the policy of the company",
            trigger: ".o_data_row:contains('Arvand') .o_data_cell",
            run: "click",
        },
        {
            content: "Try another limit",
            trigger: ".o_form_view .o_field_widget[name=cut_a] input",
            run: "edit 85",
        },
        {
            content: "See whom it would move, before saving",
            trigger: "button[name=action_preview]",
            run: "click",
        },
        {
            content: "The setting is named, and how many it moves",
            trigger:
                ".modal .o_field_widget[name=setting_ids] .o_data_row:contains('85.0 %')",
        },
        {
            content: "From class to class",
            trigger: ".modal .o_field_widget[name=matrix_html] table:contains('Class')",
        },
        {
            content: "Who would move",
            trigger:
                ".modal .o_field_widget[name=mover_ids] .o_data_row:contains('Caspian')",
        },
        {
            content: "Go on editing: the change is still there, and not saved",
            trigger: ".modal button:contains('Go on Editing')",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=cut_a] input:value(85)",
        },
        {
            trigger:
                ".o_form_status_indicator_buttons:not(.invisible) .o_form_button_save",
        },
        {
            content: "Look again, and apply",
            trigger: "button[name=action_preview]",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_apply_and_run]",
            run: "click",
        },
        {
            content: "The policy is saved",
            trigger: "body:not(:has(.modal)) .o_form_saved",
        },
        {
            trigger: ".o_field_widget[name=cut_a] input:value(85)",
        },
    ],
});

registry.category("web_tour.tours").add("crm_loyalty_whale", {
    url: "/odoo/customer-whale-curve",
    steps: () => [
        {
            content: "The curve is drawn",
            trigger: ".o_crm_loyalty_whale canvas",
        },
        {
            content: "It says what the others cost",
            trigger: ".o_crm_loyalty_whale p:contains('2 of 3 customers earn')",
        },
        {
            content: "See who is large, and a loss",
            trigger: ".o_crm_loyalty_large:contains('1')",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('Hormuz')",
        },
        {
            trigger: ".o_list_view:not(:has(.o_data_row:contains('Zagros')))",
        },
        {
            content: "Open him",
            trigger: ".o_data_row:contains('Hormuz') .o_data_cell[name=partner_id]",
            run: "click",
        },
        {
            trigger: ".o_form_view .nav-link[name=profit]",
            run: "click",
        },
        {
            content: "Read where the profit goes",
            trigger: ".o_field_widget[name=profit_statement] tr:contains('Net profit')",
        },
        {
            content: "And the purchases behind it",
            trigger: ".o-form-buttonbox .o_button_more",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu button[name=action_open_purchases]",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('P')",
        },
    ],
});
