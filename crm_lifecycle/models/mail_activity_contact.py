from odoo import api, models

CHANNELS = {"phonecall": "phone", "meeting": "visit"}
"""Channels of the kinds of activities that mean a contact."""

MAIL_TYPE = "mail.mail_activity_data_email"
TODO_TYPE = "mail.mail_activity_data_todo"


class MailActivity(models.Model):
    """Nobody is asked to call, visit or mail who must not be contacted.

    A person who plans that is told so. What an automation plans becomes a to-do that
    says why: the work is not lost, the contact does not happen.
    """

    _inherit = "mail.activity"

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        activities._ask_ledger()
        return activities

    def write(self, vals):
        result = super().write(vals)
        if "activity_type_id" in vals:
            self._ask_ledger()
        return result

    def _ask_ledger(self):
        """Refuse, or turn into a to-do, what must not be done."""
        for code, activities in self._group_by_channel().items():
            channel = self.env["crm.channel"]._by_code(code)
            for model, found in activities.grouped("res_model").items():
                documents = self.env[model].browse(found.mapped("res_id"))
                if not self.env.su:
                    documents._check_contact(documents._get_ledger_contacts(), code)
                    continue
                refused = documents._get_refused_documents(
                    channel, documents._get_purpose()
                )
                by_document = found.grouped("res_id")
                for document_id in refused.ids:
                    by_document[document_id]._make_todo(channel)

    def _group_by_channel(self):
        """Return {code of a channel: activities on guarded documents}."""
        mail_type = self.env.ref(MAIL_TYPE, raise_if_not_found=False)
        grouped = {}
        for activity in self:
            kind = activity.activity_type_id
            code = "mail" if kind == mail_type else CHANNELS.get(kind.category)
            if code and activity._is_guarded():
                grouped.setdefault(code, self.browse())
                grouped[code] |= activity
        return grouped

    def _is_guarded(self):
        guard = self.pool["crm.contact.guard"]
        model = self.res_model
        return bool(model and self.res_id and issubclass(self.pool[model], guard))

    def _make_todo(self, channel):
        for activity in self:
            summary = activity.summary or activity.activity_type_id.name
            activity.write(
                {
                    "activity_type_id": self.env.ref(TODO_TYPE).id,
                    "summary": self.env._(
                        "%(summary)s (must not be contacted by %(channel)s)",
                        summary=summary,
                        channel=channel.name,
                    ),
                }
            )
