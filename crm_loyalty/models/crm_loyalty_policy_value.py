from odoo import fields, models

from ..lib.clv import UNIT_DAYS

MODELS = [
    ("mbgnbd", "MBG/NBD (a first purchase may be the last)"),
    ("bgnbd", "BG/NBD (who bought once is alive)"),
]
UNITS = [("day", "Days"), ("week", "Weeks"), ("month", "Months")]
WARNED = [("none", "Nobody"), ("a", "A customers"), ("ab", "A and B customers")]


class CrmLoyaltyPolicy(models.Model):
    """What a company wants to know of the future of its customers."""

    _name = "crm.loyalty.policy"
    _inherit = ["crm.loyalty.policy", "crm.loyalty.valuation"]

    value_enabled = fields.Boolean(
        "Estimate the Future",
        default=True,
        help="Estimate for each customer whether he will come back, how often, and "
        "what that is worth.",
    )
    value_model = fields.Selection(
        MODELS,
        "Model",
        default="mbgnbd",
        required=True,
        help="How customers are supposed to stop buying. MBG/NBD knows that some never "
        "come back after the first purchase; BG/NBD takes everybody who bought once "
        "for a customer for ever. Keep MBG/NBD unless you compare with figures of "
        "others.",
    )
    value_unit = fields.Selection(
        UNITS,
        "Unit of Time",
        default="week",
        required=True,
        help="In which unit parameters and chart are shown. It changes no customer's "
        "figures.",
    )
    horizon = fields.Integer(
        default=12,
        required=True,
        help="How far to look ahead: expected purchases, lifetime value and churn risk "
        "are those of the time to come until then.",
    )
    horizon_unit = fields.Selection(
        UNITS,
        "Unit of the Horizon",
        default="month",
        required=True,
        help="A month is counted as 30 days.",
    )
    discount_rate = fields.Float(
        "Discount a Year",
        digits=(6, 5),
        default=0.10,
        required=True,
        help="Money that comes in a year is worth so much less than money today: what "
        "your capital costs. 0 %: nothing.",
    )
    value_margin = fields.Float(
        "Margin",
        digits=(6, 4),
        default=1.0,
        required=True,
        help="The part of a purchase that is left when the goods are paid. With 100 % "
        "the lifetime value is revenue, with 30 % it is what you earn.",
    )
    min_customers = fields.Integer(
        "Least Customers",
        default=50,
        required=True,
        help="With fewer customers nothing is estimated, because it would be guessing. "
        "A tenth of them must have bought more than once.",
    )
    assumed_retention = fields.Float(
        "Assumed Renewal",
        digits=(5, 4),
        default=0.80,
        required=True,
        help="The share of customers under contract who stay for another year, as long "
        "as too few contracts have come up for renewal. It counts as much as five "
        "customers.",
    )
    churn_medium = fields.Float(
        "Medium Risk From",
        digits=(5, 4),
        default=0.50,
        required=True,
        help="From this probability of buying nothing within the horizon, the risk is "
        "medium.",
    )
    churn_high = fields.Float(
        "High Risk From",
        digits=(5, 4),
        default=0.75,
        required=True,
        help="From this probability the risk is high.",
    )
    warning_classes = fields.Selection(
        WARNED,
        "Warn About",
        default="a",
        required=True,
        help="When the risk of such a customer rises to medium or high, the person who "
        "is accountable for him gets an activity. It closes itself when he buys.",
    )

    _horizon_range = models.Constraint(
        "CHECK (horizon BETWEEN 1 AND 3600 / CASE horizon_unit WHEN 'month' THEN 30"
        " WHEN 'week' THEN 7 ELSE 1 END)",
        "The horizon lies between 1 day and 10 years.",
    )
    _discount_range = models.Constraint(
        "CHECK (discount_rate >= 0 AND discount_rate <= 1)",
        "The discount lies between 0 and 100 % a year.",
    )
    _margin_range = models.Constraint(
        "CHECK (value_margin > 0 AND value_margin <= 1)",
        "The margin is a share of the revenue, above 0 and up to 100 %.",
    )
    _min_customers_range = models.Constraint(
        "CHECK (min_customers >= 10)", "Fewer than 10 customers say nothing at all."
    )
    _retention_range = models.Constraint(
        "CHECK (assumed_retention > 0 AND assumed_retention < 1)",
        "The assumed renewal lies between 0 and 100 %, both excluded.",
    )
    _bands_ordered = models.Constraint(
        "CHECK (0 < churn_medium AND churn_medium < churn_high AND churn_high < 1)",
        "The limits of the churn risk lie between 0 and 100 %, medium below high.",
    )

    def _get_horizon_days(self):
        return self.horizon * int(UNIT_DAYS[self.horizon_unit])

    def _describe_horizon(self):
        """The horizon in words, in the user's language."""
        if self.horizon_unit == "month":
            return self.env._("%(count)s months", count=self.horizon)
        if self.horizon_unit == "week":
            return self.env._("%(count)s weeks", count=self.horizon)
        return self.env._("%(count)s days", count=self.horizon)

    def _get_warned_classes(self):
        """Classes whose customers are worth a warning."""
        return {"none": (), "a": ("a",), "ab": ("a", "b")}[self.warning_classes]
