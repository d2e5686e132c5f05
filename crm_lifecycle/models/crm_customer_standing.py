from odoo import api, fields, models
from odoo.tools import SQL

from ..lib.facts import FactSource

STANDINGS = ("none", "served", "trouble")
"""From the best news to the worst."""


class CrmCustomer(models.Model):
    """The service standing: beside the stages, and never a reason to move in them.

    Contracts and requests tell it through ``_service_standing_sources``; addons do not
    know each other, and the worst standing that any of them tells wins. What a person
    sets is one voice among them: he can report trouble that no document tells yet,
    but not talk away what one tells. With no source installed his word stands alone.
    """

    _inherit = "crm.customer"

    standing_reported = fields.Selection(
        [("none", "None"), ("served", "Served"), ("trouble", "In trouble")],
        "Service as reported",
        help="What a colleague said about the service. Contracts and requests can only "
        "make it worse.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._report_standing(vals) for vals in vals_list])

    def write(self, vals):
        reported = self._report_standing(vals)
        result = super().write(reported)
        if reported is not vals:
            self._queue_customers("standing")
        return result

    @api.model
    def _report_standing(self, vals):
        """Keep what a person says of the service apart from what documents say."""
        if not vals.get("service_standing"):
            return vals
        return {"standing_reported": vals["service_standing"], **vals}

    @api.model
    def _check_facts_untouched(self, vals):
        """A person may report a standing; see above for how far it counts."""
        return super()._check_facts_untouched(
            {name: value for name, value in vals.items() if name != "service_standing"}
        )

    @api.model
    def _service_standing_sources(self):
        """Return functions ``query(scope)`` that tell standings, as a FactSource does.

        Each returns the SQL of a SELECT with company_id (the root company), partner_id
        (the commercial partner) and standing (none, served or trouble); rows may
        repeat. An addon above adds its own by super().
        """
        return [self._query_reported_standings]

    @api.model
    def _fact_sources(self):
        return super()._fact_sources() + [
            FactSource(
                "standing",
                ("service_standing",),
                self._query_standings,
                replayable=False,
            )
        ]

    @api.model
    def _query_standings(self, scope):
        ranks = list(STANDINGS)
        return SQL(
            """
            SELECT company_id, partner_id,
                   (%(ranks)s::text[])[MAX(array_position(%(ranks)s::text[],
                                                          standing::text))]
              FROM (%(told)s) told
             GROUP BY company_id, partner_id
            """,
            ranks=ranks,
            told=SQL(" UNION ALL ").join(
                SQL(
                    "SELECT * FROM (%s) AS told (company_id, partner_id, standing)",
                    query(scope),
                )
                for query in self._service_standing_sources()
            ),
        )

    @api.model
    def _query_reported_standings(self, scope):
        return SQL(
            """
            SELECT company_id, partner_id, standing_reported FROM crm_customer
             WHERE standing_reported IN ('served', 'trouble') AND %s
            """,
            scope(SQL("company_id"), SQL("partner_id")),
        )
