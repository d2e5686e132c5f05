{
    "name": "Service Contracts",
    "summary": "Contracts billed to the day, once, and open to the customer",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Peyvand",
    "license": "LGPL-3",
    "application": True,
    "depends": ["crm_lifecycle", "sale_mrp", "sale_stock", "portal", "rating"],
    "data": [
        "security/crm_service_contract_groups.xml",
        "security/ir.model.access.csv",
        "security/crm_service_contract_rules.xml",
        "data/ir_sequence_data.xml",
        "data/ir_cron_data.xml",
        "wizards/service_contract_terminate_views.xml",
        "views/service_contract_line_views.xml",
        "views/service_contract_period_views.xml",
        "views/service_contract_views.xml",
        "views/service_contract_menus.xml",
        "views/account_move_views.xml",
        "views/crm_customer_views.xml",
        "views/res_partner_views.xml",
        "views/portal_templates.xml",
    ],
    "demo": [
        "demo/crm_service_contract_demo.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "crm_service_contract/static/src/scss/portal.scss",
        ],
        "web.assets_tests": [
            "crm_service_contract/static/tests/tours/*.esm.js",
        ],
    },
}
