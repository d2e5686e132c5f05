from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    _crm_timeline_idx = models.Index(
        "(partner_id, date DESC, id DESC)"
        " WHERE partner_type = 'customer' AND partner_id IS NOT NULL"
    )
