from odoo import api, models
from odoo.exceptions import UserError


class CrmCustomer(models.Model):
    """Mailings to customers, where the app Email Marketing is installed.

    Who must not be contacted is left out when the mails are made; the app shows him as
    excluded. No mail reaches a customer whom the person who answers for the mailing
    may not see: a cron sends with all rights, its author wrote with his own.
    """

    _inherit = "crm.customer"

    def action_write_to_selected(self):
        """Open a new mailing to these customers.

        :raise UserError: when no application for mailings is installed, or the user
            may not use it
        """
        if not self.env["crm.segment"]._can_mail():
            raise UserError(
                self.env._(
                    "Writing to many customers needs the application Email Marketing, "
                    "and the right to use it."
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Mailing to Customers"),
            "res_model": "mailing.mailing",
            "view_mode": "form",
            "context": {
                "default_mailing_type": "mail",
                "default_mailing_model_id": self.env["ir.model"]._get_id(self._name),
                "default_mailing_domain": repr([("id", "in", self.ids)]),
            },
        }

    @api.model
    def _mailing_get_default_domain(self, mailing):
        """Propose the customers of the companies that the author works in."""
        return [
            *super()._mailing_get_default_domain(mailing),
            ("company_id", "in", self.env.companies.root_id.ids),
        ]

    @api.model
    def _mailing_get_opt_out_list_sms(self, mailing):
        """Return the ids of whom a mailing by SMS must leave out."""
        refused = super()._mailing_get_opt_out_list_sms(mailing)
        customers = self.browse(mailing._get_recipients())
        strangers = customers._get_strangers(mailing.user_id or mailing.create_uid)
        return [*refused, *strangers.ids]

    def _crm_get_mailing_refusals(self, channel, purpose, responsible):
        refused = super()._crm_get_mailing_refusals(channel, purpose, responsible)
        return refused | set(self._get_strangers(responsible).ids)

    def _get_strangers(self, user):
        """Return those of the customers whom a person may not see in any company."""
        seen = self.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )
        return self - self.browse(seen._filtered_access("read").ids)
