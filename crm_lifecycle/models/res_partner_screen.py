from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    crm_stage_id = fields.Many2one(
        related="crm_customer_id.stage_id",
        string="Lifecycle Stage",
        groups="sales_team.group_sale_salesman",
        help="Where the present company stands with this contact's commercial entity.",
    )

    def action_open_crm_customer(self):
        """Open what the present company knows of this customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customer"),
            "res_model": "crm.customer",
            "view_mode": "form",
            "res_id": self.crm_customer_id.id,
        }
