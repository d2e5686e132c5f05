from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL, format_amount, format_date
from odoo.tools.misc import formatLang

CHURN_BANDS = [("low", "Low"), ("medium", "Medium"), ("high", "High")]
VALUE_METHODS = [
    ("purchases", "From his purchases"),
    ("contract", "From contract renewals"),
]
VALUE_COLUMNS = (
    "p_alive",
    "expected_purchases",
    "clv",
    "churn_risk",
    "churn_band",
    "value_method",
)
HIGH_SHARE = 0.2
WARNING_COLUMNS = ("churn_warned_band", "churn_warned_purchase")


class CrmCustomer(models.Model):
    """What a customer is likely to do, and what that is worth."""

    _name = "crm.customer"
    _inherit = ["crm.customer", "crm.customer.warning"]

    p_alive = fields.Float(
        "Still a Customer",
        digits=(5, 4),
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Probability that the customer has not stopped buying for good. Under "
        "contract: that he stays for another year.",
    )
    expected_purchases = fields.Float(
        digits=(16, 4),
        readonly=True,
        copy=False,
        help="Purchases to expect within the horizon of the loyalty policy.",
    )
    clv = fields.Monetary(
        "Lifetime Value",
        readonly=True,
        copy=False,
        help="What the purchases expected within the horizon are worth today: at the "
        "margin of the loyalty policy, and later money discounted.",
    )
    churn_risk = fields.Float(
        digits=(5, 4),
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Probability that the customer buys nothing within the horizon. Under "
        "contract: that he leaves within it.",
    )
    churn_band = fields.Selection(
        CHURN_BANDS,
        "Risk",
        readonly=True,
        copy=False,
        index=True,
        help="The churn risk, cut at the limits of the loyalty policy.",
    )
    value_method = fields.Selection(
        VALUE_METHODS,
        "Estimated",
        readonly=True,
        copy=False,
        help="Customers under contract are estimated from how many of them stay, all "
        "others from when and how often they buy. Empty: not estimated.",
    )
    is_high_value = fields.Boolean(
        "High Lifetime Value",
        compute="_compute_is_high_value",
        search="_search_is_high_value",
        help="One of the fifth of the company's customers with the highest lifetime "
        "value.",
    )
    value_explanation = fields.Text(
        "In Words",
        compute="_compute_value_explanation",
        help="What the figures say, and what they rest on.",
    )
    churn_warned_band = fields.Selection(CHURN_BANDS, readonly=True, copy=False)
    churn_warned_purchase = fields.Date(readonly=True, copy=False)

    @api.depends(*VALUE_COLUMNS, "purchase_count", "last_purchase_date")
    @api.depends_context("lang")
    def _compute_value_explanation(self):
        horizons = self._get_horizons()
        for customer in self:
            customer.value_explanation = customer._explain_value(
                horizons.get(customer.company_id.id)
            )

    @api.depends("clv")
    def _compute_is_high_value(self):
        high = self.with_context(active_test=False).search(
            [("id", "in", self.ids), ("is_high_value", "=", True)]
        )
        for customer in self:
            customer.is_high_value = customer in high

    @api.model
    def _search_is_high_value(self, operator, value):
        if operator != "in":
            return NotImplemented
        inside = Domain("id", "in", self._query_high_values())
        found = Domain.FALSE
        if True in value:
            found |= inside
        if False in value:
            found |= ~inside
        return found

    @api.model
    def _query_high_values(self):
        """SQL of the ids of the best fifth of each company."""
        return SQL(
            """
            (SELECT id FROM (
                SELECT id, clv, PERCENT_RANK() OVER (
                           PARTITION BY company_id ORDER BY clv DESC) AS rank
                  FROM crm_customer WHERE clv > 0) valued
              WHERE rank < %s)
            """,
            HIGH_SHARE,
        )

    @api.model
    def _check_facts_untouched(self, vals):
        result = super()._check_facts_untouched(vals)
        typed = vals.keys() & {*VALUE_COLUMNS, *WARNING_COLUMNS}
        if typed and not self.env.su:
            raise AccessError(
                self.env._("Future values come from the loyalty policy alone.")
            )
        return result

    @api.model
    def _write_fact_changes(self, first, last):
        changed = super()._write_fact_changes(first, last)
        changed.sudo()._close_churn_warnings()  # those of colleagues too
        return changed

    def _get_horizons(self):
        """The horizon in words, such as "12 months", by id of the company."""
        # sudo: a number that the user sees at work anyway, whatever his rights
        policies = self.env["crm.loyalty.policy"].sudo()
        found = policies.search([("company_id", "in", self.company_id.ids)])
        return {policy.company_id.id: policy._describe_horizon() for policy in found}

    def _explain_value(self, horizon):
        """One sentence or two for people who know nothing of statistics."""
        self.ensure_one()
        if not self.value_method or not horizon:
            return False
        figures = {
            "alive": self._format_share(self.p_alive),
            "risk": self._format_share(self.churn_risk),
            "expected": formatLang(self.env, self.expected_purchases, digits=1),
            "horizon": horizon,
            "value": format_amount(self.env, self.clv, self.currency_id),
            "count": self.purchase_count,
            "last": format_date(self.env, self.last_purchase_date),
        }
        if self.value_method == "contract":
            past = self.env._(
                "Under contract, and %(alive)s of such customers stay for another "
                "year. Gaps between purchases say nothing here.",
                **figures,
            )
        else:
            past = self.env._(
                "%(count)s purchases so far, the last one on %(last)s. Still a "
                "customer with a probability of %(alive)s; the risk that nothing comes "
                "within %(horizon)s is %(risk)s.",
                **figures,
            )
        if not self.clv:
            future = self.env._(
                "About %(expected)s purchases are to be expected within %(horizon)s.",
                **figures,
            )
        else:
            future = self.env._(
                "About %(expected)s purchases are to be expected within %(horizon)s, "
                "worth %(value)s today.",
                **figures,
            )
        return f"{past} {future}"

    def _format_share(self, share):
        return f"{formatLang(self.env, 100 * share, digits=0)} %"
