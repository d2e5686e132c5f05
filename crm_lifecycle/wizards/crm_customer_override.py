from odoo import Command, api, fields, models


class CrmCustomerOverride(models.TransientModel):
    """Put customers in a stage by hand, with a reason, for a while or for good."""

    _name = "crm.customer.override"
    _description = "Set the Stage by Hand"

    customer_ids = fields.Many2many("crm.customer", required=True)
    stage_id = fields.Many2one("crm.lifecycle.stage", required=True)
    reason = fields.Char(required=True)
    until = fields.Date(help="Empty: until a person unpins.")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "crm.customer":
            values["customer_ids"] = [
                Command.set(self.env.context.get("active_ids", []))
            ]
        return values

    def action_apply(self):
        """Move and pin the customers."""
        for wizard in self:
            wizard.customer_ids.write(
                {
                    "stage_id": wizard.stage_id.id,
                    "stage_pinned": True,
                    "pin_reason": wizard.reason,
                    "pin_until": wizard.until,
                }
            )
        return {"type": "ir.actions.act_window_close"}
