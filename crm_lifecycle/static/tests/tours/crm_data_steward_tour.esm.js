import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("crm_lifecycle_data_steward", {
    url: "/odoo/crm-data-review",
    steps: () => [
        {
            content: "Old and incomplete data are listed with what is missing",
            trigger:
                ".o_data_row:contains('Tour Mill') td[name=quality_missing]:contains('Email')",
        },
        {
            content: "Correct the mail address right in the list",
            trigger: ".o_data_row:contains('Tour Mill') td[name=email]",
            run: "click",
        },
        {
            trigger: ".o_selected_row td[name=email] input",
            run: "edit info@mill.example",
        },
        {
            trigger: ".o_list_button_save:visible",
            run: "click",
        },
        {
            content: "Confirm that the rest is right",
            trigger:
                ".o_data_row:contains('info@mill.example') button[name=action_confirm_data]",
            run: "click",
        },
        {
            content: "The customer leaves the list",
            trigger: ".o_list_view:not(:has(.o_data_row:contains('Tour Mill')))",
        },
        {
            content: "Go on to the duplicates",
            trigger:
                "button[data-menu-xmlid='crm_lifecycle.crm_lifecycle_menu_customers']",
            run: "click",
        },
        {
            trigger: "a[data-menu-xmlid='crm_lifecycle.crm_duplicate_menu']",
            run: "click",
        },
        {
            content: "Look for them now",
            trigger: "button[name=action_search]",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Tour Twin')",
        },
        {
            content: "Two branches of the same name are different",
            trigger: ".o_data_row:contains('Tour Twin') button[name=action_ignore]",
            run: "click",
        },
        {
            trigger: ".o_list_view:not(:has(.o_data_row:contains('Tour Twin')))",
        },
        {
            content: "Compare the others side by side",
            trigger: ".o_data_row:contains('Tour Double') td[name=evidence]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=comparison] td:contains('Yazd')",
        },
        {
            trigger: ".o_statusbar_buttons button[name=action_merge]",
            run: "click",
        },
        {
            content: "Odoo's own merge opens with both",
            trigger:
                ".modal .o_field_widget[name=partner_ids] .o_data_row:nth-child(2)",
        },
        {
            trigger: ".modal footer button[name=action_merge]",
            run: "click",
        },
        {
            trigger: ".modal h2:contains('no more contacts')",
        },
        {
            trigger: ".modal footer button:contains('Close')",
            run: "click",
        },
        {
            content: "The offer is closed",
            trigger: ".o_arrow_button_current:contains('Merged')",
        },
    ],
});
