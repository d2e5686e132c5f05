from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_lifecycle.lib.facts import FactReplay, FactSource


class CrmCustomer(models.Model):
    """A running contract: its customer is served, and rules may wait for it."""

    _inherit = "crm.customer"

    last_contract_date = fields.Date(
        "Last Contract", readonly=True, help="Start of the newest running contract."
    )

    @api.model
    def _fact_sources(self):
        return super()._fact_sources() + [
            FactSource(
                name="contract_start",
                columns=("last_contract_date",),
                query=self._query_contract_starts,
                replays=(
                    FactReplay(
                        ("last_contract_date",), ("max",), self._query_contract_days
                    ),
                ),
            )
        ]

    @api.model
    def _get_rule_events(self):
        label = self.env._("Service contract starts")
        events = super()._get_rule_events()
        return {**events, "contract": (label, ("last_contract_date",))}

    @api.model
    def _query_contract_starts(self, scope):
        return SQL(
            "SELECT company_id, partner_id, MAX(date_start) FROM (%s) running"
            " GROUP BY company_id, partner_id",
            self._query_running_contracts(scope),
        )

    @api.model
    def _query_contract_days(self, scope):
        return SQL(
            "SELECT company_id, partner_id, date_start, date_start FROM (%s) running",
            self._query_running_contracts(scope),
        )

    @api.model
    def _service_standing_sources(self):
        return super()._service_standing_sources() + [self._query_served_by_contract]

    @api.model
    def _query_served_by_contract(self, scope):
        return SQL(
            "SELECT company_id, partner_id, 'served' FROM (%s) running",
            self._query_running_contracts(scope),
        )

    @api.model
    def _query_running_contracts(self, scope):
        root = SQL("split_part(company.parent_path, '/', 1)::int")
        partner = SQL("contract.commercial_partner_id")
        return SQL(
            """
            SELECT %(root)s AS company_id, %(partner)s AS partner_id,
                   contract.date_start
              FROM service_contract contract
              JOIN res_company company ON company.id = contract.company_id
             WHERE contract.active AND contract.state = 'running' AND %(scope)s
            """,
            root=root,
            partner=partner,
            scope=scope(root, partner),
        )
