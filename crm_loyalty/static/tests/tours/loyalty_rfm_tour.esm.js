import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("crm_loyalty_rfm", {
    url: "/odoo/customer-rfm",
    steps: () => [
        {
            content: "The map is drawn",
            trigger: ".o_crm_loyalty_heat td button:contains('3')",
        },
        {
            content: "Colour by revenue, by monetary value",
            trigger: "button[data-measure=revenue]",
            run: "click",
        },
        {
            trigger: "button[data-axis=monetary]",
            run: "click",
        },
        {
            content: "Open the cell of the best",
            trigger: ".o_crm_loyalty_heat td[data-cell$='-4'] button:contains('80')",
            run: "click",
        },
        {
            content: "It has the best customer alone",
            trigger: ".o_list_view .o_data_row:contains('Hormuz')",
        },
        {
            trigger: ".o_list_view:not(:has(.o_data_row:contains('Zagros')))",
        },
        {
            content: "Back to the map",
            trigger: ".breadcrumb-item:contains('RFM Heat Map')",
            run: "click",
        },
        {
            content: "Segments have their size",
            trigger: ".o_crm_loyalty_segments tr[data-segment] button",
        },
        {
            content: "Who moved in the last run",
            trigger: ".o_crm_loyalty_movement button:contains('New →')",
        },
    ],
});

registry.category("web_tour.tours").add("crm_loyalty_pareto_country", {
    url: "/odoo/customer-pareto",
    steps: () => [
        {
            content: "Divide by country",
            trigger: "button[data-dimension=country]",
            run: "click",
        },
        {
            content: "Countries are compared",
            trigger: ".o_crm_loyalty_parts tr[data-part='Iran']:contains('95')",
        },
        {
            content: "Draw the curve of one",
            trigger: ".o_crm_loyalty_parts tr[data-part='Iran'] .o_crm_loyalty_choose",
            run: "click",
        },
        {
            trigger: ".o_crm_loyalty_part:contains('Iran')",
        },
        {
            trigger: ".o_crm_loyalty_class[data-class=c]:contains('0 customers')",
        },
        {
            content: "Open its customers",
            trigger: ".o_crm_loyalty_parts tr[data-part='Iran'] .o_crm_loyalty_open",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('Caspian')",
        },
        {
            trigger: ".o_list_view:not(:has(.o_data_row:contains('Zagros')))",
        },
    ],
});
