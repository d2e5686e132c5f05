import re

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..lib.rfm import SEGMENTS

CODE = re.compile(r"[a-z][a-z0-9_]*")


def rfm_segments(model):
    """The choices of a field `rfm_segment`: codes and names that the user may see."""
    return model.env["crm.loyalty.segment"]._get_choices()


class CrmLoyaltySegment(models.Model):
    """A name for customers who buy alike: as recently, as often and as much.

    Customers keep the `code` (it is what ``crm.customer.rfm_segment`` holds), so the
    name may change at any time and the code never.
    """

    _name = "crm.loyalty.segment"
    _description = "RFM Segment"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        copy=False,
        default="",
        help="What customers, filters and interfaces keep. Made from the name when "
        "left empty, and never changed afterwards.",
    )
    sequence = fields.Integer(default=10, help="The best customers first.")
    company_id = fields.Many2one(
        "res.company",
        domain="[('parent_id', '=', False)]",
        ondelete="cascade",
        index="btree_not_null",
        help="Empty: for all companies.",
    )
    color = fields.Integer(help="The colour in the drawn grid.")
    meaning = fields.Text(
        translate=True,
        help="Who these customers are, and what is worth doing with them.",
    )
    customer_count = fields.Integer("Customers", compute="_compute_sizes")
    revenue = fields.Monetary(compute="_compute_sizes")
    currency_id = fields.Many2one("res.currency", compute="_compute_sizes")

    _code_uniq = models.UniqueIndex(
        "(code)", "There is another segment with this code."
    )

    @api.depends_context("uid", "company", "allowed_company_ids")
    def _compute_sizes(self):
        company = self.env.company.root_id
        groups = self.env["crm.customer"]._read_group(
            [
                ("company_id", "=", company.id),
                ("rfm_segment", "in", self.mapped("code")),
            ],
            ["rfm_segment"],
            ["__count", "rated_revenue:sum"],
        )
        found = {code: figures for code, *figures in groups}
        for segment in self:
            count, revenue = found.get(segment.code, (0, 0.0))
            segment.customer_count = count
            segment.revenue = revenue
            segment.currency_id = company.currency_id

    @api.constrains("code")
    def _check_code(self):
        for segment in self:
            if not CODE.fullmatch(segment.code):
                raise ValidationError(
                    self.env._(
                        "%(code)s is no code: small Latin letters, digits and "
                        "underscores, a letter first.",
                        code=segment.code,
                    )
                )

    @api.constrains("company_id")
    def _check_company_is_main(self):
        for segment in self:
            if segment.company_id != segment.company_id.root_id:
                raise ValidationError(
                    self.env._(
                        "%(branch)s is a branch: its segments are those of its main "
                        "company.",
                        branch=segment.company_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not vals.get("code"):
                vals["code"] = self._prepare_code(vals.get("name") or "")
        segments = super().create(vals_list)
        self.env.registry.clear_cache()
        return segments

    def write(self, vals):
        if "code" in vals and any(one.code != vals["code"] for one in self):
            raise UserError(
                self.env._(
                    "The code of a segment stays as it is, because customers and "
                    "filters hold it. Change the name instead."
                )
            )
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_shipped(self):
        for segment in self.filtered(lambda one: one.code in SEGMENTS):
            raise UserError(
                self.env._(
                    "The segment %(name)s is part of the shipped grid. It can be "
                    "renamed, or left out of an own grid.",
                    name=segment.name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_used(self):
        # whose customers they are does not matter: also unseen ones keep the code
        used = (
            self.env["crm.customer"]
            .sudo()
            .with_context(active_test=False)
            ._read_group(
                [("rfm_segment", "in", self.mapped("code"))],
                ["rfm_segment"],
            )
        )
        codes = {code for (code,) in used}
        for segment in self.filtered(lambda one: one.code in codes):
            raise UserError(
                self.env._(
                    "Customers belong to the segment %(name)s. Give its cells to "
                    "another segment and run the policy first.",
                    name=segment.name,
                )
            )

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def action_open_customers(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_loyalty.crm_customer_class_action"
        )
        action["domain"] = [
            ("rfm_segment", "=", self.code),
            ("company_id", "=", self.env.company.root_id.id),
        ]
        action["context"] = {}
        action["display_name"] = self.name
        return action

    @api.model
    def _prepare_code(self, name):
        """A free code that reminds of the name, or a number where letters lack."""
        base = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
        base = base if CODE.fullmatch(base) else "segment"
        # sudo: a code has to be free in all companies
        taken = set(self.sudo().search([("code", "=like", f"{base}%")]).mapped("code"))
        number = 1
        while (code := base if number == 1 else f"{base}_{number}") in taken:
            number += 1
        return code

    @api.model
    def _get_choices(self):
        companies = () if self.env.su else tuple(self.env.companies.root_id.ids)
        return self._list_choices(self.env.lang, self.env.su, companies)

    @api.model
    @tools.ormcache("lang", "everything", "companies")
    def _list_choices(self, lang, everything, companies):
        """[(code, name)] of the segments of some companies, the best first."""
        domain = Domain("company_id", "in", [*companies, False])
        # sudo: whoever sees a customer may read what his segment is called
        segments = self.sudo().with_context(lang=lang)
        found = segments.search(Domain.TRUE if everything else domain)
        return [(segment.code, segment.name) for segment in found]
