import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("crm_lifecycle_change_stage", {
    url: "/odoo/crm-customers",
    steps: () => [
        {
            content: "The board shows every stage, also where nobody is",
            trigger: ".o_kanban_group:contains('Identify')",
        },
        {
            trigger: ".o_kanban_group:contains('Retain')",
        },
        {
            content: "Open the customer",
            trigger: ".o_kanban_record:contains('Tour Waterworks')",
            run: "click",
        },
        {
            content: "The facts are there",
            trigger: ".o_field_widget[name=revenue_total]:contains('1,500')",
        },
        {
            trigger: ".o_field_widget[name=user_id]",
        },
        {
            content: "So is the timeline, with the first stage in it",
            trigger: ".o_crm_timeline_entry[data-kind=stage]",
        },
        {
            content: "Look at the history",
            trigger: ".o_notebook a[name=history]",
            run: "click",
        },
        {
            content: "So is the history",
            trigger: ".o_field_widget[name=history_ids] .o_data_row",
        },
        {
            content: "Change the stage by hand",
            trigger: ".o_statusbar_buttons button:contains('Change Stage')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=stage_id] input",
            run: "edit Retain",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Retain')",
            run: "click",
        },
        {
            content: "A reason is asked for",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Signed the framework agreement",
        },
        {
            trigger: ".modal footer button:contains('Change Stage')",
            run: "click",
        },
        {
            content: "The customer is where we put him",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Retain')",
        },
        {
            content: "Everybody sees why",
            trigger: ".alert:contains('Signed the framework agreement')",
        },
        {
            content: "The history tells it, too",
            trigger: ".o_field_widget[name=history_ids] .o_data_row:contains('Retain')",
        },
    ],
});
