from odoo import models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner"]

    def action_request_erasure(self):
        """Open a request to erase this contact, or the one that is open already."""
        self.ensure_one()
        request = self.env["crm.erasure.request"].search(
            [("partner_id", "=", self.id), ("state", "!=", "refused")], limit=1
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Erase Personal Data"),
            "res_model": "crm.erasure.request",
            "view_mode": "form",
            "res_id": request.id,
            "context": {"default_partner_id": self.id},
        }
