from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CrmConsent(models.Model):
    """One line of the consent ledger: what a contact allowed or forbade, and when.

    Nobody rewrites it: who changes his mind gets a new line, and the last line that
    covers a purpose and a channel counts. A refusal of everything is "do not contact";
    only a later line for everything lifts it. res_partner_consent.py answers who may
    be contacted.
    """

    _name = "crm.consent"
    _description = "Consent"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company.root_id,
        domain=[("parent_id", "=", False)],
        help="To which of your companies it was said; empty: to all of them.",
    )
    customer_id = fields.Many2one(
        "crm.customer",
        compute="_compute_customer_id",
        store=True,
        index=True,
        ondelete="set null",
    )
    purpose = fields.Selection(
        selection="_selection_purpose",
        required=True,
        default="marketing",
        help="What the contact spoke of. A refusal of everything means: do not "
        "contact him at all.",
    )
    channel_id = fields.Many2one(
        "crm.channel",
        "Channel",
        ondelete="restrict",
        help="On which channel; empty: on all of them.",
    )
    state = fields.Selection(
        [("given", "Allowed"), ("refused", "Refused"), ("withdrawn", "Withdrawn")],
        "Said",
        required=True,
        default="given",
    )
    basis = fields.Selection(
        [
            ("consent", "Consent"),
            ("contract", "Contract"),
            ("law", "Law"),
            ("interest", "Legitimate interest"),
        ],
        "Legal Basis",
        required=True,
        default="consent",
    )
    source = fields.Selection(
        [
            ("form", "Form"),
            ("portal", "Customer portal"),
            ("phone", "Phone"),
            ("mail", "E-mail"),
            ("letter", "Letter"),
            ("visit", "In person"),
            ("import", "Import"),
            ("other", "Other"),
        ],
        required=True,
        default="phone",
        help="How the contact told us.",
    )
    date = fields.Datetime(
        "Said on", required=True, default=fields.Datetime.now, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Recorded by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    evidence = fields.Text(
        help="The words of the contact, the text that he agreed to, or where the "
        "proof is kept.",
    )
    evidence_file = fields.Binary("Document", attachment=True)
    evidence_name = fields.Char("File Name")

    _partner_purpose_idx = models.Index("(partner_id, purpose, date DESC, id DESC)")
    _refusals_idx = models.Index("(purpose, partner_id) WHERE state != 'given'")

    @api.model
    def _selection_purpose(self):
        """Return the purposes; addons above add theirs by super()."""
        return [
            ("all", self.env._("Everything")),
            ("order", self.env._("Enquiries, orders and invoices")),
            ("service", self.env._("Service and maintenance")),
            ("marketing", self.env._("Offers and marketing")),
            ("survey", self.env._("Surveys")),
            ("greeting", self.env._("Greetings and gifts")),
        ]

    @api.depends("partner_id.commercial_partner_id", "company_id")
    def _compute_customer_id(self):
        known = self.env["crm.customer"]._find_customer_ids(
            self.partner_id, self.company_id
        )
        for line in self:
            owner = line.partner_id.commercial_partner_id
            line.customer_id = known.get((owner.id, line.company_id.id), False)

    @api.constrains("date")
    def _check_date(self):
        limit = fields.Datetime.add(fields.Datetime.now(), minutes=10)
        if any(line.date > limit for line in self):
            raise ValidationError(
                self.env._("What has not been said yet cannot be recorded.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Record lines; who records them is not chosen."""
        if not self.env.su:
            for vals in vals_list:
                vals["user_id"] = self.env.uid
        return super().create(vals_list)

    def write(self, vals):
        """Refuse: the ledger only grows. The engine may (merges)."""
        if not self.env.su:
            raise UserError(
                self.env._(
                    "A recorded consent is never rewritten. Record what was said now "
                    "as a new line; the last line counts."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(
                self.env._(
                    "The consent ledger only grows. To forget a person, delete the "
                    "contact."
                )
            )
