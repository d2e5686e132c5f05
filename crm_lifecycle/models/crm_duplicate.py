from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib import duplicates
from .wording import listed

KINDS = tuple(duplicates.EVIDENCE)
COMPARED = (
    "name", "is_company", "parent_id", "email", "phone", "vat", "ref", "street", "city",
    "country_id", "user_id", "company_id", "create_date",
)  # fmt: skip
MERGED_AT_ONCE = 3
"""So many contacts Odoo's own merge takes together."""


class CrmDuplicate(models.Model):
    """Contacts that are likely one, offered to a person; see crm_duplicate_search.py.

    One row per set of contacts, whatever they have in common. A set whose pairs were
    all called different is ignored until one more contact joins it.
    """

    _name = "crm.duplicate"
    _description = "Likely Duplicate"
    _order = "score desc, id desc"

    partner_ids = fields.Many2many(
        "res.partner",
        "crm_duplicate_partner_rel",
        "duplicate_id",
        "partner_id",
        "Contacts",
        readonly=True,
        context={"active_test": False},
    )
    signature = fields.Char(readonly=True, help="The ids of the contacts.")
    company_id = fields.Many2one(
        "res.company",
        index=True,
        ondelete="cascade",
        readonly=True,
        help="Empty: all of the contacts are shared between companies.",
    )
    by_vat = fields.Boolean("Same Tax Number", readonly=True)
    by_mail = fields.Boolean("Same Mail Address", readonly=True)
    by_name = fields.Boolean("Same Name", readonly=True)
    by_phone = fields.Boolean("Same Phone", readonly=True)
    evidence = fields.Char("In Common", compute="_compute_evidence")
    score = fields.Integer(
        "Likelihood",
        readonly=True,
        aggregator="avg",
        help="How likely the contacts are one, in percent.",
    )
    state = fields.Selection(
        [("new", "To check"), ("ignored", "Not the same"), ("merged", "Merged")],
        required=True,
        default="new",
        readonly=True,
        index=True,
    )
    partner_count = fields.Integer("Number", compute="_compute_comparison")
    comparison = fields.Html(
        compute="_compute_comparison", sanitize=False, help="What differs is marked."
    )
    merged_names = fields.Char("Merged Contacts", readonly=True)
    merged_user_id = fields.Many2one("res.users", "Merged by", readonly=True)
    merged_at = fields.Datetime("Merged on", readonly=True)

    _signature_unique = models.UniqueIndex(
        "(COALESCE(company_id, 0), signature) WHERE state != 'merged'"
    )

    @api.depends("partner_ids.display_name", "merged_names")
    def _compute_display_name(self):
        for duplicate in self:
            names = duplicate.partner_ids.mapped("display_name")
            duplicate.display_name = duplicate.merged_names or " / ".join(
                name or "" for name in names
            )

    @api.depends(*(f"by_{kind}" for kind in KINDS))
    @api.depends_context("lang")
    def _compute_evidence(self):
        labels = {
            kind: self._fields[f"by_{kind}"]._description_string(self.env)
            for kind in KINDS
        }
        for duplicate in self:
            duplicate.evidence = listed(
                self.env,
                (label for kind, label in labels.items() if duplicate[f"by_{kind}"]),
            )

    @api.depends("partner_ids")
    @api.depends_context("lang", "uid")
    def _compute_comparison(self):
        for duplicate in self:
            partners = duplicate.partner_ids.sorted("id")
            duplicate.partner_count = len(partners)
            duplicate.comparison = partners and duplicate._render_comparison(partners)

    def _render_comparison(self, partners):
        """Return a table with a column per contact; lines that differ are marked."""
        head = Markup().join(
            Markup('<th><a href="/odoo/res.partner/%s">%s</a></th>')
            % (partner.id, partner.display_name or partner.id)
            for partner in partners
        )
        lines = Markup().join(
            self._render_line(
                partners._fields[name]._description_string(self.env), texts
            )
            for name, texts in self._get_compared(partners)
        )
        return Markup(
            '<table class="table table-sm o_crm_comparison"><thead><tr><th/>%s</tr>'
            "</thead><tbody>%s</tbody></table>"
        ) % (head, lines)

    def _render_line(self, label, texts):
        differs = len({text for text in texts if text}) > 1
        cells = Markup().join(Markup("<td>%s</td>") % text for text in texts)
        return Markup('<tr class="%s"><th>%s</th>%s</tr>') % (
            "table-warning" if differs else "",
            label,
            cells,
        )

    def _get_compared(self, partners):
        """Return [(field, [text per contact])] of what any of them has."""
        compared = []
        for name in COMPARED:
            field = partners._fields[name]
            texts = [self._get_text(partner, field) for partner in partners]
            if any(texts):
                compared.append((name, [text or "" for text in texts]))
        return compared

    def _get_text(self, partner, field):
        value = partner[field.name]
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if field.relational:
            return value.sudo().display_name  # a name only; the record stays closed
        if field.type == "datetime" and value:
            return fields.Date.to_string(fields.Datetime.context_timestamp(self, value))
        return value

    def action_merge(self):
        """Open Odoo's own merge of these contacts.

        :raise UserError: where fewer than two of them are left or may be seen
        """
        self.ensure_one()
        partners = self.partner_ids
        if len(partners) < 2:
            raise UserError(
                self.env._(
                    "There is nothing left to merge here: look for duplicates again."
                )
            )
        chosen = partners.sorted("id")[:MERGED_AT_ONCE]
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "base.action_partner_merge"
        )
        action["context"] = {
            "active_model": "res.partner",
            "active_ids": chosen.ids,
            "active_test": False,
        }
        return action

    def action_ignore(self):
        """Note that these contacts are different; they are not offered again."""
        self.check_access("write")
        for duplicate in self:
            partners = duplicate.partner_ids
            for partner in partners:
                # a note between contacts, whoever may write them
                partner.sudo().crm_different_ids |= partners - partner
        self.env.flush_all()
        self.sudo()._judge_ignored()  # other rows may hold the same pairs
        return True

    def action_reopen(self):
        """Offer these contacts again."""
        self.check_access("write")
        for duplicate in self:
            partners = duplicate.partner_ids
            for partner in partners:
                # a note between contacts, whoever may write them
                partner.sudo().crm_different_ids -= partners
        self.env.flush_all()
        self.sudo()._judge_ignored()
        return True
