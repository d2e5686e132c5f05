from odoo import api, fields, models
from odoo.exceptions import AccessError

from .crm_customer_attitude import ATTITUDE_COLUMNS
from .loyalty_types import TYPE_COLUMNS

LOYALTY_TYPES = [
    ("loyal", "Loyal"),
    ("relatively_loyal", "Relatively Loyal"),
    ("disloyal", "Disloyal"),
    ("competitor_loyal", "Loyal to a Competitor"),
    ("unknown", "Unknown"),
]


class CrmCustomer(models.Model):
    """How loyal the customer is, from what he does and what he says, and why so."""

    _inherit = "crm.customer"

    wallet_share = fields.Float(
        "Share of Wallet",
        readonly=True,
        copy=False,
        digits=(7, 6),
        aggregator=None,
        help="Our share of what the customer spends on such things, as far as "
        "purchases at competitors are known. Without a date it is not known.",
    )
    wallet_date = fields.Date("Wallet Known On", readonly=True, copy=False)
    wallet_basis = fields.Selection(
        [("amount", "Known amounts"), ("rank", "Our rank among the suppliers")],
        "Wallet Known From",
        readonly=True,
        copy=False,
    )
    competitor_share = fields.Float(
        "Share of the Main Competitor",
        readonly=True,
        copy=False,
        digits=(7, 6),
        aggregator=None,
    )
    main_competitor_id = fields.Many2one(
        "crm.competitor", readonly=True, copy=False, index="btree_not_null"
    )
    purchase_rhythm = fields.Float(
        "Silence in Usual Gaps",
        readonly=True,
        copy=False,
        digits=(10, 2),
        aggregator=None,
        help="Days since the last purchase, divided by the usual number of days "
        "between two purchases. It needs two purchases.",
    )
    behaviour_score = fields.Float(
        readonly=True,
        copy=False,
        digits=(7, 6),
        aggregator=None,
        help="From 0 to 1: how faithfully he buys. From 0.5 on he does.",
    )
    attitude_score = fields.Float(
        readonly=True,
        copy=False,
        digits=(7, 6),
        aggregator=None,
        help="From 0 to 1: how well he thinks of us. Without a date nobody asked.",
    )
    attitude_date = fields.Date("Attitude Known On", readonly=True, copy=False)
    loyalty_type = fields.Selection(
        LOYALTY_TYPES,
        readonly=True,
        copy=False,
        index=True,
        help="By behaviour and attitude. Unknown as long as nobody asked the customer.",
    )
    loyalty_explanation = fields.Text(
        "Why This Type", compute="_compute_loyalty_explanation"
    )
    loyalty_point = fields.Json(compute="_compute_loyalty_point")
    competitor_purchase_ids = fields.One2many(
        "crm.competitor.purchase", "customer_id", "Purchases at Competitors"
    )

    def _compute_loyalty_point(self):
        """Where the customer stands in the grid: scores (or False) and the line.

        False, not None: XML-RPC has no word for None.
        """
        policies = self._get_loyalty_policies()
        for customer in self:
            policy = policies.get(customer.company_id.id)
            customer.loyalty_point = {
                "behaviour": customer._get_known_behaviour(),
                "attitude": customer.attitude_date and customer.attitude_score,
                "favourable": policy.type_attitude / 10 if policy else 0.7,
                "type": customer.loyalty_type or "unknown",
            }

    @api.depends("loyalty_type", *TYPE_COLUMNS, *ATTITUDE_COLUMNS)
    @api.depends_context("lang", "uid")
    def _compute_loyalty_explanation(self):
        policies = self._get_loyalty_policies()
        for customer in self:
            policy = policies.get(customer.company_id.id)
            customer.loyalty_explanation = (
                "\n".join(customer._explain_type(policy)) if policy else False
            )

    def _get_loyalty_policies(self):
        # whoever sees a customer may know by which lines he was rated
        policies = self.env["crm.loyalty.policy"].sudo()
        policies = policies.search([("company_id", "in", self.company_id.ids)])
        return {policy.company_id.id: policy for policy in policies}

    def _get_known_behaviour(self):
        """The behaviour, False where neither purchases nor a wallet are known."""
        self.ensure_one()
        # only whether a wallet is known, which a class of information may hide
        wallet = self.sudo().wallet_date
        known = wallet or self.purchase_rhythm or self.behaviour_score > 0
        return bool(known) and self.behaviour_score

    def _explain_type(self, policy):
        """Sentences that say which figures led to the type."""
        if not self.loyalty_type:
            return [self.env._("Not rated yet: no loyalty run has seen this customer.")]
        return [
            self._explain_behaviour(policy),
            *self._explain_wallet(policy),
            self._explain_attitude(policy),
            self._explain_verdict(),
        ]

    def _explain_behaviour(self, policy):
        if self.purchase_count and self.p_alive:
            return self.env._(
                "The probability that he is still a customer is %(alive)s %%; from "
                "%(limit)s %% on that counts as faithful.",
                alive=round(100 * self.p_alive),
                limit=round(100 * policy.type_alive),
            )
        if self.purchase_rhythm:
            return self.env._(
                "He has been silent for %(gaps)s of his usual gaps between two "
                "purchases; up to %(limit)s counts as faithful.",
                gaps=round(self.purchase_rhythm, 1),
                limit=round(policy.type_rhythm, 1),
            )
        if self.purchase_count:
            return self.env._(
                "He bought once; that is too little to know a rhythm from."
            )
        return self.env._("He has not bought yet.")

    def _explain_wallet(self, policy):
        if not self._may_see_wallet() or not self.wallet_date:
            return []
        values = {
            "share": round(100 * self.wallet_share),
            "limit": round(100 * policy.type_wallet),
            "date": fields.Date.to_string(self.wallet_date),
        }
        if self.wallet_basis == "rank":
            sentence = self.env._(
                "From our rank among his suppliers (known on %(date)s) our share of "
                "his spending is about %(share)s %%; from %(limit)s %% on that counts "
                "as faithful.",
                **values,
            )
        else:
            sentence = self.env._(
                "We get %(share)s %% of what he is known to spend (%(date)s); from "
                "%(limit)s %% on that counts as faithful.",
                **values,
            )
        if not self.main_competitor_id:
            return [sentence]
        return [
            sentence,
            self.env._(
                "%(competitor)s gets about %(share)s %%.",
                competitor=self.main_competitor_id.sudo().name,  # the name only
                share=round(100 * self.competitor_share),
            ),
        ]

    def _may_see_wallet(self):
        return all(
            self._has_field_access(self._fields[name], "read")
            for name in ("wallet_date", "wallet_share", "main_competitor_id")
        )

    def _explain_attitude(self, policy):
        if not self.attitude_date:
            return self.env._(
                "Nobody has asked him in the last %(months)s months what he thinks of "
                "us, so his attitude is unknown.",
                months=policy.attitude_months,
            )
        answers = []
        if self.satisfaction_date:
            answers.append(
                self.env._("satisfaction %(score)s", score=round(self.satisfaction, 1))
            )
        if self.recommendation_date:
            answers.append(
                self.env._(
                    "recommendation %(score)s", score=round(self.recommendation, 1)
                )
            )
        return self.env._(
            "His attitude is %(attitude)s of 10 (%(answers)s); from %(limit)s on it is "
            "favourable.",
            attitude=round(10 * self.attitude_score, 1),
            answers=", ".join(answers),
            limit=round(policy.type_attitude, 1),
        )

    def _explain_verdict(self):
        verdicts = {
            "loyal": self.env._(
                "He buys faithfully and thinks well of us: he is loyal."
            ),
            "relatively_loyal": self.env._(
                "Only one of the two holds, buying faithfully or thinking well of us: "
                "he is relatively loyal."
            ),
            "disloyal": self.env._(
                "He neither buys faithfully nor thinks well of us: he is disloyal."
            ),
            "competitor_loyal": self.env._(
                "He neither buys faithfully nor thinks well of us, and a competitor "
                "gets the larger part: he is loyal to a competitor."
            ),
            "unknown": self.env._(
                "As long as one of the two is not known, his loyalty is unknown."
            ),
        }
        return verdicts[self.loyalty_type]

    @api.model
    def _check_facts_untouched(self, vals):
        result = super()._check_facts_untouched(vals)
        if not self.env.su and vals.keys() & set(TYPE_COLUMNS):
            raise AccessError(
                self.env._("Loyalty types come from the loyalty policy alone.")
            )
        return result
