from odoo import fields, models


class CrmCustomerMergeLog(models.Model):
    """What a customer was before he was merged into another."""

    _name = "crm.customer.merge.log"
    _description = "Merged Customer"
    _order = "id desc"
    _rec_name = "merged_name"

    customer_id = fields.Many2one(
        "crm.customer", "Merged into", index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade", readonly=True
    )
    merged_name = fields.Char("Merged", required=True, readonly=True)
    merged_customer = fields.Integer("Merged customer ID", readonly=True)
    merged_partner = fields.Integer("Merged contact ID", readonly=True)
    user_id = fields.Many2one("res.users", "Merged by", readonly=True)
    date = fields.Datetime(required=True, readonly=True)
    cause = fields.Selection(
        [("merge", "Contacts merged"), ("parent", "Contact got a parent company")],
        required=True,
        readonly=True,
    )
    snapshot = fields.Json(
        readonly=True, help="The values and the stages of the merged customer."
    )
