from odoo import api, models

from ..models.crm_customer import STEWARD_GROUP


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Odoo's own merge of contacts, with whatever this suite knows of them."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Merge; data stewards also contacts with different mail addresses.

        Not where one of them is a user: whoever could merge a user into his own
        contact would take over the account. That stays with the administrator.
        """
        partners = self.env["res.partner"].browse(partner_ids).exists()
        if extra_checks and self.env.user.has_group(STEWARD_GROUP):
            # whether there are users at all, whoever may see them
            users = partners.sudo().with_context(active_test=False).user_ids
            extra_checks = bool(users)
        names = {partner.id: partner.display_name for partner in partners}
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        gone = partners - partners.exists()
        if gone:
            # the offers are the search's
            self.env["crm.duplicate"].sudo()._note_merged(names, self.env.uid)
        return result

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Merge customers of the contacts first, and whatever is unique per contact.

        Left to the wizard, a customer of a merged contact would collide with the one
        of the contact that stays, and be deleted with his history.
        """
        # who merges contacts need not see every customer
        Customer = self.env["crm.customer"].sudo()
        Customer._merge_partners(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _update_reference_fields(self, src_partners, dst_partner):
        """Move what refers by model and id, too: ratings, followers, meetings ..."""
        # whoever may merge contacts moves all that refers to them
        Rows = self.env["crm.merge.rows"].sudo()
        for partner in src_partners:
            Rows._move_generic_references("res.partner", partner, dst_partner)
        return super()._update_reference_fields(src_partners, dst_partner)
