from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmCompetitorPurchase(models.Model):
    """What a customer is known to buy elsewhere: a finding with source and date.

    Three kinds: one purchase (they add up within the window), what he buys there in a
    year (the latest finding counts), or only which rank we have among his suppliers.
    """

    _name = "crm.competitor.purchase"
    _description = "Purchase at a Competitor"
    _order = "date desc, id desc"
    _rec_name = "customer_id"

    customer_id = fields.Many2one(
        "crm.customer", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="customer_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    basis = fields.Selection(
        [
            ("purchase", "One purchase"),
            ("year", "What he buys there in a year"),
            ("rank", "Our rank among his suppliers"),
        ],
        "What is known",
        required=True,
        default="year",
    )
    competitor_id = fields.Many2one("crm.competitor", index=True, ondelete="restrict")
    date = fields.Date(
        "Known on", required=True, default=fields.Date.context_today, index=True
    )
    amount = fields.Monetary(help="Without tax, in the currency of the company.")
    own_rank = fields.Integer(
        "Our Rank", help="1: he buys most from us. 2: one supplier comes before us."
    )
    supplier_count = fields.Integer(
        "Suppliers", help="How many suppliers he uses for such things, we included."
    )
    source = fields.Selection(
        [
            ("customer", "The customer said so"),
            ("survey", "Survey"),
            ("tender", "Result of a tender"),
            ("visit", "Seen on a visit"),
            ("market", "Market report"),
            ("estimate", "Our own estimate"),
        ],
        required=True,
        default="customer",
    )
    user_id = fields.Many2one(
        "res.users", "Found by", default=lambda self: self.env.user
    )
    note = fields.Text()

    _amount_positive = models.Constraint(
        "CHECK (basis = 'rank' OR amount > 0)", "An amount is a number above 0."
    )
    _rank_within = models.Constraint(
        "CHECK (basis != 'rank' OR (own_rank >= 1 AND own_rank <= supplier_count))",
        "Our rank is 1 for the first choice, up to the number of suppliers.",
    )

    @api.constrains("basis", "competitor_id")
    def _check_competitor(self):
        for finding in self:
            if finding.basis != "rank" and not finding.competitor_id:
                raise ValidationError(
                    self.env._("Say from which competitor the customer buys.")
                )

    @api.constrains("date")
    def _check_date(self):
        for finding in self:
            if finding.date > fields.Date.context_today(finding):
                raise ValidationError(
                    self.env._("What is known of a customer is not of the future.")
                )

    @api.constrains("competitor_id", "customer_id")
    def _check_company(self):
        for finding in self:
            company = finding.competitor_id.company_id
            if company and company != finding.company_id:
                raise ValidationError(
                    self.env._(
                        "%(competitor)s is a competitor of another company.",
                        competitor=finding.competitor_id.name,
                    )
                )
