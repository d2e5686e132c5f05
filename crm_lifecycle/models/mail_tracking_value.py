from odoo import models


class MailTrackingValue(models.Model):
    """Changes of protected fields are told in the chatter only, to whom may see them.

    The chatter asks for the access of whom looks. Mails about a change go to many
    people at once, so protected fields are left out of them.
    """

    _inherit = "mail.tracking.value"

    def _filter_free_field_access(self):
        free = super()._filter_free_field_access()
        classified = self.env["crm.info.class"]._get_classified_fields()
        if not classified:
            return free
        return free.filtered(
            lambda value: (value.field_id.model, value.field_id.name) not in classified
        )
