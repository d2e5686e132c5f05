from odoo import api, models

PRODUCTS = (
    "ap40",
    "ap80",
    "dosing",
    "seal_kit",
    "impeller",
    "install",
    "maintenance",
    "monitoring",
)
RATES = {
    "cost_hour": 95,
    "cost_visit": 140,
    "cost_complaint": 180,
    "cost_delivery": 60,
    "financing_rate": 0.12,
    "value_margin": 0.4,
}
# (customer, days ago, hours, summary): what makes a good customer a dear one
EFFORTS = (
    ("zagros", 700, 40, "Start-up of the new line: two engineers on site"),
    ("zagros", 672, 40, "Start-up of the new line: a second week"),
    ("zagros", 640, 36, "Pressure drops at night: measured on site"),
    ("zagros", 590, 40, "Pressure drops at night: pipes laid anew"),
    ("zagros", 548, 32, "Operators trained on site"),
    ("zagros", 455, 40, "Line stopped: impellers changed, cause looked for"),
    ("zagros", 411, 36, "Line stopped again: supplier of the drive brought along"),
    ("zagros", 300, 40, "Acceptance test repeated at the customer's wish"),
    ("zagros", 221, 32, "Operators trained once more"),
    ("zagros", 133, 40, "Line moved to the other hall: start-up"),
    ("saman", 380, 16, "Leak at the cooling line looked for"),
    ("saman", 352, 14, "Leak at the cooling line: it was the neighbour's pump"),
    ("yazd", 410, 24, "Survey of the kiln for an offer that came to nothing"),
)


class CrmLifecycleDemo(models.AbstractModel):
    """What the goods of the demo company cost, and its trouble with a customer."""

    _inherit = "crm.lifecycle.demo"

    @api.model
    def _load_profit(self):
        company = self.env.ref("crm_lifecycle.demo_company")
        demo = self.with_company(company)
        demo._load_product_costs()
        demo._load_efforts()
        Policy = self.env["crm.loyalty.policy"]
        Policy._create_missing().filtered(
            lambda policy: policy.company_id == company
        ).write(RATES)

    def _load_product_costs(self):
        """The costs of the main company hold in the demo company, too."""
        main = self.env.ref("base.main_company")
        for key in PRODUCTS:
            product = self._ref("product", key)
            product.standard_price = product.with_company(main).standard_price

    def _load_efforts(self):
        visit = self.env.ref("crm_lifecycle.crm_channel_visit")
        Interaction = self.env["crm.interaction"]
        if Interaction.search_count([("name", "=", EFFORTS[0][3])], limit=1):
            return
        Interaction.create(
            [
                {
                    "name": summary,
                    "partner_id": (partner.child_ids[:1] or partner).id,
                    "company_id": self.env.company.id,
                    "channel_id": visit.id,
                    "direction": "out",
                    "user_id": self._ref("user", "omid").id,
                    "date": self._moment(days, 8),
                    "duration": 60 * hours,
                }
                for key, days, hours, summary in EFFORTS
                for partner in [self._ref("partner", key)]
            ]
        )
