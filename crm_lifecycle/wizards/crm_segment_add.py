from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class CrmSegmentAdd(models.TransientModel):
    """Put customers on a fixed list, an old one or a new one."""

    _name = "crm.segment.add"
    _description = "Add Customers to a List"

    customer_ids = fields.Many2many("crm.customer", required=True)
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    segment_id = fields.Many2one(
        "crm.segment",
        "List",
        domain="[('kind', '=', 'fixed'), ('company_id', '=', company_id)]",
    )
    name = fields.Char("Name of a new list")

    @api.depends("customer_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.customer_ids.company_id[:1]

    def action_add(self):
        """Add the customers and open the list.

        :raise UserError: without a list, or with customers of several companies
        """
        self.ensure_one()
        if len(self.customer_ids.company_id) != 1:
            raise UserError(
                self.env._("Choose customers of one company; a list holds no others.")
            )
        segment = self.segment_id
        if not segment and not self.name:
            raise UserError(self.env._("Choose a list, or name a new one."))
        members = [Command.link(customer.id) for customer in self.customer_ids]
        if segment:
            segment.write({"customer_ids": members})
        else:
            segment = segment.create(
                {
                    "name": self.name,
                    "kind": "fixed",
                    "company_id": self.company_id.id,
                    "customer_ids": members,
                }
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.segment",
            "view_mode": "form",
            "res_id": segment.id,
        }
