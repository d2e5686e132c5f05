from datetime import timedelta

from odoo import api, fields, models

RUNS = (365, 180, 124, 93, 62, 31)
"""Days ago."""
PARAMETERS = {
    "value_model": "mbgnbd",
    "parameter_r": 2.104,
    "parameter_alpha": 27.155,
    "parameter_a": 0.021,
    "parameter_b": 1.08,
}
"""Per week: so few customers do not tell theirs before the last run does."""


class CrmLifecycleDemo(models.AbstractModel):
    """What the loyalty policy found as time went by."""

    _inherit = "crm.lifecycle.demo"

    @api.model
    def _rate_the_past(self):
        company = self.env.ref("crm_lifecycle.demo_company")
        policy = self.env["crm.loyalty.policy"].search(
            [("company_id", "=", company.id)]
        )
        today = fields.Date.context_today(self)
        for days in RUNS:
            policy.date_as_of = today - timedelta(days=days)
            policy.action_run()
            if not policy.last_run_id.parameter_r:
                policy.last_run_id.write({**PARAMETERS, "fitted_on": policy.date_as_of})
        policy.date_as_of = False
        policy.action_run()
