import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("crm_lifecycle_try_rule", {
    url: "/odoo/crm-lifecycle-rules",
    steps: () => [
        {
            content: "A new rule",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "starts switched off",
            trigger: ".alert:contains('moves nobody')",
        },
        {
            trigger: ".o_field_widget[name=name] input",
            run: "edit Half a year without an order",
        },
        {
            content: "It waits for silence",
            trigger: ".o_field_widget[name=kind] label:contains('Silence')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=event] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains('Order')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=days] input",
            run: "edit 180",
        },
        {
            trigger: ".o_field_widget[name=stage_id] input",
            run: "edit Lost",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Lost')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=sequence] input",
            run: "edit 1",
        },
        {
            content: "See whom it would move",
            trigger: "button[name=action_try]",
            run: "click",
        },
        {
            content: "It names them, and nobody has moved",
            trigger: ".modal .o_field_widget[name=customer_ids]:contains('Tour Mill')",
        },
        {
            content: "Switch it on",
            trigger: ".modal footer button[name=action_switch_on]",
            run: "click",
        },
        {
            content: "The rule is on",
            trigger: "button[name=action_switch_off]",
        },
    ],
});
