from odoo import api, fields, models

from .crm_customer import STEWARD_GROUP


class ResPartner(models.Model):
    _inherit = "res.partner"

    crm_different_ids = fields.Many2many(
        "res.partner",
        "crm_different_partner_rel",
        "partner_id",
        "other_id",
        "Known to be Different",
        copy=False,
        groups=STEWARD_GROUP,
        help="Contacts that look alike, of whom a data steward said that they are not "
        "the same.",
    )
    crm_duplicate_ids = fields.Many2many(
        "crm.duplicate",
        "crm_duplicate_partner_rel",
        "partner_id",
        "duplicate_id",
        "Likely Duplicates",
        copy=False,
        readonly=True,
        groups=STEWARD_GROUP,
    )
    crm_duplicate_count = fields.Integer(
        "Duplicates",
        compute="_compute_crm_duplicate_count",
        groups="sales_team.group_sale_salesman",
        help="Other contacts that are likely the same.",
    )

    @api.depends("name", "phone", "email", "vat", "parent_id", "crm_different_ids")
    @api.depends_context("company", "uid")
    def _compute_crm_duplicate_count(self):
        """Look now, by the indexes of the keys: a contact just typed counts, too."""
        stored = self._origin.ids
        # how many there are; the list then shows those the user may see
        Duplicate = self.env["crm.duplicate"].sudo()
        found = Duplicate._find_resembling(stored) if stored else {}
        for partner in self:
            partner.crm_duplicate_count = len(found.get(partner._origin.id, ()))

    def action_view_crm_duplicates(self):
        """Compare this contact with those that are likely the same.

        Data stewards get the offers to merge; other people a list of the contacts.
        """
        self.ensure_one()
        Duplicate = self.env["crm.duplicate"]
        if not self.env.user.has_group(STEWARD_GROUP):
            # ids only; the list shows what the user may see
            others = Duplicate.sudo()._find_resembling(self.ids).get(self.id, ())
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Likely the Same"),
                "res_model": "res.partner",
                "view_mode": "list,kanban,form",
                "domain": [("id", "in", [self.id, *others])],
            }
        Duplicate.sudo()._refresh(self.ids)  # rows are written by the search alone
        rows = Duplicate.search(
            [("partner_ids", "in", self.ids), ("state", "=", "new")]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle.crm_duplicate_action"
        )
        action.update({"domain": [("id", "in", rows.ids)], "context": {}})
        if len(rows) == 1:
            action.update({"views": [(False, "form")], "res_id": rows.id})
        return action
