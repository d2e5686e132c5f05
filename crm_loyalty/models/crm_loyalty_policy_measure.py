from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..lib import cuts
from .scoring import FixedCuts

MEASURES = [
    ("revenue", "Revenue"),
    ("margin", "Margin"),
    ("profit", "Net Profit"),
]
CUT_FIELDS = ("recency_cuts", "frequency_cuts", "monetary_cuts")


class CrmLoyaltyPolicy(models.Model):
    """By what customers are ranked, and where the limits of the scores are."""

    _inherit = "crm.loyalty.policy"

    measure = fields.Selection(
        MEASURES,
        "Rank By",
        default="revenue",
        required=True,
        help="What makes a customer a good one, for the classes and for the monetary "
        "score. Margin: revenue less the cost of the goods. Net profit: what is left "
        "of the margin when serving the customer is paid, too. Losses count as "
        "nothing: they never disturb the shares of the others.",
    )
    rfm_method = fields.Selection(
        [
            ("distribution", "By comparison with all others"),
            ("fixed", "By fixed limits"),
        ],
        "Scores",
        default="distribution",
        required=True,
        help="By comparison: the highest score means that at most one customer in so "
        "many does as well. By fixed limits: a score means the same year after year. "
        "Equal customers always get equal scores.",
    )
    recency_cuts = fields.Char(
        "Days Since Last Purchase",
        default="30, 90, 180, 365",
        help="Rising, one number less than there are scores. Up to the first number of "
        "days the recency is best, beyond the last one it is 1.",
    )
    frequency_cuts = fields.Char(
        "Number of Purchases",
        default="2, 4, 7, 12",
        help="Rising, one number less than there are scores. Who has not made the "
        "first number of purchases scores 1, from the last one on the frequency is "
        "best.",
    )
    monetary_cuts = fields.Char(
        "Amount",
        default="1000, 5000, 20000, 100000",
        help="Rising, one number less than there are scores, in company currency: of "
        "what customers are ranked by.",
    )

    @api.constrains("rfm_method", "rfm_bins", *CUT_FIELDS)
    def _check_cuts(self):
        for policy in self.filtered(lambda one: one.rfm_method == "fixed"):
            for name in CUT_FIELDS:
                policy._check_cut_field(name)

    def _check_cut_field(self, name):
        label = self._fields[name]._description_string(self.env)
        try:
            found = cuts.parse(self[name])
        except ValueError as error:
            raise ValidationError(
                self.env._(
                    "%(field)s: “%(part)s” is no number, or not above the one before "
                    "it.",
                    field=label,
                    part=error,
                )
            ) from None
        if len(found) != self.rfm_bins - 1:
            raise ValidationError(
                self.env._(
                    "%(field)s: %(scores)s scores have %(wanted)s limits between them, "
                    "not %(found)s.",
                    field=label,
                    scores=self.rfm_bins,
                    wanted=self.rfm_bins - 1,
                    found=len(found),
                )
            )

    def _get_fixed_cuts(self, as_of):
        if self.rfm_method != "fixed":
            return super()._get_fixed_cuts(as_of)
        return FixedCuts(as_of, *(cuts.parse(self[name]) for name in CUT_FIELDS))

    def _get_facts_query(self, as_of):
        """The same rows, `revenue` being what the policy ranks by.

        Margin and profit stand ready in the table of `_measure_profit`.
        """
        facts = super()._get_facts_query(as_of)
        if self.measure == "revenue":
            return facts
        return SQL(
            """
            SELECT fact.id, fact.last_date, fact.purchases,
                   COALESCE(profit.%s, 0) AS revenue
              FROM (%s) fact
         LEFT JOIN crm_loyalty_profit profit ON profit.id = fact.id
            """,
            SQL.identifier(
                {"margin": "profit_margin", "profit": "net_profit"}[self.measure]
            ),
            facts,
        )

    def _get_margin_share(self):
        """The assumed margin as an exact number."""
        return Decimal(str(self.value_margin))
