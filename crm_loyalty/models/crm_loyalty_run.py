from odoo import fields, models


class CrmLoyaltyRun(models.Model):
    """One rating of a company's customers: who started it, when, and what it gave."""

    _name = "crm.loyalty.run"
    _description = "Loyalty Run"
    _order = "date desc, id desc"
    _rec_name = "date"

    policy_id = fields.Many2one(
        "crm.loyalty.policy", required=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Datetime("Started", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "By", readonly=True)
    date_as_of = fields.Date("As Of", required=True, readonly=True)
    duration = fields.Float("Duration (s)", digits=(16, 2), readonly=True)
    customer_count = fields.Integer("Customers Rated", readonly=True)
    changed_count = fields.Integer(
        "Customers Changed",
        readonly=True,
        help="Customers of whom any figure changed, not only the class.",
    )
    moved_count = fields.Integer(
        "Class Changes", readonly=True, help="Customers whose class or segment changed."
    )
    revenue = fields.Monetary(readonly=True)
    count_a = fields.Integer("A Customers", readonly=True)
    count_b = fields.Integer("B Customers", readonly=True)
    count_c = fields.Integer("C Customers", readonly=True)
    revenue_a = fields.Monetary("A Revenue", readonly=True)
    revenue_b = fields.Monetary("B Revenue", readonly=True)
    revenue_c = fields.Monetary("C Revenue", readonly=True)
    top_share = fields.Float(
        "Share of the Best Fifth",
        digits=(7, 6),
        readonly=True,
        help="Share of the revenue that the best fifth of the customers make.",
    )
    gini = fields.Float(
        digits=(7, 6),
        readonly=True,
        help="0: all customers are equal; towards 1: one customer is everything.",
    )
    history_ids = fields.One2many("crm.loyalty.history", "run_id", "Changes")

    def _get_notification(self):
        """Client action that says what these runs did."""
        message = self.env._(
            "%(customers)s customers rated in %(seconds)s s; "
            "%(moved)s of them changed class or segment.",
            customers=sum(self.mapped("customer_count")),
            seconds=round(sum(self.mapped("duration")), 1),
            moved=sum(self.mapped("moved_count")),
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
