from odoo import models

from .crm_customer_review import REVIEW_TYPE


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """Who marks a data review as done has found the data right."""
        review = self.env.ref(REVIEW_TYPE, raise_if_not_found=False)
        reviewed = self.browse()
        if review and not self.env.context.get("crm_review_closes"):
            reviewed = self.filtered(
                lambda activity: (
                    activity.activity_type_id == review
                    and activity.res_model == "crm.customer"
                )
            )
        customers = self.env["crm.customer"].browse(reviewed.mapped("res_id"))
        result = super()._action_done(feedback, attachment_ids)
        if customers.exists():
            customers.action_confirm_data()
        return result
