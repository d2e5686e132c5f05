from odoo import api, fields, models


class CrmCustomerWhy(models.TransientModel):
    """The explanation of a customer's stage, for people to read."""

    _name = "crm.customer.why"
    _description = "Why a Customer is in his Stage"

    customer_id = fields.Many2one("crm.customer", required=True, ondelete="cascade")
    explanation = fields.Html(compute="_compute_explanation", sanitize=False)

    @api.depends("customer_id")
    def _compute_explanation(self):
        for why in self:
            why.explanation = self.env["ir.qweb"]._render(
                "crm_lifecycle.crm_customer_why",
                {"why": why.customer_id._explain_stage()},
            )
