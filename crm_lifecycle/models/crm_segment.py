from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..lib import rules as rule_lib


class CrmSegment(models.Model):
    """A group of customers with a definition, an owner and a history.

    A dynamic segment is a condition over the customer, kept up to date by the engine
    (crm_segment_refresh.py); a fixed list holds whom people put there. Either way the
    members stand in one table, so that filters, rules, mailings, programmes, plans and
    figures read them alike: ``_get_customers()`` and ``_get_customer_domain()``.
    Example of a condition: ``[("revenue_total", ">", 50000)]``.
    """

    _name = "crm.segment"
    _description = "Customer Segment"
    _inherit = ["crm.condition.writer", "crm.root.owned"]
    _order = "sequence, name, id"
    _condition_fields = frozenset(("domain", "kind", "company_id"))

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    owner_id = fields.Many2one(
        help="Answers for what the segment means and what is done for it."
    )
    purpose = fields.Text(
        translate=True, help="What the segment is for, and what it is not for."
    )
    kind = fields.Selection(
        [("dynamic", "Condition"), ("fixed", "Fixed list")],
        required=True,
        default="dynamic",
        tracking=True,
        help="Condition: whoever matches belongs, today. "
        "Fixed list: people add and remove the members.",
    )
    domain = fields.Char(
        "Condition",
        required=True,
        default="[]",
        tracking=True,
        help="Fields of the customer compared with fixed values; "
        "'-90d' means ninety days ago.",
    )
    model_name = fields.Char(compute="_compute_model_name")
    problem = fields.Char(
        readonly=True, help="Why the members cannot be brought up to date."
    )
    customer_ids = fields.Many2many(
        "crm.customer",
        "crm_segment_customer_rel",
        "segment_id",
        "customer_id",
        "Members",
        copy=False,
    )
    membership_ids = fields.One2many(
        "crm.segment.membership", "segment_id", "Who came and went", readonly=True
    )
    snapshot_ids = fields.One2many(
        "crm.segment.snapshot", "segment_id", "Size and value over time", readonly=True
    )

    @api.constrains("domain", "kind", "company_id")
    def _check_domain(self):
        """Refuse a condition that is not made of allowed paths and literals."""
        for segment in self.filtered(lambda segment: segment.kind == "dynamic"):
            segment._parse_domain()

    @api.constrains("customer_ids", "company_id")
    def _check_members(self):
        """A segment never contains another company's customers."""
        self.flush_recordset()
        stranger = self.env.execute_query(
            SQL(
                """
                SELECT segment.id FROM crm_segment segment
                  JOIN crm_segment_customer_rel rel ON rel.segment_id = segment.id
                  JOIN crm_customer customer ON customer.id = rel.customer_id
                 WHERE segment.id = ANY(%s)
                   AND customer.company_id != segment.company_id LIMIT 1
                """,
                self.ids,
            )
        )
        if stranger:
            segment = self.browse(stranger[0])
            raise ValidationError(
                self.env._(
                    "The segment %(segment)s can only hold customers of %(company)s.",
                    segment=segment.name,
                    company=segment.sudo().company_id.name,  # its name only
                )
            )

    def _compute_model_name(self):
        self.model_name = "crm.customer"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_measured(vals)
            if vals.get("customer_ids") and vals.get("kind", "dynamic") == "dynamic":
                raise self._members_typed()
        segments = super().create(vals_list)
        segments._refresh_members()
        return segments

    def write(self, vals):
        self._check_measured(vals)
        if "customer_ids" in vals:
            kinds = {vals["kind"]} if vals.get("kind") else set(self.mapped("kind"))
            if "dynamic" in kinds:
                raise self._members_typed()
        result = super().write(vals)
        if vals.keys() & {"domain", "kind", "company_id", "active", "customer_ids"}:
            self._refresh_members()
        return result

    def copy_data(self, default=None):
        return [
            {**vals, "name": self.env._("%(name)s (copy)", name=segment.name)}
            for segment, vals in zip(self, super().copy_data(default), strict=True)
        ]

    def _check_measured(self, vals):
        """Tell who types what the engine writes."""
        if "problem" in vals and not self.env.su:
            raise UserError(self.env._("The engine notes down problems, nobody else."))

    def _members_typed(self):
        return UserError(
            self.env._(
                "The members of a segment with a condition follow from the condition. "
                "Make it a fixed list to choose them by hand."
            )
        )

    @api.model
    def _get_paths(self, company):
        """Return the paths that a condition may use: those of rules, and the profile.

        :param company: the root company whose customer profile counts
        """
        # which attributes there are, not what they say of anybody
        profile = company.sudo().customer_profile_definition or []
        return (
            self.env["crm.lifecycle.rule"]._get_paths() - {"segment_ids"}
            | {"stage_id", "stage_id.code", "stage_since"}
            | {
                f"profile.{attribute['name']}"
                for attribute in profile
                if attribute.get("type") != "separator"
            }
        )

    def _parse_domain(self):
        """Return the condition as a checked Domain.

        :raise ValidationError: with the segment, and the part that is wrong
        """
        self.ensure_one()
        try:
            domain = literal_eval(self.domain or "[]")
        except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
            raise self._wrong("shape", self.domain) from error
        problem = rule_lib.find_problem(domain, self._get_paths(self.company_id))
        if problem:
            raise self._wrong(*problem)
        try:
            domain = Domain(list(domain))
            Customer = self.env["crm.customer"].sudo()  # compiled only, never read
            Customer._search(domain, active_test=False)
        except (ValueError, TypeError, NotImplementedError) as error:
            raise self._wrong("value", error) from error
        return domain

    def _get_written_condition(self):
        return self._parse_domain() if self.kind == "dynamic" else Domain.TRUE

    def _wrong(self, kind, what):
        """Return the error that explains to a person why a condition is refused."""
        explanation = {
            "shape": self.env._("it has to be a list of conditions with fixed values"),
            "path": self.env._("this field may not be used in a segment"),
            "operator": self.env._("this operator may not be used in a segment"),
            "value": self.env._("this value does not fit"),
        }[kind]
        return ValidationError(
            self.env._(
                "The condition of the segment %(segment)s is refused, %(why)s: "
                "%(what)s",
                segment=self.name or "",
                why=explanation,
                what=what,
            )
        )

    def _get_customer_domain(self):
        """Return the condition on crm.customer that means: member of any of these."""
        return Domain("segment_ids", "in", self.ids)

    def _get_customers(self):
        """Return the members of the segments whom the user may see, each once."""
        return self.env["crm.customer"].search(self._get_customer_domain())
