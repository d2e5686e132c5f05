from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    service_invoice_grouping = fields.Selection(
        related="company_id.service_invoice_grouping", readonly=False, required=True
    )
    service_invoice_handling = fields.Selection(
        related="company_id.service_invoice_handling", readonly=False, required=True
    )
    service_period_calendar = fields.Selection(
        related="company_id.service_period_calendar", readonly=False, required=True
    )
    service_change_approval = fields.Boolean(
        related="company_id.service_change_approval", readonly=False
    )
