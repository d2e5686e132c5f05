from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

PARTNER_FIELDS = (
    "name", "email", "phone", "street", "zip", "city", "state_id", "country_id", "vat",
    "company_registry", "industry_id", "website", "lang", "ref", "function", "user_id",
)  # fmt: skip
CUSTOMER_FIELDS = (
    "user_id", "deputy_id", "team_id", "group_id", "preferred_channel_id",
    "service_tier_id", "data_date", "last_order_date",
)  # fmt: skip
MAIL_PATTERN = r"^[^@ <>,;]+@[^@ <>,;]+\.[^@ <>,;.]+$"
TEXT_TYPES = ("char", "text")
DATE_TYPES = ("date", "datetime")


class CrmQualityRule(models.Model):
    """One demand on the data of a customer, with its weight.

    A rule of kind *fresh* counts for freshness, all others for completeness. A score is
    the share of the weights whose demands are met, of those that apply to a customer.
    """

    _name = "crm.quality.rule"
    _description = "Data Quality Rule"
    _inherit = ["crm.pass.setting"]
    _order = "policy_id, sequence, id"
    _quiet_fields = frozenset(("sequence",))
    _rec_name = "field_name"

    policy_id = fields.Many2one(
        "crm.quality.policy", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    field_name = fields.Selection(
        "_selection_field_name",
        "Field",
        required=True,
        help="A field of the contact (the commercial entity) or of the customer.",
    )
    kind = fields.Selection(
        [
            ("filled", "Is filled"),
            ("email", "Is a mail address"),
            ("phone", "Is a phone number"),
            ("fresh", "Is not older than"),
        ],
        "Demand",
        required=True,
        default="filled",
    )
    days = fields.Integer(help="For freshness: the age in days that is still good.")
    weight = fields.Float(
        required=True, default=1, help="How much it counts beside the other rules."
    )
    applies_to = fields.Selection(
        [("all", "All"), ("company", "Companies"), ("person", "Persons")],
        required=True,
        default="all",
    )

    customer_path = fields.Char(
        compute="_compute_customer_path", help="The field as seen from the customer."
    )

    @api.depends("field_name")
    def _compute_customer_path(self):
        for rule in self:
            alias, _dot, name = (rule.field_name or "").partition(".")
            rule.customer_path = f"partner_id.{name}" if alias == "partner" else name

    @api.model
    def _get_fields(self):
        """Return {key: field} of what a rule may look at; an addon above adds its own.

        Stored scalars and many2one fields only: a key is "partner.<field>" or
        "customer.<field>".
        """
        sources = (
            ("partner", "res.partner", PARTNER_FIELDS),
            ("customer", "crm.customer", CUSTOMER_FIELDS),
        )
        return {
            f"{alias}.{name}": field
            for alias, model, names in sources
            for name in names
            if (field := self.env[model]._fields.get(name)) is not None
            and field.store
            and field.column_type
            and not field.company_dependent
            and not field.translate
        }

    @api.model
    def _selection_field_name(self):
        where = {
            "res.partner": self.env._("Contact"),
            "crm.customer": self.env._("Customer"),
        }
        return [
            (key, f"{where[field.model_name]}: {field._description_string(self.env)}")
            for key, field in self._get_fields().items()
        ]

    @api.constrains("field_name", "kind", "days", "weight")
    def _check_demand(self):
        known = self._get_fields()
        for rule in self:
            label = rule._get_field_label()
            if rule.field_name not in known:
                raise ValidationError(
                    self.env._("A rule cannot look at %(field)s.", field=label)
                )
            kind = known[rule.field_name].type
            if rule.weight <= 0:
                raise ValidationError(
                    self.env._(
                        "The weight of %(field)s has to be above 0.", field=label
                    )
                )
            if rule.kind in ("email", "phone") and kind not in TEXT_TYPES:
                raise ValidationError(
                    self.env._("%(field)s is no text to check.", field=label)
                )
            if rule.kind == "fresh" and kind not in DATE_TYPES:
                raise ValidationError(
                    self.env._("%(field)s is no date that could age.", field=label)
                )
            if rule.kind == "fresh" and rule.days <= 0:
                raise ValidationError(
                    self.env._(
                        "Say after how many days %(field)s is no longer fresh.",
                        field=label,
                    )
                )

    def _get_field_label(self):
        """Return the name of the field as forms show it."""
        self.ensure_one()
        field = self._get_fields().get(self.field_name)
        return field._description_string(self.env) if field else self.field_name

    def _get_gap_label(self):
        """Return in a few words what is wrong where the rule is not met."""
        label = self._get_field_label()
        if self.kind in ("email", "phone"):
            return self.env._("%(field)s (missing or malformed)", field=label)
        if self.kind == "fresh":
            return self.env._(
                "%(field)s (older than %(days)s days)", field=label, days=self.days
            )
        return label

    def _sql_applies(self):
        """Return the condition that the rule looks at a customer at all."""
        is_company = SQL("partner.is_company IS TRUE")
        if self.applies_to == "company":
            return is_company
        return (
            SQL("NOT (%s)", is_company) if self.applies_to == "person" else SQL("TRUE")
        )

    def _sql_met(self, today):
        """Return the condition that the demand is met; never NULL.

        Over the aliases customer and partner; see `crm.customer._sql_data_date`.

        :param date today: the day on which ages are counted
        """
        alias, name = self.field_name.split(".")
        value = SQL.identifier(alias, name)
        if self.field_name == "customer.data_date":
            value = self.env["crm.customer"]._sql_data_date()
        if self.kind == "fresh":
            met = SQL("%s >= %s", value, fields.Date.subtract(today, days=self.days))
        elif self.kind == "email":
            met = SQL("%s ~ %s", value, MAIL_PATTERN)
        elif self.kind == "phone":
            met = SQL("%s != ''", self._sql_phone_key(value))
        else:
            met = SQL("NULLIF(TRIM(%s::text), '') IS NOT NULL", value)
        return SQL("COALESCE(%s, FALSE)", met)

    def _sql_phone_key(self, value):
        if self.field_name == "partner.phone":
            return SQL.identifier("partner", "crm_phone_key")
        return self.env["res.partner"]._sql_phone_key(value)
