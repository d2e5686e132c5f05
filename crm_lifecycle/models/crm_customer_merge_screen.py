from odoo import fields, models

from .crm_customer import STEWARD_GROUP


class CrmCustomer(models.Model):
    _inherit = "crm.customer"

    merge_log_ids = fields.One2many(
        "crm.customer.merge.log", "customer_id", "Merged from", groups=STEWARD_GROUP
    )
    merge_count = fields.Integer(
        "Merged", compute="_compute_merge_count", groups=STEWARD_GROUP
    )

    def _compute_merge_count(self):
        groups = self.env["crm.customer.merge.log"]._read_group(
            [("customer_id", "in", self.ids)], ["customer_id"], ["__count"]
        )
        counts = {customer.id: count for customer, count in groups}
        for customer in self:
            customer.merge_count = counts.get(customer.id, 0)

    def action_view_merge_log(self):
        """Open what this customer was merged from."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle.crm_customer_merge_log_action"
        )
        action["domain"] = [("customer_id", "=", self.id)]
        return action
