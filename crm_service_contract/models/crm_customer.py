from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_lifecycle.lib.facts import FactSource


class CrmCustomer(models.Model):
    _inherit = "crm.customer"

    service_contract_count = fields.Integer(compute="_compute_service_contract_count")

    def _compute_service_contract_count(self):
        groups = self.env["service.contract"]._read_group(
            [("commercial_partner_id", "in", self.partner_id.ids)],
            ["commercial_partner_id", "company_id"],
            ["__count"],
        )
        counts = {}
        for partner, company, count in groups:
            key = (partner, company.root_id)
            counts[key] = counts.get(key, 0) + count
        for customer in self:
            key = (customer.partner_id, customer.company_id)
            customer.service_contract_count = counts.get(key, 0)

    @api.model
    def _fact_sources(self):
        return super()._fact_sources() + [
            FactSource(
                name="service_contract",
                columns=("is_contractual", "contract_since", "contract_until"),
                query=self._get_service_contract_facts,
                replayable=False,
                creates=True,
            )
        ]

    @api.model
    def _get_service_contract_facts(self, scope):
        """Contractual are the customers that have a running contract.

        The dates span all contracts, those that have ended too; without an end as
        long as a running one has none.
        """
        root = SQL("split_part(company.parent_path, '/', 1)::int")
        partner = SQL("contract.commercial_partner_id")
        return SQL(
            """
            SELECT %(root)s AS company_id, %(partner)s AS partner_id,
                   bool_or(contract.state = 'running') AS is_contractual,
                   min(contract.date_start) AS contract_since,
                   CASE WHEN NOT bool_or(contract.state = 'running'
                                         AND contract.date_end IS NULL)
                        THEN max(contract.date_end) END AS contract_until
              FROM service_contract contract
              JOIN res_company company ON company.id = contract.company_id
             WHERE contract.active AND contract.state NOT IN ('draft', 'cancelled')
               AND %(scope)s
             GROUP BY 1, 2
            """,
            root=root,
            partner=partner,
            scope=scope(root, partner),
        )

    def action_view_service_contracts(self):
        self.ensure_one()
        return self.partner_id.action_view_service_contracts()
