from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..lib.loyalty_type import Thresholds
from .loyalty_types import TYPE_COLUMNS, typed, wallets
from .purchases import purchase_facts


class CrmLoyaltyPolicy(models.Model):
    """Where the lines between the four loyalty types are, and who stands where.

    A part of the run: one statement finds everybody's type, one writes what differs.
    """

    _inherit = "crm.loyalty.policy"

    type_alive = fields.Float(
        "Still Buys From",
        digits=(4, 3),
        default=0.5,
        required=True,
        help="A customer buys faithfully as long as the probability that he is still a "
        "customer is not below this.",
    )
    type_rhythm = fields.Float(
        "Silent Beyond",
        digits=(6, 2),
        default=2.0,
        required=True,
        help="Where no such probability is known: he buys faithfully until his silence "
        "is longer than this many of his usual gaps between two purchases.",
    )
    type_wallet = fields.Float(
        "Share of Wallet From",
        digits=(4, 3),
        default=0.5,
        required=True,
        help="Where competitors are known: he buys faithfully as long as we get at "
        "least this share of what he spends on such things.",
    )
    type_attitude = fields.Float(
        "Favourable From",
        digits=(4, 2),
        default=7.0,
        required=True,
        help="On a scale from 0 to 10: the mean of satisfaction and recommendation "
        "from which on he thinks well of us.",
    )
    type_competitor = fields.Float(
        "Belongs to a Competitor From",
        digits=(4, 3),
        default=0.5,
        required=True,
        help="Who neither buys faithfully nor thinks well of us is loyal to a "
        "competitor who gets at least this share.",
    )
    attitude_months = fields.Integer(
        "Answers Hold (Months)",
        default=24,
        required=True,
        help="Older answers are not counted: the attitude is unknown again.",
    )
    wallet_months = fields.Integer(
        "Findings Hold (Months)",
        default=12,
        required=True,
        help="What is known of purchases at competitors counts for so many months, and "
        "is compared with what the customer bought from us in the same time.",
    )

    _type_thresholds = models.Constraint(
        "CHECK (type_alive > 0 AND type_alive <= 1 AND type_rhythm > 0"
        " AND type_wallet > 0 AND type_wallet <= 1"
        " AND type_attitude > 0 AND type_attitude <= 10"
        " AND type_competitor > 0 AND type_competitor <= 1)",
        "Limits of loyalty types: shares and probabilities above 0 up to 1, the "
        "attitude above 0 up to 10.",
    )

    @api.constrains("attitude_months", "wallet_months")
    def _check_months(self):
        for policy in self:
            if policy.attitude_months < 1 or policy.wallet_months < 1:
                raise ValidationError(
                    self.env._("Answers and findings hold for one month at least.")
                )

    def _run(self):
        run = super()._run()
        # grants are the engine's; nobody writes them by hand
        self.env["crm.loyalty.grant"].sudo()._settle(self.company_id)
        return run

    def _get_type_thresholds(self):
        return Thresholds(
            self.type_alive,
            self.type_rhythm,
            self.type_wallet,
            self.type_attitude,
            self.type_competitor,
        )

    def _rate_types(self, as_of):
        """Write the loyalty types of the company's customers that differ.

        :return: the number of customers written, and the ids of those whose type
            changed
        """
        self.ensure_one()
        self.env.flush_all()
        rows = self._write_differing(
            TYPE_COLUMNS,
            SQL("(%s)", self._query_types(as_of)),
            SQL("customer.loyalty_type IS DISTINCT FROM target.loyalty_type"),
            clear=False,
        )
        return len(rows), [row[0] for row in rows if row[1]]

    def _query_types(self, as_of):
        """SQL of `typed` by the lines of this policy."""
        own = purchase_facts(
            self._get_wallet_scope(),
            fields.Date.subtract(as_of, months=self.wallet_months),
            as_of,
        )
        findings = wallets(own, self.company_id.id, as_of, self.wallet_months)
        return typed(
            self.company_id.id,
            findings,
            self._get_type_thresholds(),
            as_of,
            fields.Date.subtract(as_of, months=self.attitude_months),
        )

    def _get_wallet_scope(self):
        """The scope of the customers of whom a competitor is known."""
        company = self.company_id.id

        def scope(company_expr, partner_expr):
            return SQL(
                """
                (%s = %s AND %s IN (
                    SELECT customer.partner_id FROM crm_customer customer
                      JOIN crm_competitor_purchase finding
                        ON finding.customer_id = customer.id
                     WHERE customer.company_id = %s))
                """,
                company_expr,
                company,
                partner_expr,
                company,
            )

        return scope
