from odoo import api, models

# model, field, event, channel, form, collector, target
PLAN = [
    ("res.partner", "phone", "first_contact", "phone", "screen", "nika", 95.0),
    ("res.partner", "email", "first_contact", "mail", "web", "nika", 95.0),
    ("res.partner", "industry_id", "visit", "visit", "screen", "omid", 80.0),
    ("res.partner", "vat", "order", "mail", "paper", "sara", 100.0),
    ("res.partner", "website", "first_contact", "web", "screen", "omid", 50.0),
    ("crm.customer", "preferred_channel_id", "visit", "phone", "screen", "omid", 70.0),
    ("crm.customer", "note", "visit", "visit", "screen", "omid", 60.0),
]
PURPOSES = {
    "phone": "To call back, and to warn of a delay before the customer asks.",
    "email": "Quotations, invoices and news go there.",
    "industry_id": "Which pumps fit; whom to invite to which fair.",
    "vat": "Invoices need it by law.",
    "website": "What else the customer makes.",
    "preferred_channel_id": "To reach the customer the way that is liked.",
    "note": "What colleagues should know before they call.",
}
# customer, class, days ago, in short
NOTES = [
    (0, "financial", 40, "Pays thirty days late since spring"),
    (0, "competitors", 95, "Buys dosing pumps at a competitor, 8 % below our price"),
    (1, "life", 20, "The plant manager became a father"),
    (1, "people", 60, "Wants figures first; no small talk before the offer"),
    (2, "financial", 150, "The bank raised the credit line"),
]


class CrmLifecycleDemo(models.AbstractModel):
    _name = "crm.lifecycle.demo"
    _inherit = ["crm.lifecycle.demo"]

    @api.model
    def _load_information(self):
        """Collection plan, sources and sensitive notes of the demo company."""
        company = self.env.ref("crm_lifecycle.demo_company")
        Item = self.env["crm.collection.item"]
        if Item.search_count([("company_id", "=", company.id)]):
            return
        self.env["crm.data.source"].create(
            {
                "name": "Former CRM",
                "code": "old_crm",
                "system": "Spreadsheets until 2023",
                "user_id": self._ref("user", "sara").id,
                "legal_basis": "contract",
                "company_id": company.id,
            }
        )
        Item.create([self._prepare_item_values(company, *row) for row in PLAN])
        customers = self.env["crm.customer"].search(
            [("company_id", "=", company.id), ("order_count", ">", 0)],
            order="revenue_total desc",
            limit=3,
        )
        self.env["crm.customer.info"].create(
            [
                {
                    "customer_id": customers[number].id,
                    "class_id": self.env.ref(f"crm_lifecycle.crm_info_class_{code}").id,
                    "date": self._day(days),
                    "name": text,
                    "user_id": self._ref("user", "omid").id,
                }
                for number, code, days, text in NOTES
                if number < len(customers)
            ]
        )
        self.env["crm.retention.policy"].create({"company_id": company.id})

    def _prepare_item_values(
        self, company, model, name, event, channel, form, who, target
    ):
        return {
            "company_id": company.id,
            "field_id": self.env["ir.model.fields"]._get(model, name).id,
            "event": event,
            "channel_id": self.env.ref(f"crm_lifecycle.crm_channel_{channel}").id,
            "form": form,
            "collector_id": self._ref("user", who).id,
            "purpose": PURPOSES[name],
            "target_rate": target,
        }
