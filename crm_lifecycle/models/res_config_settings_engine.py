from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    crm_engine_alarm = fields.Boolean(
        "Alarm when the engine is stuck", config_parameter="crm_lifecycle.engine_alarm"
    )
