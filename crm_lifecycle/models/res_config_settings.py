from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    process_window_months = fields.Integer(
        related="company_id.root_id.process_window_months", readonly=False
    )
