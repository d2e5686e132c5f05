from odoo import models


class RatingRating(models.Model):
    _inherit = "rating.rating"

    _crm_timeline_idx = models.Index(
        "(partner_id) WHERE consumed AND partner_id IS NOT NULL"
    )
