from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_lifecycle.lib.timeline import (
    TimelineBranch,
    TimelineKind,
    TimelineSource,
)


class CrmCustomer(models.Model):
    """Contracts in the timeline: when they began, and when they ended."""

    _inherit = "crm.customer"

    @api.model
    def _timeline_sources(self):
        return [
            *super()._timeline_sources(),
            self._get_contract_timeline(
                TimelineKind(
                    "contract", self.env._("Contract"), "fa-handshake-o", "primary"
                ),
                SQL("doc.date_start"),
                SQL("doc.state NOT IN ('draft', 'cancelled')"),
            ),
            self._get_contract_timeline(
                TimelineKind(
                    "contract_end",
                    self.env._("Contract Ended"),
                    "fa-times-circle-o",
                    "primary",
                ),
                SQL("doc.date_end"),
                SQL("doc.state IN ('expired', 'terminated')"),
            ),
        ]

    @api.model
    def _get_contract_timeline(self, kind, date, where):
        branch = TimelineBranch(
            tables=SQL("service_contract doc"),
            key=SQL("doc.commercial_partner_id"),
            date=date,
            where=SQL("doc.active AND %s", where),
            company=SQL("doc.company_id"),
            texts=(SQL("doc.code"), SQL("doc.name")),
            dated=True,
        )
        return TimelineSource(
            "service.contract", (kind,), (branch,), self._describe_contracts
        )

    @api.model
    def _describe_contracts(self, contracts):
        return {
            contract.id: {
                "summary": contract.display_name,
                "state": self._join(
                    self._get_state_label(contract), contract.termination_reason
                ),
                "user_id": contract.user_id.id,
            }
            for contract in contracts
        }
