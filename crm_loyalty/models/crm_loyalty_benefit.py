from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .benefit_items import ITEMS
from .crm_customer_type import LOYALTY_TYPES
from .crm_loyalty_history import ABC_CLASSES, RFM_SEGMENTS

CRITERIA = ("abc_class", "rfm_segment", "loyalty_type")
COMPANY_GIFTS = (
    "pricelist_id",
    "payment_term_id",
    "team_id",
    "grade_ref",
    "program_ref",
)
GIFTS = tuple(item.gift for item in ITEMS.values()) + ("plan_id", "program_ref")


class CrmLoyaltyBenefit(models.Model):
    """What customers of a class get: a class has consequences.

    Given when a customer reaches the class, taken back when he has lost it and the time
    of grace is over; crm_loyalty_grant.py does it and keeps account. Where several
    benefits give the same kind of thing, the first in the list counts.
    """

    _name = "crm.loyalty.benefit"
    _description = "Loyalty Benefit"
    _inherit = ["mail.thread"]
    _order = "company_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10, help="Where two benefits give the same kind, the first counts."
    )
    active = fields.Boolean(default=True)
    state = fields.Selection(
        [("draft", "Draft"), ("running", "Running"), ("stopped", "Stopped")],
        required=True,
        default="draft",
        readonly=True,
        tracking=True,
        copy=False,
        help="A draft does nothing. What a stopped benefit has given is taken back "
        "after the time of grace.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    # Who gets it
    abc_class = fields.Selection(ABC_CLASSES, "Class")
    rfm_segment = fields.Selection(RFM_SEGMENTS, "Segment")
    loyalty_type = fields.Selection(LOYALTY_TYPES)

    # What he gets
    pricelist_id = fields.Many2one("product.pricelist", ondelete="restrict")
    payment_term_id = fields.Many2one("account.payment.term", ondelete="restrict")
    credit_limit = fields.Monetary(help="0: this benefit does not set one.")
    user_id = fields.Many2one(
        "res.users", "Accountable Person", domain=[("share", "=", False)]
    )
    team_id = fields.Many2one("crm.team", "Sales Team")
    service_tier_id = fields.Many2one("crm.service.tier", ondelete="restrict")
    grade_ref = fields.Reference(
        "_selection_grade",
        "Partner Level",
        help="The level alone. Customers keep their pricelist, unless this gives one.",
    )
    plan_id = fields.Many2one(
        "mail.activity.plan",
        "Activity Plan",
        domain=[("res_model", "=", "crm.customer")],
        help="Started once, when the customer reaches the class.",
    )
    program_ref = fields.Reference(
        "_selection_program",
        "Loyalty Programme",
        help="The customer gets a card of this programme once.",
    )

    # How
    grace_days = fields.Integer(
        "Grace (Days)",
        default=30,
        help="Whoever loses the class keeps the benefit for so many days.",
    )
    replace_manual = fields.Boolean(
        "Replace What Was Set by Hand",
        help="Off: what a person has set stays, and the customer is listed as held "
        "back. On: it is replaced, noted, and comes back when the class is lost.",
    )
    has_levels = fields.Boolean(compute="_compute_installed")
    has_programs = fields.Boolean(compute="_compute_installed")
    customer_count = fields.Integer("Customers", compute="_compute_customer_count")
    grant_ids = fields.One2many("crm.loyalty.grant", "benefit_id", "Given")

    _grace_positive = models.Constraint(
        "CHECK (grace_days >= 0)", "The days of grace cannot be negative."
    )
    _credit_positive = models.Constraint(
        "CHECK (credit_limit >= 0)", "A credit limit cannot be negative."
    )

    @api.model
    def _selection_grade(self):
        return self._get_installed("res.partner.grade")

    @api.model
    def _selection_program(self):
        return self._get_installed("loyalty.program")

    @api.model
    def _get_installed(self, model):
        """The choice of a model that may be missing."""
        if model not in self.env:
            return []
        return [(model, self.env["ir.model"]._get(model).name)]

    def _compute_installed(self):
        self.has_levels = bool(self._selection_grade())
        self.has_programs = bool(self._selection_program())

    @api.depends(*CRITERIA, "company_id")
    def _compute_customer_count(self):
        for benefit in self:
            benefit.customer_count = (
                self.env["crm.customer"].search_count(benefit._get_customer_domain())
                if benefit._has_criteria()
                else 0
            )

    @api.constrains(*CRITERIA, *GIFTS)
    def _check_complete(self):
        for benefit in self:
            if not benefit._has_criteria():
                raise ValidationError(
                    self.env._(
                        "%(benefit)s: choose a class, a segment or a loyalty type.",
                        benefit=benefit.name,
                    )
                )
            if not any(benefit[gift] for gift in GIFTS):
                raise ValidationError(
                    self.env._(
                        "%(benefit)s gives nothing yet: choose what customers get.",
                        benefit=benefit.name,
                    )
                )

    @api.constrains("company_id", *COMPANY_GIFTS)
    def _check_company(self):
        for benefit in self.sudo():  # the gift may belong where the user does not work
            for gift in COMPANY_GIFTS:
                if not benefit[gift]:
                    continue
                company = benefit[gift].company_id.root_id
                if company and company != benefit.company_id:
                    raise ValidationError(
                        self.env._(
                            "%(gift)s belongs to another company.",
                            gift=benefit[gift].display_name,
                        )
                    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_given(self):
        if self.grant_ids.filtered("is_open"):
            raise UserError(
                self.env._(
                    "Customers hold this benefit. Stop it; what it gave is taken back "
                    "after the time of grace."
                )
            )

    def action_start(self):
        """Give the benefit to whoever has the class now."""
        self.check_access("write")
        self.state = "running"
        return self._settle()

    def action_stop(self):
        """Give it to nobody any more, and take it back after the time of grace."""
        self.check_access("write")
        self.state = "stopped"
        return self._settle()

    def action_try(self):
        """Show what would happen if the benefit ran, without doing it."""
        self.ensure_one()
        self.check_access("write")
        return self.env["crm.loyalty.benefit.try"]._open(self)

    def action_view_customers(self):
        """Open the customers who have the class."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "crm.customer",
            "view_mode": "list,form",
            "domain": list(self._get_customer_domain()),
        }

    def _settle(self):
        # grants are the engine's; nobody writes them by hand
        self.env["crm.loyalty.grant"].sudo()._settle(self.company_id)
        return True

    def _has_criteria(self):
        return any(self[name] for name in CRITERIA)

    def _get_customer_domain(self):
        """Return the condition of the customers who have the class."""
        self.ensure_one()
        domain = Domain("company_id", "=", self.company_id.id)
        for name in CRITERIA:
            if self[name]:
                domain &= Domain(name, "=", self[name])
        return domain

    def _get_gift(self, item):
        """Return the value of an item as it is written: an id or a number, or None."""
        gift = self[item.gift]
        if isinstance(gift, models.BaseModel):
            return gift.id or None
        return gift or None
