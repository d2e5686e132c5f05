from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResConfigSettings(models.TransientModel):
    """Settings of the whole company; branches share those of their root company."""

    _inherit = "res.config.settings"

    crm_root_company_id = fields.Many2one(
        "res.company", compute="_compute_crm_root_company_id"
    )
    crm_owner_alarm_hours = fields.Float(
        related="crm_root_company_id.crm_owner_alarm_hours", readonly=False
    )
    crm_owner_alarm_user_id = fields.Many2one(
        related="crm_root_company_id.crm_owner_alarm_user_id", readonly=False
    )
    crm_opt_in = fields.Boolean(
        related="crm_root_company_id.crm_opt_in", readonly=False
    )

    @api.depends("company_id")
    def _compute_crm_root_company_id(self):
        for settings in self:
            settings.crm_root_company_id = settings.company_id.root_id

    @api.constrains("crm_owner_alarm_hours")
    def _check_crm_owner_alarm_hours(self):
        if any(settings.crm_owner_alarm_hours < 0 for settings in self):
            raise ValidationError(
                self.env._("The alarm comes after no hours or more, not before.")
            )
