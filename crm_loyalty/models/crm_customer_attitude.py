from odoo import api, fields, models

from odoo.addons.crm_lifecycle.lib.facts import FactSource

from .attitudes import attitude_facts, rating_answers, survey_answers

ATTITUDE_COLUMNS = (
    "satisfaction",
    "satisfaction_date",
    "recommendation",
    "recommendation_date",
)


class CrmCustomer(models.Model):
    """What the customer said of us. Without a date nobody asked: no figure holds."""

    _inherit = "crm.customer"

    satisfaction = fields.Float(
        readonly=True,
        copy=False,
        digits=(4, 2),
        aggregator=None,
        help="The latest answer in a survey or rating, on a scale from 0 to 10.",
    )
    satisfaction_date = fields.Date("Satisfaction Asked", readonly=True, copy=False)
    recommendation = fields.Float(
        readonly=True,
        copy=False,
        digits=(4, 2),
        aggregator=None,
        help="Would he recommend us? The latest answer, on a scale from 0 to 10.",
    )
    recommendation_date = fields.Date("Recommendation Asked", readonly=True, copy=False)

    @api.model
    def _fact_sources(self):
        return [
            *super()._fact_sources(),
            FactSource(
                "attitude",
                ATTITUDE_COLUMNS,
                self._query_attitude_facts,
                replayable=False,
            ),
        ]

    @api.model
    def _query_attitude_facts(self, scope):
        answers = [survey_answers(scope)]
        tables = self._get_rated_tables()
        if tables:
            answers.append(rating_answers(tables, scope))
        return attitude_facts(answers)

    @api.model
    def _get_rated_tables(self):
        """Return [(model, table)] of rated documents that belong to a company."""
        # sudo: which models are rated at all; no rating is read
        groups = self.env["rating.rating"].sudo()._read_group([], ["res_model"])
        models_ = [self.env[name] for (name,) in groups if name in self.env]
        return [
            (model._name, model._table)
            for model in models_
            if model._auto and "company_id" in model._fields
            if model._fields["company_id"].store
        ]
