import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("crm_service_contract_employee", {
    url: "/odoo/service-contracts",
    steps: () => [
        {
            content: "Start a new contract",
            trigger: ".o_list_button_add, .o-kanban-button-new",
            run: "click",
        },
        {
            content: "Give it a title",
            trigger: ".o_field_widget[name=name] input",
            run: "edit Tour care",
        },
        {
            content: "Choose the customer",
            trigger: ".o_field_widget[name=partner_id] input",
            run: "edit Tour Customer",
        },
        {
            trigger: ".ui-menu-item > a:contains('Tour Customer')",
            run: "click",
        },
        {
            content: "Add a line",
            trigger: ".o_field_widget[name=line_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=line_ids] .o_field_widget[name=product_id] input",
            run: "edit Tour visit",
        },
        {
            trigger: ".ui-menu-item > a:contains('Tour visit')",
            run: "click",
        },
        {
            content: "Two visits a month",
            trigger:
                ".o_field_widget[name=line_ids] .o_field_widget[name=quantity] input",
            run: "edit 2",
        },
        ...stepUtils.saveForm(),
        {
            content: "The line got the price of the product",
            trigger: ".o_field_widget[name=amount_monthly]:contains('840')",
        },
        {
            content: "Confirm",
            trigger: "button[name=action_confirm]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Running')",
        },
        {
            content: "Bill what is due",
            trigger: "button[name=action_bill]",
            run: "click",
        },
        {
            content: "The draft invoice opens",
            trigger: ".o_form_view .o_field_widget[name=invoice_line_ids]",
        },
        {
            content: "Go back to the contract",
            trigger: ".o_back_button, .breadcrumb-item.o_back_button a",
            run: "click",
        },
        {
            trigger: "button[name=action_view_moves] .o_stat_value:contains('1')",
        },
        {
            content: "Press again",
            trigger: "button[name=action_bill]",
            run: "click",
        },
        {
            trigger: ".o_notification:contains('Everything due is billed')",
        },
        {
            content: "There is still one invoice",
            trigger: "button[name=action_view_moves] .o_stat_value:contains('1')",
        },
        {
            content: "The ledger shows the period",
            trigger: "a[name=periods]",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=period_ids] .o_data_row:contains('Tour visit')",
        },
    ],
});

registry.category("web_tour.tours").add("crm_service_contract_customer", {
    url: "/my",
    steps: () => [
        {
            content: "Find the contracts on the home page",
            trigger:
                "a[href='/my/service-contracts']:contains('Your Service Contracts')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Open the contract",
            trigger: ".o_service_card:contains('Full care for two pumps')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Read what was agreed",
            trigger: "#terms:contains('Response within four hours')",
        },
        {
            trigger: "#lines .o_service_line:contains('Both pump halls')",
        },
        {
            trigger: "#periods .o_service_period:contains('Maintenance visit')",
        },
        {
            content: "Open the invoice",
            trigger: "#invoices .o_service_invoice a:contains('View and pay')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_portal_invoice_sidebar",
        },
    ],
});
