from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CrmInteractionLog(models.TransientModel):
    """Note down a call, a letter, a message in a moment, and plan what follows."""

    _name = "crm.interaction.log"
    _description = "Note an Interaction Down"

    partner_id = fields.Many2one("res.partner", "Contact", required=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company.root_id
    )
    channel_id = fields.Many2one("crm.channel", required=True)
    kind = fields.Selection(related="channel_id.kind")
    direction = fields.Selection(
        [("in", "From the customer"), ("out", "To the customer")],
        required=True,
        default="out",
    )
    purpose = fields.Char(help="Technical: the purpose that was asked for.")
    phone = fields.Char(compute="_compute_addresses")
    link = fields.Char(compute="_compute_addresses")
    postal = fields.Text(compute="_compute_addresses")
    name = fields.Char("Summary", required=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    duration = fields.Float("Minutes")
    touchpoint_id = fields.Many2one(
        "crm.touchpoint",
        domain="[('channel_id', '=', channel_id), ('company_id', '=', company_id)]",
    )
    note = fields.Html("Notes")
    next_date = fields.Date("Next Step on")
    next_summary = fields.Char("Next Step")

    @api.depends("partner_id", "channel_id")
    def _compute_addresses(self):
        for log in self:
            owner = log.partner_id.commercial_partner_id
            log.phone = log.partner_id.phone or owner.phone
            log.link = (
                log.channel_id._get_link(log.partner_id) if log.partner_id else ""
            )
            log.postal = log.partner_id and log.partner_id._crm_postal_address()

    @api.constrains("duration")
    def _check_duration(self):
        if any(log.duration < 0 for log in self):
            raise ValidationError(
                self.env._("A conversation lasts no minutes or more, not fewer.")
            )

    def action_log(self):
        """Note it down and plan the next step."""
        self._log()
        return {"type": "ir.actions.act_window_close"}

    def action_print(self):
        """Note the letter down and print it.

        :raise UserError: where the contact must not get one
        """
        for log in self:
            log._check_ledger()
        return self.env.ref("crm_lifecycle.action_report_letter").report_action(
            self._log()
        )

    def action_later(self):
        """Plan a call for the day of the next step instead of calling now."""
        self.ensure_one()
        self._check_ledger()
        if not self.next_date:
            raise UserError(self.env._("Say on which day to call."))
        self._get_document().activity_schedule(
            "mail.mail_activity_data_call",
            self.next_date,
            self.next_summary or self.name,
            user_id=self.env.uid,
        )
        return {"type": "ir.actions.act_window_close"}

    def _log(self):
        """Make the interaction; what goes out asks the ledger first."""
        interactions = self.env["crm.interaction"]
        for log in self:
            if log.direction == "out":
                log._check_ledger()
            interactions += interactions.create(log._prepare_interaction_values())
            if log.next_date:
                log._get_document().activity_schedule(
                    "mail.mail_activity_data_todo",
                    log.next_date,
                    log.next_summary or log.name,
                    user_id=self.env.uid,
                )
        return interactions

    def _check_ledger(self):
        """Refuse to contact who must not be."""
        self.ensure_one()
        self.partner_id.with_company(self.company_id)._crm_check_contact(
            self.channel_id, self.purpose or "order"
        )

    def _prepare_interaction_values(self):
        self.ensure_one()
        return {
            "name": self.name,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "channel_id": self.channel_id.id,
            "touchpoint_id": self.touchpoint_id.id,
            "direction": self.direction,
            "date": self.date,
            "duration": self.duration,
            "note": self.note,
        }

    def _get_document(self):
        """Return the customer, else the contact, on whom the next step is planned."""
        self.ensure_one()
        partner = self.partner_id.with_company(self.company_id)
        return partner.crm_customer_id or partner
