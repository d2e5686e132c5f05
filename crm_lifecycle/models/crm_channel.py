from urllib.parse import quote

from odoo import api, fields, models

from ..lib.phone import significant

KINDS = {
    "phone": "call",
    "mail": "mail",
    "sms": "sms",
    "visit": "meeting",
    "letter": "letter",
    "messaging": "link",
    "web": "link",
    "portal": "link",
    "chat": "link",
}
ADDRESSES = {"call": "phone", "sms": "phone", "mail": "email", "letter": "postal"}
ICONS = {
    "phone": "fa-phone",
    "mail": "fa-envelope",
    "sms": "fa-commenting",
    "letter": "fa-file-text-o",
    "fax": "fa-fax",
    "visit": "fa-handshake-o",
    "web": "fa-globe",
    "portal": "fa-user-circle-o",
    "chat": "fa-comments",
    "messaging": "fa-paper-plane",
    "kiosk": "fa-desktop",
}


class CrmChannel(models.Model):
    """A way by which a customer and the company reach each other.

    Its kind says what the button *Contact* opens, its address which field of the
    contact is needed for that.
    """

    _name = "crm.channel"
    _description = "Contact Channel"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="What rules and integrations use; keep it as it is."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [
            ("call", "Call"),
            ("mail", "Write an e-mail"),
            ("sms", "Write an SMS"),
            ("meeting", "Plan a meeting"),
            ("letter", "Print a letter"),
            ("link", "Open a link"),
            ("log", "Only note it down"),
        ],
        "Contact Opens",
        required=True,
        compute="_compute_kind",
        store=True,
        readonly=False,
        precompute=True,
        help="What the button Contact opens for customers who prefer this channel.",
    )
    address_field = fields.Selection(
        [
            ("phone", "Phone number"),
            ("email", "E-mail address"),
            ("postal", "Postal address"),
            ("none", "None"),
        ],
        "Needs",
        required=True,
        compute="_compute_address_field",
        store=True,
        readonly=False,
        precompute=True,
        help="What has to be known of a contact to reach him on this channel.",
    )
    icon = fields.Char(
        compute="_compute_icon",
        store=True,
        readonly=False,
        precompute=True,
        help="Name of a Font Awesome 4 icon, for example fa-phone.",
    )
    link = fields.Char(
        help="Address that opens the channel; {number} becomes the digits of the "
        "contact's phone number and {email} his e-mail address. "
        "For example https://wa.me/{number}",
    )

    _code_unique = models.UniqueIndex("(code)", "A channel with this code exists.")

    @api.depends("code")
    def _compute_kind(self):
        for channel in self:
            channel.kind = channel.kind or KINDS.get(channel.code, "log")

    @api.depends("kind")
    def _compute_address_field(self):
        for channel in self:
            known = channel.address_field
            channel.address_field = known or ADDRESSES.get(channel.kind, "none")

    @api.depends("code")
    def _compute_icon(self):
        for channel in self:
            channel.icon = channel.icon or ICONS.get(channel.code, "fa-circle-o")

    @api.model
    def _by_code(self, code):
        """Return the channel with a code, archived or not; empty when there is none."""
        return self.with_context(active_test=False).search([("code", "=", code)])

    def _get_address(self, partner):
        """Return the text by which a contact is reached here, empty when unknown."""
        if self.address_field == "postal":
            return partner._crm_postal_address()
        if self.address_field == "none":
            return ""
        owner = partner.commercial_partner_id
        return partner[self.address_field] or owner[self.address_field] or ""

    def _reaches(self, partner):
        """Say whether what this channel needs is known of a contact."""
        return self.address_field == "none" or bool(self._get_address(partner))

    def _get_link(self, partner):
        """Return the address that opens this channel for a contact, or empty."""
        link = self.link or ""
        owner = partner.commercial_partner_id
        values = {
            "{number}": significant(
                partner.phone_sanitized
                or owner.phone_sanitized
                or partner.phone
                or owner.phone
                or ""
            ),
            "{email}": quote(partner.email or owner.email or ""),
        }
        for placeholder, value in values.items():
            if placeholder in link and not value:
                return ""
            link = link.replace(placeholder, value)
        return link
