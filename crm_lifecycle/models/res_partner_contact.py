from odoo import models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    """The button *Contact*: one click opens the channel that the contact prefers."""

    _inherit = "res.partner"

    def action_crm_contact(self):
        """Contact on the preferred channel at once; ask where that is not clear."""
        self.ensure_one()
        partner = self._crm_main_contact()
        channel, _origin, _times = partner._crm_channel_preferences()[partner.id]
        wizard = self.env["crm.contact.wizard"]
        customer = partner.crm_customer_id
        purpose = wizard._get_default_purpose(customer)
        if (
            channel
            and channel._reaches(partner)
            and partner._crm_may_contact(channel, purpose)
        ):
            return partner._crm_contact_action(channel, purpose, customer)
        return self.action_crm_contact_choose()

    def action_crm_contact_choose(self):
        """Ask whom to contact, what for and how, with a proposal."""
        self.ensure_one()
        partner = self._crm_main_contact()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Contact by…"),
            "res_model": "crm.contact.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_owner_id": partner.commercial_partner_id.id,
                "default_partner_id": partner.id,
                "default_customer_id": partner.crm_customer_id.id,
            },
        }

    def action_crm_log(self):
        """Note down that the contact called."""
        self.ensure_one()
        channel = self.env["crm.channel"]._by_code("phone")
        action = self._crm_log_action(channel, "order", self.env._("Call"))
        action["context"]["default_direction"] = "in"
        return action

    def _crm_main_contact(self):
        """Return the person to speak with.

        Of a company its people, who said how they want to be contacted first, then who
        was entered first; the company itself where no person is known.
        """
        self.ensure_one()
        if not self.is_company:
            return self
        people = self.child_ids.filtered(lambda child: child.type == "contact")
        people = people.sorted(
            lambda person: (not person.crm_preferred_channel_id, person.id)
        )
        return people[:1] or self

    def _crm_contact_action(self, channel, purpose, customer):
        """Return the action that contacts this person on a channel.

        :raise UserError: where the ledger forbids it, or the address is missing
        """
        self.ensure_one()
        self._crm_check_contact(channel, purpose)
        if not channel._reaches(self):
            raise UserError(
                self.env._(
                    "What %(channel)s needs is not known of %(who)s; fill it in first.",
                    channel=channel.name,
                    who=self.display_name,
                )
            )
        prepare = getattr(self, f"_prepare_{channel.kind}_action", None)
        if prepare is None or (channel.kind == "sms" and not self._crm_has_sms()):
            return self._crm_log_action(channel, purpose, channel.name)
        return prepare(channel, purpose, customer)

    def _crm_has_sms(self):
        return "sms.composer" in self.env

    def _prepare_mail_action(self, _channel, purpose, customer):
        document = customer or self
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("E-mail to %(who)s", who=self.display_name),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": document._name,
                "default_res_ids": document.ids,
                "default_composition_mode": "comment",
                "default_partner_ids": self.ids,
                "default_lang": self.lang,
                "crm_contact_purpose": purpose,
                "clicked_on_full_composer": True,
            },
        }

    def _prepare_sms_action(self, _channel, purpose, customer):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("SMS to %(who)s", who=self.display_name),
            "res_model": "sms.composer",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_res_model": self._name,
                "default_res_id": self.id,
                "default_composition_mode": "comment",
                "default_number_field_name": "phone",
                "crm_contact_purpose": purpose,
            },
        }

    def _prepare_meeting_action(self, channel, _purpose, _customer):
        people = self.env.user.partner_id | self
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Meeting with %(who)s", who=self.display_name),
            "res_model": "calendar.event",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "current",
            "context": {
                "default_partner_ids": people.ids,
                "default_name": self.env._(
                    "%(channel)s: %(who)s", channel=channel.name, who=self.display_name
                ),
                "default_location": self._crm_postal_address().replace("\n", ", "),
            },
        }

    def _prepare_call_action(self, channel, purpose, _customer):
        return self._crm_log_action(
            channel, purpose, self.env._("Call %(who)s", who=self.display_name)
        )

    def _prepare_letter_action(self, channel, purpose, _customer):
        return self._crm_log_action(
            channel, purpose, self.env._("Letter to %(who)s", who=self.display_name)
        )

    def _crm_log_action(self, channel, purpose, title):
        """Return the dialog that notes an interaction down."""
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "crm.interaction.log",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_partner_id": self.id,
                "default_channel_id": channel.id,
                "default_purpose": purpose,
                "default_direction": "out",
                "default_name": title,
            },
        }
