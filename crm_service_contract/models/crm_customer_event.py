from odoo import api, models


class CrmCustomerEvent(models.Model):
    _inherit = "crm.customer.event"

    @api.model
    def _get_kind_names(self):
        return super()._get_kind_names() | {"contract": self.env._("Contract")}
