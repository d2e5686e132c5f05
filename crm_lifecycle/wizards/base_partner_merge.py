from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Merge the customers of the contacts first.

        Left to the wizard, a customer of a merged contact would collide with the one
        of the contact that stays, and be deleted with his history.
        """
        # who merges contacts need not see every customer
        Customer = self.env["crm.customer"].sudo()
        Customer._merge_partners(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)
