from ast import literal_eval
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..lib import rules as rule_lib


class CrmLifecycleRule(models.Model):
    """A condition over the facts of a customer that decides his stage.

    The first rule that matches decides; where none does, the customer is in the
    entry stage. A company that has rules of its own follows these alone.
    Example of a condition: ``[("last_order_date", "<", "-365d")]``.
    """

    _name = "crm.lifecycle.rule"
    _description = "Lifecycle Rule"
    _order = "company_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="The first rule that matches decides.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        ondelete="cascade",
        domain=[("parent_id", "=", False)],
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
    date_field = fields.Selection(
        "_selection_date_field",
        "Since",
        help="The date of the customer on which the event happened. "
        "Empty: the moment when the rule is applied.",
    )
    date_offset = fields.Integer(
        "Days after", help="The stage begins this many days after that date."
    )
    description = fields.Text(translate=True)

    @api.model
    def _selection_date_field(self):
        Customer = self.env["crm.customer"]
        return [
            (field.name, field._description_string(self.env))
            for name in sorted(Customer._get_fact_columns())
            if (field := Customer._fields[name]).type == "date"
        ]

    def _compute_model_name(self):
        self.model_name = "crm.customer"

    @api.constrains("domain")
    def _check_domain(self):
        """Refuse a condition that is not made of allowed paths and literals."""
        for rule in self:
            rule._parse_domain()

    @api.constrains("company_id", "stage_id")
    def _check_company(self):
        for rule in self:
            stage_company = rule.stage_id.company_id
            if stage_company and stage_company != rule.company_id:
                raise ValidationError(
                    self.env._(
                        "The stage %(stage)s belongs to another company than the "
                        "rule %(rule)s.",
                        stage=rule.stage_id.name,
                        rule=rule.name,
                    )
                )
            if rule.company_id.parent_id:
                raise ValidationError(
                    self.env._(
                        "Branches share the rules of their company: set %(company)s.",
                        company=rule.company_id.root_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self._queue_pass()
        return rules

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys() <= {"name", "description"}:
            self._queue_pass()
        return result

    def unlink(self):
        result = super().unlink()
        self._queue_pass()
        return result

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
        try:
            domain = literal_eval(self.domain or "[]")
        except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
            raise self._wrong("shape", self.domain) from error
        problem = rule_lib.find_problem(domain, self._get_paths())
        if problem:
            raise self._wrong(*problem)
        try:
            domain = Domain(list(domain))
            Customer = self.env["crm.customer"].sudo()  # compiled only, never read
            Customer._search(domain, active_test=False)
        except (ValueError, TypeError, NotImplementedError) as error:
            raise self._wrong("value", error) from error
        return domain

    def _wrong(self, kind, what):
        """Return the error that explains to a person why a condition is refused."""
        explanation = {
            "shape": self.env._("it has to be a list of conditions with fixed values"),
            "path": self.env._("this field may not be used in a rule"),
            "operator": self.env._("this operator may not be used in a rule"),
            "value": self.env._("this value does not fit"),
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
    def _get_rule_sets(self, company_ids):
        """Return [(ids of root companies, rules in order)] that cover the companies."""
        # settings, for the engine
        records = self.sudo().search([("company_id", "in", [*company_ids, False])])
        plain = [
            rule_lib.Rule(rule.id, rule.company_id.id or None, rule.sequence)
            for rule in records
        ]
        companies = defaultdict(list)
        for company_id in company_ids:
            applicable = rule_lib.applicable(plain, company_id)
            companies[tuple(rule.id for rule in applicable)].append(company_id)
        return [(ids, records.browse(rules)) for rules, ids in companies.items()]

    @api.model
    def _queue_pass(self):
        """Have all customers classified again, soon and outside this transaction."""
        cron = self.env.ref("crm_lifecycle.ir_cron_refresh", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()  # a manager of the lifecycle is no cron manager
