from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class CrmPurchaseHistory(models.Model):
    """A purchase from before Odoo, made in another system and imported.

    One row is one document, or one line of it, of the old system; a negative amount
    is a return. Rows are told apart by (company, source, reference).
    """

    _name = "crm.purchase.history"
    _description = "Purchase Before Odoo"
    _order = "date desc, id desc"
    _rec_name = "reference"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="Found by name, e-mail, internal reference or tax ID when imported.",
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id",
        string="Commercial Entity",
        store=True,
    )
    customer_id = fields.Many2one(
        "crm.customer",
        "Customer Record",
        compute="_compute_customer_id",
        search="_search_customer_id",
    )
    date = fields.Date(required=True)
    amount = fields.Monetary(
        required=True,
        help="Without tax. A negative amount is a return: it reduces the revenue of "
        "its day.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    amount_company = fields.Monetary(
        "Amount in Company Currency",
        currency_field="company_currency_id",
        compute="_compute_amount_company",
        store=True,
        help="At the exchange rate of the day of the purchase.",
    )
    reference = fields.Char(
        required=True,
        help="Number of the document, or of its line, in the old system. A reference "
        "that is already there is never imported twice.",
    )
    source = fields.Char(
        required=True,
        default="import",
        help="The system that the purchase comes from.",
    )

    _reference_uniq = models.UniqueIndex(
        "(company_id, source, reference)",
        "This reference of this source is already there.",
    )
    _customer_idx = models.Index("(commercial_partner_id, company_id, date)")

    @api.depends("company_id")
    def _compute_currency_id(self):
        for purchase in self:
            purchase.currency_id = purchase.company_id.currency_id

    @api.depends("amount", "currency_id", "date", "company_id")
    def _compute_amount_company(self):
        for purchase in self:
            source, target = purchase.currency_id, purchase.company_id.currency_id
            amount = purchase.amount
            if source != target and purchase.date:
                amount = source._convert(
                    amount, target, purchase.company_id, purchase.date
                )
            purchase.amount_company = amount

    @api.depends("company_id", "commercial_partner_id")
    def _compute_customer_id(self):
        customers = self.env["crm.customer"].search(
            [
                ("company_id", "in", self.company_id.ids),
                ("partner_id", "in", self.commercial_partner_id.ids),
            ]
        )
        by_key = {
            (customer.company_id, customer.partner_id): customer
            for customer in customers
        }
        for purchase in self:
            key = (purchase.company_id, purchase.commercial_partner_id)
            purchase.customer_id = by_key.get(key, False)

    def _search_customer_id(self, operator, value):
        if operator not in ("any", "any!", "in"):
            return NotImplemented
        customer = self.env["crm.customer"]
        if operator == "any!":
            customer = customer.sudo()  # the operator means: without access rules
        if operator == "in":
            value = Domain("id", "in", [one for one in value if one])
        matching = customer._search(value)
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "(%s, %s) IN (SELECT company_id, partner_id FROM crm_customer"
                " WHERE id IN %s)",
                model._field_to_sql(alias, "company_id", query),
                model._field_to_sql(alias, "commercial_partner_id", query),
                matching.subselect(),
            )
        )

    @api.constrains("date")
    def _check_date(self):
        today = fields.Date.context_today(self)
        for purchase in self:
            if purchase.date > today:
                raise ValidationError(
                    self.env._(
                        "%(reference)s is dated %(date)s: a purchase cannot lie in "
                        "the future.",
                        reference=purchase.reference,
                        date=purchase.date,
                    )
                )

    @api.constrains("company_id")
    def _check_company_is_root(self):
        for company in self.company_id:
            if company != company.root_id:
                raise ValidationError(
                    self.env._(
                        "%(branch)s is a branch. Purchases before Odoo belong to its "
                        "main company, %(company)s.",
                        branch=company.name,
                        company=company.root_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        purchases = super().create(vals_list)
        purchases._queue_facts()
        return purchases

    def write(self, vals):
        self._queue_facts()
        result = super().write(vals)
        self._queue_facts()
        return result

    def unlink(self):
        self._queue_facts()
        return super().unlink()

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Import Template for Purchases Before Odoo"),
                "template": "/crm_loyalty/static/csv/crm_purchase_history.csv",
            },
            {
                "label": self.env._("The same as an Excel file"),
                "template": "/crm_loyalty/static/xlsx/crm_purchase_history.xlsx",
            },
        ]

    def _queue_facts(self):
        """Have the customers of these rows looked at again."""
        self.env["crm.customer"]._queue_events(
            "purchase",
            {(row.company_id.id, row.commercial_partner_id.id) for row in self},
        )

    # Import: a row without external id is known by (company, source, reference)

    @api.model
    def _load_records_create(self, vals_list):
        """Create the rows that are not there yet, and leave the others alone.

        The same row again is skipped. The same reference with other values is
        refused: it is either a mistake in the file, or a correction, which
        Odoo imports by the External ID column.
        """
        keys = [self._get_import_key(vals) for vals in vals_list]
        known = self._get_known_purchases(keys)
        new = {}
        for key, vals in zip(keys, vals_list, strict=True):
            if key not in known:
                new.setdefault(key, vals)
        created = super()._load_records_create(list(new.values()))
        known.update(zip(new, created, strict=True))
        for key, vals in zip(keys, vals_list, strict=True):
            if new.get(key) is not vals:
                known[key]._check_same_purchase(vals)
        return self.concat(*(known[key] for key in keys))

    def _load_records_write(self, values):
        differing = {name: values[name] for name in self._get_differing(values)}
        return super()._load_records_write(differing) if differing else None

    @api.model
    def _get_import_key(self, vals):
        """(company id, source, reference) of a row to import."""
        if vals.get("amount") in (None, "") or vals["amount"] is False:
            raise UserError(
                self.env._(
                    "%(reference)s has no amount.",
                    reference=vals.get("reference") or self.env._("A purchase"),
                )
            )
        missing = [name for name in ("company_id", "source") if name not in vals]
        defaults = self.default_get(missing) if missing else {}
        key = {**defaults, **vals}
        return key.get("company_id"), key.get("source"), key.get("reference")

    @api.model
    def _get_known_purchases(self, keys):
        """Existing rows by key, among `keys`."""
        references = [reference for _company, _source, reference in keys if reference]
        rows = self.search_fetch(
            [("reference", "in", references)], ["company_id", "source", "reference"]
        )
        wanted = set(keys)
        return {
            key: row
            for row in rows
            if (key := (row.company_id.id, row.source, row.reference)) in wanted
        }

    def _get_differing(self, values):
        """Names of the fields in which this row differs from import `values`."""
        self.ensure_one()
        new = self.new(values, origin=self)
        return [
            name
            for name in values
            if name in self._fields and not self._is_same_value(name, new)
        ]

    def _is_same_value(self, name, other):
        field = self._fields[name]
        if field.type == "monetary":
            currency = self[field.get_currency_field(self)]
            return not currency.compare_amounts(self[name], other[name])
        return field.convert_to_write(self[name], self) == field.convert_to_write(
            other[name], other
        )

    def _check_same_purchase(self, values):
        differing = self._get_differing(values)
        if differing:
            labels = self.fields_get(differing, ["string"])
            raise UserError(
                self.env._(
                    "%(reference)s of %(system)s is already there with another "
                    "%(fields)s. Correct the file, or change the purchase by "
                    "importing it with its External ID.",
                    reference=self.reference,
                    system=self.source,
                    fields=", ".join(labels[name]["string"] for name in differing),
                )
            )
