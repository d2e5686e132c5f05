from odoo import api, models
from odoo.exceptions import ValidationError


class CrmLoyaltyBenefit(models.Model):
    _inherit = "crm.loyalty.benefit"

    @api.constrains("rfm_segment")
    def _check_rfm_segment(self):
        known = dict(self.env["crm.loyalty.segment"]._get_choices())
        for benefit in self.filtered("rfm_segment"):
            if benefit.rfm_segment not in known:
                raise ValidationError(
                    self.env._(
                        "There is no segment %(code)s.", code=benefit.rfm_segment
                    )
                )
