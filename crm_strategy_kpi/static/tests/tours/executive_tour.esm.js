import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("crm_strategy_kpi_executive", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open the Strategy app",
            trigger:
                ".o_app[data-menu-xmlid='crm_strategy_kpi.crm_strategy_kpi_menu_root']",
            run: "click",
        },
        {
            content: "Open the strategy",
            trigger: ".o_data_cell:contains('Grow profitable service business')",
            run: "click",
        },
        {
            content: "Measure",
            trigger: "button[name='action_measure']",
            run: "click",
        },
        {
            content: "It says that it measured",
            trigger: ".o_notification:contains('1 KPIs measured')",
        },
        {
            content: "Look at the KPIs",
            trigger: ".o_notebook a[name='kpis']",
            run: "click",
        },
        {
            content: "The KPI is on track with its figure",
            trigger: ".o_data_row:contains('1,000.00'):contains('On Track')",
        },
        {
            content: "Drill down to the records",
            trigger: ".o_data_row button[name='action_drill_down']",
            run: "click",
        },
        {
            content: "The journal items behind it, refund included",
            trigger:
                ".o_list_view:has(.o_list_footer:contains('1,200.00'):contains('200.00'))",
        },
        {
            content: "Two of them",
            trigger: ".o_data_row:nth-child(2)",
        },
    ],
});
