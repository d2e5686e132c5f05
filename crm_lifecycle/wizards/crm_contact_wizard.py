from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.wording import listed


class CrmContactWizard(models.TransientModel):
    """Contact a person: on the channel that he prefers, unless he refused it.

    The proposal, where it comes from, and what stands against it; another channel is a
    click away.
    """

    _name = "crm.contact.wizard"
    _description = "Contact a Customer"

    owner_id = fields.Many2one("res.partner", "Company", required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Person",
        required=True,
        domain="[('commercial_partner_id', '=', owner_id)]",
        help="With whom you want to speak.",
    )
    customer_id = fields.Many2one("crm.customer", readonly=True)
    purpose = fields.Selection(
        selection="_selection_purpose",
        required=True,
        compute="_compute_purpose",
        store=True,
        readonly=False,
        precompute=True,
        help="What it is about: a customer may allow one thing and refuse another.",
    )
    channel_id = fields.Many2one(
        "crm.channel",
        "Channel",
        compute="_compute_channel_id",
        store=True,
        readonly=False,
    )
    proposal = fields.Char(compute="_compute_proposal")
    address = fields.Char(compute="_compute_state")
    refusal = fields.Char(compute="_compute_state")
    missing = fields.Char(compute="_compute_state")
    other_channels = fields.Char(
        "Also Possible",
        compute="_compute_proposal",
        help="Other channels that are allowed and whose address is known.",
    )

    @api.model
    def _selection_purpose(self):
        purposes = self.env["crm.consent"]._selection_purpose()
        return [(key, text) for key, text in purposes if key != "all"]

    @api.depends("customer_id")
    def _compute_purpose(self):
        for wizard in self:
            wizard.purpose = wizard._get_default_purpose(wizard.customer_id)

    @api.model
    def _get_default_purpose(self, customer):
        """Whom nothing connects with us yet is offered something."""
        known = customer.lead_count + customer.quotation_count + customer.order_count
        return "order" if known else "marketing"

    @api.depends("partner_id")
    def _compute_channel_id(self):
        for wizard in self:
            channel, _origin, _times = wizard._get_preference()
            wizard.channel_id = channel

    @api.depends("partner_id", "purpose", "channel_id")
    def _compute_proposal(self):
        for wizard in self:
            channel, origin, times = wizard._get_preference()
            text = ""
            if channel:
                text = self.env._(
                    "%(channel)s is preferred (%(origin)s).",
                    channel=channel.name,
                    origin=wizard.customer_id._get_origin_text(origin, times),
                )
            wizard.proposal = text or self.env._("No preferred channel is known yet.")
            others = wizard._get_possible_channels() - wizard.channel_id
            wizard.other_channels = listed(self.env, others.mapped("name"))

    @api.depends("partner_id", "purpose", "channel_id")
    def _compute_state(self):
        for wizard in self:
            partner, channel = wizard.partner_id, wizard.channel_id
            causes = partner._crm_contact_refusals(channel, wizard.purpose)
            cause = causes.get(partner._origin.id)
            wizard.refusal = (
                partner._get_refusal_text(cause, channel, wizard.purpose)
                if cause
                else ""
            )
            wizard.address = channel._get_address(partner) if channel else ""
            wizard.missing = wizard._get_missing_text()

    def _get_missing_text(self):
        self.ensure_one()
        if not self.channel_id or self.channel_id._reaches(self.partner_id):
            return ""
        needs = dict(
            self.channel_id._fields["address_field"]._description_selection(self.env)
        )
        return self.env._(
            "%(what)s is not known of %(who)s.",
            what=needs[self.channel_id.address_field],
            who=self.partner_id.display_name,
        )

    def _get_preference(self):
        self.ensure_one()
        partner = self.partner_id
        preferences = partner._crm_channel_preferences() if partner else {}
        none = (self.env["crm.channel"], None, 0)
        return next(iter(preferences.values()), none)

    def _get_possible_channels(self):
        """Return the channels that are allowed and whose address is known."""
        self.ensure_one()
        partner = self.partner_id._origin
        return (
            self.env["crm.channel"]
            .search([("active", "=", True)])
            .filtered(
                lambda channel: (
                    channel._reaches(partner)
                    and partner._crm_may_contact(channel, self.purpose)
                )
            )
        )

    def action_contact(self):
        """Open composer, call, meeting or letter on the channel.

        :raise UserError: where the ledger forbids it, or the address is missing
        """
        self.ensure_one()
        if not self.channel_id:
            raise UserError(self.env._("Choose a channel first."))
        return self.partner_id._crm_contact_action(
            self.channel_id, self.purpose, self.customer_id
        )
