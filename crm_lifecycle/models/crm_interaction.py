from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmInteraction(models.Model):
    """One contact between a customer and the company that no document records.

    A call, a visit, a letter, a fax, a chat on a messenger: what a lead, a mail or a
    meeting in the calendar does not tell already. Whoever is not a customer yet may
    have interactions, too; they join him once he becomes one.
    """

    _name = "crm.interaction"
    _description = "Interaction"
    _inherit = [
        "crm.contact.guard",
        "crm.customer.source",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _customer_fields = frozenset(
        ("partner_id", "company_id", "date", "channel_id", "direction")
    )
    _order = "date desc, id desc"

    name = fields.Char("Summary", required=True)
    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company.root_id,
        domain=[("parent_id", "=", False)],
    )
    customer_id = fields.Many2one(
        "crm.customer",
        compute="_compute_customer_id",
        store=True,
        index=True,
        ondelete="set null",
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    channel_id = fields.Many2one("crm.channel", required=True, ondelete="restrict")
    touchpoint_id = fields.Many2one(
        "crm.touchpoint",
        index="btree_not_null",
        ondelete="set null",
        domain="[('channel_id', '=', channel_id), ('company_id', '=', company_id)]",
        help="Where on this channel, for example which hotline or fair.",
    )
    direction = fields.Selection(
        [("in", "From the customer"), ("out", "To the customer")],
        required=True,
        default="in",
    )
    user_id = fields.Many2one(
        "res.users", "Colleague", index=True, default=lambda self: self.env.user
    )
    duration = fields.Float("Minutes")
    note = fields.Html("Notes")

    _customer_date_idx = models.Index("(customer_id, date DESC, id DESC)")

    @api.depends("partner_id.commercial_partner_id", "company_id")
    def _compute_customer_id(self):
        known = self.env["crm.customer"]._find_customer_ids(
            self.partner_id, self.company_id
        )
        for interaction in self:
            owner = interaction.partner_id.commercial_partner_id
            key = (owner.id, interaction.company_id.id)
            interaction.customer_id = known.get(key, False)

    @api.constrains("date")
    def _check_date(self):
        limit = fields.Datetime.add(fields.Datetime.now(), days=1)
        for interaction in self:
            if interaction.date > limit:
                raise ValidationError(
                    self.env._(
                        "%(summary)s has not happened yet; plan an activity or a "
                        "meeting instead.",
                        summary=interaction.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        interactions = super().create(vals_list)
        interactions._queue_customer_events()
        return interactions

    def _queue_customer_events(self):
        # who notes a call down need not see every customer
        self.env["crm.customer"]._queue_events(
            "interaction",
            {(noted.company_id.id, noted.partner_id.id) for noted in self.sudo()},
        )
