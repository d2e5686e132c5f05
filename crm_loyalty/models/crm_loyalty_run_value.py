from odoo import api, fields, models
from odoo.tools import format_date

from ..lib.nbd_fit import least_repeaters
from .crm_loyalty_policy_value import MODELS, UNITS

FIT_STATUS = [
    ("ok", "Found"),
    ("too_little", "Too little data"),
    ("not_converged", "No clear optimum"),
    ("bound", "Optimum out of bounds"),
]
CORRELATED = 0.3  # from here on value and frequency are not independent


class CrmLoyaltyRun(models.Model):
    """What the valuation of a run found, and how far it can be trusted."""

    _inherit = "crm.loyalty.run"

    value_status = fields.Selection(
        [
            ("ok", "Estimated"),
            ("kept", "Earlier parameters kept"),
            ("none", "Nothing estimated"),
            ("off", "Switched off"),
        ],
        "Estimate",
        readonly=True,
    )
    value_message = fields.Text("Outcome", compute="_compute_value_message")
    value_model = fields.Selection(MODELS, "Model", readonly=True)
    value_unit = fields.Selection(UNITS, "Unit of Time", readonly=True)
    horizon = fields.Integer(readonly=True)
    horizon_unit = fields.Selection(UNITS, "Unit of the Horizon", readonly=True)
    min_customers = fields.Integer("Least Customers", readonly=True)
    value_duration = fields.Float(
        "Duration of the Estimate (s)", digits=(16, 2), readonly=True
    )
    valued_count = fields.Integer("Customers Estimated", readonly=True)
    value_changed_count = fields.Integer("Estimates Changed", readonly=True)
    warning_count = fields.Integer(
        "Warnings", readonly=True, help="Activities about customers whose risk rose."
    )
    unwarned_count = fields.Integer(
        "Nobody to Warn",
        readonly=True,
        help="Customers whose risk rose, but nobody answers for them.",
    )

    fit_status = fields.Selection(FIT_STATUS, "Fit", readonly=True)
    fitted_on = fields.Date("Parameters Of", readonly=True)
    fit_customers = fields.Integer("Customers", readonly=True)
    fit_repeaters = fields.Integer("Who Bought Again", readonly=True)
    fit_groups = fields.Integer(
        "Different Patterns",
        readonly=True,
        help="Customers who bought equally often, at the same ages, count as one.",
    )
    parameter_r = fields.Float(
        "r",
        digits=(16, 6),
        readonly=True,
        help="How alike customers buy: the larger, the more alike.",
    )
    parameter_alpha = fields.Float(
        "alpha",
        digits=(16, 6),
        readonly=True,
        help="With r: r / alpha purchases in a unit of time, on average.",
    )
    parameter_a = fields.Float("a", digits=(16, 6), readonly=True)
    parameter_b = fields.Float(
        "b",
        digits=(16, 6),
        readonly=True,
        help="With a: a / (a + b) is the chance to stop after a purchase.",
    )
    loglikelihood = fields.Float("Log-Likelihood", digits=(16, 3), readonly=True)
    future_count = fields.Integer(
        "Purchases in the Future",
        readonly=True,
        help="Customers with a purchase dated after the run; they count as having "
        "bought on the day of the run.",
    )

    spend_status = fields.Selection(FIT_STATUS, "Fit of Values", readonly=True)
    spend_p = fields.Float("p", digits=(16, 6), readonly=True)
    spend_q = fields.Float("q", digits=(16, 6), readonly=True)
    spend_gamma = fields.Float("gamma", digits=(16, 6), readonly=True)
    spend_usual = fields.Monetary(
        "Mean of All",
        readonly=True,
        help="Set where the model of values does not fit: each customer's own mean is "
        "taken then, and this one for who has bought only once.",
    )
    spend_mean = fields.Monetary(
        "Usual Purchase",
        compute="_compute_spend_mean",
        help="Value of a purchase of somebody unknown.",
    )
    spend_loglikelihood = fields.Float(
        "Log-Likelihood of Values", digits=(16, 3), readonly=True
    )
    spend_customers = fields.Integer("Customers with Values", readonly=True)
    spend_ignored = fields.Integer(
        "Left Out",
        readonly=True,
        help="Customers whose later purchases come to nothing or less, because of "
        "returns: their lifetime value is 0.",
    )
    spend_correlation = fields.Float(
        "Value and Frequency",
        digits=(5, 4),
        readonly=True,
        help="Correlation between how often customers buy and how much. The model "
        "supposes 0.",
    )

    holdout_status = fields.Selection(
        [*FIT_STATUS, ("no_span", "History too short")], "Check", readonly=True
    )
    holdout_from = fields.Date(
        "Forecast From", readonly=True, help="The model saw purchases until this day."
    )
    holdout_customers = fields.Integer("Customers Forecast", readonly=True)
    holdout_expected = fields.Float("Expected", digits=(16, 1), readonly=True)
    holdout_actual = fields.Float("Really Bought", digits=(16, 0), readonly=True)
    holdout_correlation = fields.Float(
        "Correlation",
        digits=(5, 4),
        readonly=True,
        help="Between the purchases expected of each customer and those that came.",
    )
    holdout_error = fields.Float(
        "Cumulative Error",
        digits=(16, 4),
        readonly=True,
        help="All repeat purchases expected until now, against those that came.",
    )
    churn_auc = fields.Float(
        "Right Order (AUC)",
        digits=(5, 4),
        readonly=True,
        help="Of two customers, one who came back and one who did not: how often the "
        "churn risk told which. 50 % is guessing.",
    )
    churn_observed = fields.Float(
        "Did Not Come Back",
        digits=(5, 4),
        readonly=True,
        help="Share of the customers who bought nothing in the time forecast.",
    )
    churn_formula = fields.Float(
        "By the Formula",
        digits=(5, 4),
        readonly=True,
        help="The same share as the model alone would have said.",
    )
    churn_adjusted = fields.Boolean(
        "Risk Adjusted",
        readonly=True,
        help="The churn risk is read off what happened to customers with the same "
        "expectation. Without enough of them it is the formula of the model.",
    )

    contract_count = fields.Integer("Customers under Contract", readonly=True)
    contract_before = fields.Integer("A Year Ago", readonly=True)
    contract_kept = fields.Integer("Of Them Still", readonly=True)
    retention_rate = fields.Float(
        "Stay a Year",
        digits=(5, 4),
        readonly=True,
        help="Share of the customers under contract who stay for a year: those kept "
        "plus five at the assumed rate, by those of a year ago plus five.",
    )
    tracking = fields.Json("Tracked and Expected", readonly=True)

    @api.depends("spend_p", "spend_q", "spend_gamma")
    def _compute_spend_mean(self):
        for run in self:
            run.spend_mean = 0.0
            if run.spend_q > 1:
                run.spend_mean = run.spend_p * run.spend_gamma / (run.spend_q - 1)

    @api.depends("value_status", "fit_status", "spend_status", "spend_correlation")
    @api.depends_context("lang")
    def _compute_value_message(self):
        for run in self:
            parts = [run._describe_fit(), run._describe_spend()]
            run.value_message = "\n".join(part for part in parts if part)

    def _describe_fit(self):
        figures = {
            "customers": self.fit_customers,
            "repeaters": self.fit_repeaters,
            "least": self.min_customers,
            "again": least_repeaters(self.min_customers),
            "date": format_date(self.env, self.fitted_on),
        }
        reason = self._describe_reason(figures)
        if self.value_status == "ok":
            return self.env._(
                "Estimated from %(customers)s customers, %(repeaters)s of whom bought "
                "more than once.",
                **figures,
            )
        if self.value_status == "kept":
            kept = self.env._("The parameters of %(date)s are kept.", **figures)
            return f"{reason} {kept}"
        if self.value_status == "none":
            return f"{reason} {self.env._('Nothing is estimated.')}"
        if self.value_status == "off":
            return self.env._("The policy does not ask for an estimate.")
        return ""

    def _describe_reason(self, figures):
        if self.fit_status == "too_little":
            return self.env._(
                "Too little data: %(customers)s customers, %(repeaters)s of whom "
                "bought more than once; the policy asks for %(least)s and %(again)s.",
                **figures,
            )
        if self.fit_status in ("not_converged", "bound"):
            return self.env._(
                "The model does not fit: the purchases of %(customers)s customers do "
                "not tell how they stop buying.",
                **figures,
            )
        return ""

    def _describe_spend(self):
        """What hinders a value in money, or makes it doubtful."""
        if self.value_status not in ("ok", "kept"):
            return ""
        if self.spend_usual and not self.spend_p:
            return self.env._(
                "The model of values does not fit: each customer's own mean is used."
            )
        if not self.spend_p:
            return self.env._(
                "There is no lifetime value: too little is known of what purchases are "
                "worth."
            )
        if self.spend_status != "ok":
            return self.env._("The values of purchases are those of an earlier run.")
        if abs(self.spend_correlation) >= CORRELATED:
            return self.env._(
                "Beware: how much customers buy depends on how often they do "
                "(correlation %(correlation)s), so lifetime values are rough.",
                correlation=f"{self.spend_correlation:.2f}",
            )
        return ""
