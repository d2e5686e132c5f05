from odoo import models


class CrmCustomer(models.Model):
    """From a customer to the purchases that he is rated by."""

    _inherit = "crm.customer"

    def action_open_purchases(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_loyalty.crm_purchase_action"
        )
        action["domain"] = list(self.env["crm.purchase"]._get_customer_domain(self))
        action["context"] = {}
        return action
