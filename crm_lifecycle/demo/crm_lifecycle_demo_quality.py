from datetime import timedelta

from odoo import api, fields, models

GROUPS = (
    ("Pars Utilities Holding", None, ("hormuz", "caspian")),
    ("Zagros Food Group", None, ("zagros",)),
)
TWINS = (
    {
        "name": "HORMUZ DESALINATION Co.",
        "is_company": True,
        "phone": "۰۷۶ ۳۳۵۵ ۱۰۴۰",
        "city": "Bandar Abbas",
    },
    {
        "name": "Zagros Dairy Ltd.",
        "is_company": True,
        "email": "Info+orders@zagros.example.com",
        "city": "Kermanshah",
    },
    {"name": "Caspian Water Utility", "is_company": True, "city": "Rasht"},
    {"name": "شرکت آب‌رسانی البرز (سهامی خاص)", "is_company": True, "city": "کرج"},
    {"name": "آبرساني البرز", "is_company": True, "city": "کرج"},
)
"""Contacts that somebody entered once more."""


class CrmLifecycleDemo(models.AbstractModel):
    """Corporate groups, old and doubled contact data of the demo company."""

    _inherit = "crm.lifecycle.demo"

    @api.model
    def _load_quality(self):
        company = self.env.ref("crm_lifecycle.demo_company")
        self = self.with_company(company).with_context(
            allowed_company_ids=company.ids, tracking_disable=True, lang="en_US"
        )
        Group = self.env["crm.customer.group"]
        if Group.search_count([("company_id", "=", company.id)]):
            return
        customers = self._get_customers()
        for name, parent, members in GROUPS:
            group = Group.create(
                {"name": name, "parent_id": parent, "company_id": company.id}
            )
            for key in members:
                customers[self._ref("partner", key)].group_id = group
        self.env["res.partner"].create([dict(values) for values in TWINS])
        self._let_data_age(list(customers))
        self.env["crm.customer"]._refresh_all()
        self.env["crm.customer"]._plan_reviews()
        self.env["crm.duplicate"]._refresh()
        self._load_quality_history()

    @api.model
    def _load_quality_history(self):
        """Let the data have been poorer: every week before, a little more so."""
        Snapshot = self.env["crm.quality.snapshot"]
        Snapshot._take()
        today = fields.Date.today()
        values = []
        for row in Snapshot.search([("date", "=", today)]):
            for week in range(1, 27):
                loss = 1 - 0.012 * week - 0.01 * ((week + row.id) % 3)
                values.append(
                    {
                        "date": today - timedelta(weeks=week),
                        "company_id": row.company_id.id,
                        "user_id": row.user_id.id,
                        "customer_count": max(row.customer_count - week // 9, 1),
                        "review_count": row.review_count + week // 8,
                        "quality_score": row.quality_score * loss,
                        "completeness_score": row.completeness_score * loss,
                        "freshness_score": row.freshness_score * loss,
                    }
                )
        Snapshot.create(values)

    @api.model
    def _let_data_age(self, partners):
        """Every other contact was entered long ago, and nobody has looked since."""
        old = self.env["res.partner"].browse([partner.id for partner in partners[::2]])
        now = fields.Datetime.now()
        moments = [now - timedelta(days=300 + 45 * place) for place in range(len(old))]
        self._backdate(old, moments, "create_date", "crm_data_date")
