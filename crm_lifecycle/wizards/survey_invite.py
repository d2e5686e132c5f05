from odoo import models


class SurveyInvite(models.TransientModel):
    """Who refused surveys, or everything, is not invited to one: the sender is told."""

    _inherit = "survey.invite"

    def _prepare_answers(self, partners, emails):
        channel = self.env["crm.channel"]._by_code("mail")
        partners._crm_check_contact(channel, "survey")
        return super()._prepare_answers(partners, emails)
