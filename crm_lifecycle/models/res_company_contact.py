from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    crm_owner_alarm_hours = fields.Float(
        "Alarm without Accountable Person after",
        default=24.0,
        help="Hours after which a customer without accountable person raises an alarm.",
    )
    crm_owner_alarm_user_id = fields.Many2one(
        "res.users",
        "Alarms Go to",
        domain=[("share", "=", False)],
        help="Who is told where the customer has neither a deputy nor a sales team "
        "with a leader. Empty: a lifecycle administrator of the company.",
    )
    crm_opt_in = fields.Boolean(
        "Offers Only with Consent",
        help="Offers and marketing go only to contacts whose consent is recorded; "
        "otherwise to all who did not refuse.",
    )
