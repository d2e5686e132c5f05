from ast import literal_eval
from collections import defaultdict
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..lib import conditions
from ..lib import rules as rule_lib

OFFSET_OPERATORS = ("=", "!=", "<", ">", "<=", ">=")


class CrmLifecycleRule(models.Model):
    """A condition over the facts of a customer that decides his stage.

    The first rule that matches decides; where none does, the customer is in the
    entry stage. A company that has rules of its own follows these alone.
    Example of a condition: ``[("last_order_date", "<", "-365d")]``.

    Three kinds. *condition*: matches as long as the condition holds. *event*: matches
    from the day of an event on for N days, or for good, if the condition holds too; so
    it works at once on the event, keeps the customer for that time against the rules
    below it, and then leaves him to them. *silence*: matches once an event is N days
    old, if the condition holds too. All three are judged by the dates that documents
    tell, not by the queue of events, which carries no figures and may lose or repeat
    one; that is why live and replay agree. An addon adds events of its own in
    ``crm.customer._get_rule_events()``.
    """

    _name = "crm.lifecycle.rule"
    _description = "Lifecycle Rule"
    _inherit = ["crm.condition.writer", "crm.pass.setting", "crm.root.company"]
    _order = "company_id, sequence, id"
    _quiet_fields = frozenset(("name", "description"))

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="The first rule that matches decides.")
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [("condition", "Condition"), ("event", "Event"), ("silence", "Silence")],
        required=True,
        default="condition",
        help="Condition: as long as the figures of the customer say so.\n"
        "Event: when something happens, e.g. an order comes in.\n"
        "Silence: when nothing has happened for some days.",
    )
    event = fields.Selection(
        "_selection_event", help="What has to happen, or has not happened any more."
    )
    days = fields.Integer(
        help="Event: the customer stays in the stage for so many days, 0: for good.\n"
        "Silence: after so many days without it.",
    )
    hold_days = fields.Integer(
        "Hold for days",
        default=14,
        help="If another rule has just taken the customer out of this stage, this rule "
        "does not take him back within so many days: nobody jumps to and fro.",
    )
    from_stage_ids = fields.Many2many(
        "crm.lifecycle.stage",
        string="Only from",
        help="Empty: from every stage. Otherwise only customers who are in one of "
        "these, e.g. only the lost ones: winning them back.",
    )
    company_id = fields.Many2one(
        help="Empty: for every company that has no rules of its own.",
    )
    domain = fields.Char(
        "Condition",
        required=True,
        default="[]",
        help="Fields of the customer compared with fixed values; "
        "'-90d' means ninety days ago.",
    )
    model_name = fields.Char(compute="_compute_model_name")
    stage_id = fields.Many2one(
        "crm.lifecycle.stage",
        required=True,
        ondelete="restrict",
    )
    description = fields.Text(translate=True)
    replaces_id = fields.Many2one(
        "crm.lifecycle.rule",
        ondelete="set null",
        index="btree_not_null",
        copy=False,
        help="This draft takes the place of that rule once it is switched on.",
    )

    _days_positive = models.Constraint(
        "CHECK (COALESCE(days, 0) >= 0 AND COALESCE(hold_days, 0) >= 0)",
        "Days cannot be negative.",
    )

    @api.model
    def _selection_event(self):
        events = self.env["crm.customer"]._get_rule_events()
        return [(key, label) for key, (label, _columns) in events.items()]

    def _compute_model_name(self):
        self.model_name = "crm.customer"

    @api.constrains("domain")
    def _check_domain(self):
        """Refuse a condition that is not made of allowed paths and literals."""
        for rule in self:
            rule._parse_domain()

    @api.constrains("kind", "event", "days")
    def _check_event(self):
        for rule in self:
            if rule.kind != "condition" and not rule.event:
                raise ValidationError(
                    self.env._(
                        "Say which event the rule %(rule)s waits for.", rule=rule.name
                    )
                )
            if rule.kind == "silence" and rule.days < 1:
                raise ValidationError(
                    self.env._(
                        "Say after how many days of silence the rule %(rule)s acts.",
                        rule=rule.name,
                    )
                )

    @api.constrains("company_id", "stage_id", "from_stage_ids")
    def _check_company(self):
        for rule in self:
            strange = (rule.stage_id | rule.from_stage_ids).filtered(
                lambda s, rule=rule: s.company_id and s.company_id != rule.company_id
            )
            if strange:
                raise ValidationError(
                    self.env._(
                        "The stage %(stage)s belongs to another company than the "
                        "rule %(rule)s.",
                        stage=strange[0].name,
                        rule=rule.name,
                    )
                )

    @api.model
    def _get_paths(self):
        """Return the paths that a condition may use: facts and a few neutral ones.

        An addon extends it for fields that are not facts.
        """
        return self.env["crm.customer"]._get_fact_columns() | {
            "company_id",
            "deputy_id",
            "is_contractual",
            "partner_id.category_id",
            "partner_id.country_id",
            "partner_id.country_id.code",
            "partner_id.industry_id",
            "partner_id.is_company",
            "partner_id.state_id",
            "preferred_channel_id",
            "service_standing",
            "service_tier_id",
            "service_tier_id.code",
            "team_id",
            "user_id",
        }

    def _parse_domain(self):
        """Return the condition as a checked Domain.

        :raise ValidationError: with the rule, and the part that is wrong
        """
        self.ensure_one()
        terms = self._read_domain()
        try:
            domain = Domain(terms)
            Customer = self.env["crm.customer"].sudo()  # compiled only, never read
            Customer._search(domain, active_test=False)
        except (ValueError, TypeError, NotImplementedError) as error:
            raise self._wrong("value", error) from error
        return domain

    def _read_domain(self):
        """Return the condition as a checked list of terms.

        :raise ValidationError: with the rule, and the part that is wrong
        """
        try:
            terms = literal_eval(self.domain or "[]")
        except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
            raise self._wrong("shape", self.domain) from error
        problem = rule_lib.find_problem(terms, self._get_paths())
        if problem:
            raise self._wrong(*problem)
        for term in rule_lib.conditions(terms):
            if not self._is_date_fit(*term):
                raise self._wrong("date", term[2])
        return list(terms)

    @api.model
    def _is_date_fit(self, path, operator, value):
        """Tell whether a date is compared with a date or a distance from today.

        Odoo knows more ("=monday"), but only the days that "-90d" and the like mean
        can be told for the past, too.
        """
        field = self.env["crm.customer"]._fields.get(path)
        if isinstance(value, (list, tuple)):
            return all(self._is_date_fit(path, operator, item) for item in value)
        if not field or field.type != "date" or not isinstance(value, str):
            return True
        if conditions.parse_offset(value):
            return operator in OFFSET_OPERATORS
        try:
            return bool(date.fromisoformat(value))
        except ValueError:
            return False

    def _get_condition(self):
        """Return the whole condition as a tree of lib/conditions.py."""
        self.ensure_one()
        try:
            node = conditions.parse(self._read_domain())
        except ValueError as error:
            raise self._wrong("shape", self.domain) from error
        if self.kind == "condition":
            return node
        columns = self._get_event_columns()
        if not columns:  # the addon that told of it is gone: it never happens
            return conditions.Branch("|", ())
        elapsed = conditions.Elapsed(columns, self.days, self.kind == "silence")
        return conditions.Branch("&", (elapsed, node))

    def _get_event_columns(self):
        events = self.env["crm.customer"]._get_rule_events()
        return events.get(self.event, ("", ()))[1]

    def _wrong(self, kind, what):
        """Return the error that explains to a person why a condition is refused."""
        explanation = {
            "shape": self.env._("it has to be a list of conditions with fixed values"),
            "path": self.env._("this field may not be used in a rule"),
            "operator": self.env._("this operator may not be used in a rule"),
            "value": self.env._("this value does not fit"),
            "date": self.env._(
                "a date is written as 2026-01-31, or as -90d, -6m or -1y for days, "
                "months or years ago"
            ),
        }[kind]
        return ValidationError(
            self.env._(
                "The condition of the rule %(rule)s is refused, %(why)s: %(what)s",
                rule=self.name,
                why=explanation,
                what=what,
            )
        )

    @api.model
    def _get_rule_sets(self, company_ids, draft=None, without=None):
        """Return [(ids of root companies, rules in order)] that cover the companies.

        :param draft: a rule that counts as switched on, instead of the one it replaces
        :param without: a rule that counts as switched off
        """
        # settings, for the engine
        records = self.sudo().search([("company_id", "in", [*company_ids, False])])
        if draft:
            records = (records - draft.sudo().replaces_id) | draft.sudo()
        if without:
            # sudo: as the records it is taken from
            records -= without.sudo()
        plain = [
            rule_lib.Rule(rule.id, rule.company_id.id or None, rule.sequence)
            for rule in records
        ]
        companies = defaultdict(list)
        for company_id in company_ids:
            applicable = rule_lib.applicable(plain, company_id)
            companies[tuple(rule.id for rule in applicable)].append(company_id)
        return [(ids, records.browse(rules)) for rules, ids in companies.items()]
