import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("crm_lifecycle_contact", {
    url: "/odoo/crm-customers",
    steps: () => [
        {
            content: "Look for the customer",
            trigger: ".o_searchview_input",
            run: "edit Tour Waterworks",
        },
        {
            trigger: ".o_searchview_autocomplete .o-dropdown-item:contains('Customer')",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains('Tour Waterworks')",
            run: "click",
        },
        {
            content: "The details are a click away",
            trigger: ".o_notebook .nav-link[name=details]",
            run: "click",
        },
        {
            content: "The preferred channel and its origin are shown",
            trigger: ".o_field_widget[name=contact_channel_id]:contains('Phone')",
        },
        {
            trigger:
                ".o_field_widget[name=contact_channel_origin]:contains('inferred')",
        },
        {
            content: "One click",
            trigger: ".o_statusbar_buttons button[name=action_contact]",
            run: "click",
        },
        {
            content: "The number is there to dial",
            trigger: ".modal .o_field_widget[name=phone] a[href^='tel:']",
        },
        {
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit Agreed on the second line",
        },
        {
            trigger: ".modal .o_field_widget[name=duration] input",
            run: "edit 6",
        },
        {
            trigger: ".modal footer button[name=action_log]",
            run: "click",
        },
        {
            content: "It was noted down",
            trigger:
                "body:not(:has(.modal)) button[name=action_view_interactions]:contains('2')",
        },
        {
            content: "Another channel, this time",
            trigger: ".o_statusbar_buttons button[name=action_contact_choose]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=channel_id] input",
            run: "edit SMS",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('SMS')",
            run: "click",
        },
        {
            content: "The contact refused it",
            trigger: ".modal .alert-danger:contains('SMS')",
        },
        {
            content: "There is no button for it",
            trigger: ".modal footer:not(:has(button[name=action_contact]:visible))",
        },
        {
            trigger: ".modal .o_field_widget[name=channel_id] input",
            run: "edit E-Mail",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('E-Mail')",
            run: "click",
        },
        {
            trigger: ".modal footer button[name=action_contact]",
            run: "click",
        },
        {
            content: "The composer writes to the person",
            trigger: ".modal .o_field_widget[name=partner_ids]:contains('Tour Reza')",
        },
        {
            trigger: ".modal .o_field_widget[name=subject] input",
            run: "edit The offer",
        },
        {
            trigger: ".modal footer button[name=action_send_mail]",
            run: "click",
        },
        {
            content: "It was sent",
            trigger: "body:not(:has(.modal)) .o_form_view",
        },
    ],
});

registry.category("web_tour.tours").add("crm_lifecycle_touchpoints", {
    url: "/odoo/crm-touchpoint-map",
    steps: () => [
        {
            content: "Where nobody waits is marked",
            trigger:
                "tr:contains('Phone') td.o_touchpoint_gap button[aria-label*='Retain']",
            run: "click",
        },
        {
            content: "Channel and stage are filled in",
            trigger: ".modal .o_field_widget[name=stage_ids]:contains('Retain')",
        },
        {
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit Tour hotline",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "Somebody waits there now",
            trigger: "tr:contains('Phone') .o_touchpoint:contains('Tour hotline')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=name] input:value('Tour hotline')",
        },
        {
            trigger: ".modal .btn-close",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});
