from odoo import api, models


class CrmCustomerMergeLog(models.Model):
    """The snapshot repeats all fields of a customer: it is for who may see them all."""

    _name = "crm.customer.merge.log"
    _inherit = ["crm.customer.merge.log", "crm.info.guarded"]

    @api.model
    def _has_field_access(self, field, operation):
        if not super()._has_field_access(field, operation):
            return False
        if self.env.su or field.name != "snapshot":
            return True
        return not self.env["crm.info.class"]._get_hidden_fields().get("crm.customer")
