from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    service_contract_count = fields.Integer(
        compute="_compute_service_contract_count",
        groups="crm_service_contract.group_user",
    )

    def _compute_service_contract_count(self):
        counts = dict(
            self.env["service.contract"]._read_group(
                [("commercial_partner_id", "in", self.commercial_partner_id.ids)],
                ["commercial_partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            count = counts.get(partner.commercial_partner_id, 0)
            partner.service_contract_count = count

    def action_view_service_contracts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_service_contract.service_contract_action"
        )
        partner = self.commercial_partner_id
        return {
            **action,
            "display_name": self.env._(
                "Contracts of %(customer)s", customer=partner.display_name
            ),
            "domain": [("commercial_partner_id", "=", partner.id)],
            "context": {"default_partner_id": partner.id},
        }
