from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..lib.proration import as_decimal, line_amount, monthly_value
from ..lib.recurrence import Rule, next_period

# What the billed periods were computed from.
LOCKED_FIELDS = (
    "contract_id",
    "product_id",
    "date_start",
    "recurring_rule_type",
    "recurring_interval",
    "billing_mode",
)


class ServiceContractLine(models.Model):
    _name = "service.contract.line"
    _description = "Service Contract Line"
    _order = "contract_id, sequence, id"
    _check_company_auto = True

    contract_id = fields.Many2one(
        "service.contract", required=True, index=True, ondelete="cascade"
    )
    contract_state = fields.Selection(
        related="contract_id.state", string="Contract Status"
    )
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(related="contract_id.company_id", store=True)
    currency_id = fields.Many2one(related="contract_id.currency_id")
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("sale_ok", "=", True)],
    )
    name = fields.Text(
        string="Description",
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        help="What the customer reads in the portal and on the invoice.",
    )
    quantity = fields.Float(default=1.0, required=True, digits="Product Unit")
    price_unit = fields.Float(
        string="Unit Price",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        min_display_digits="Product Price",
        help="For one whole period.",
    )
    discount = fields.Float(string="Disc.%", digits="Discount")
    tax_ids = fields.Many2many(
        "account.tax",
        string="Taxes",
        compute="_compute_tax_ids",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain=[("type_tax_use", "=", "sale")],
        context={"active_test": False},
    )
    price_subtotal = fields.Monetary(
        string="Per Period",
        compute="_compute_price_subtotal",
        help="Quantity × price less discount, for one whole period, without taxes.",
    )
    amount_monthly = fields.Monetary(
        string="Per Month", compute="_compute_amount_monthly", store=True
    )
    date_start = fields.Date(
        string="From",
        compute="_compute_date_start",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    date_end = fields.Date(
        string="To", help="Last day. Empty: as long as the contract runs."
    )
    recurring_rule_type = fields.Selection(
        [
            ("day", "Day"),
            ("week", "Week"),
            ("month", "Month"),
            ("quarter", "Quarter"),
            ("year", "Year"),
        ],
        string="Unit",
        required=True,
        default="month",
    )
    recurring_interval = fields.Integer(string="Every", required=True, default=1)
    billing_mode = fields.Selection(
        [("pre", "In advance"), ("post", "In arrears")],
        string="Billed",
        required=True,
        default="pre",
        help="In advance: on the first day of each period. In arrears: on its last.",
    )
    period_ids = fields.One2many("service.contract.period", "line_id")
    billed_until = fields.Date(
        readonly=True,
        copy=False,
        help="Last day of the last period that was made.",
    )
    next_period_from = fields.Date(compute="_compute_next_period", store=True)
    next_period_to = fields.Date(compute="_compute_next_period", store=True)
    next_due_date = fields.Date(
        string="Next Billing", compute="_compute_next_period", store=True
    )

    _dates_ordered = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)",
        "A contract line cannot end before it starts.",
    )
    _quantity_not_negative = models.Constraint(
        "CHECK (quantity >= 0)", "The quantity of a contract line cannot be negative."
    )
    _interval_positive = models.Constraint(
        "CHECK (recurring_interval >= 1)",
        "A contract line is billed every 1 or more units.",
    )
    _usage_in_arrears = models.Constraint(
        "CHECK (quantity_source = 'fixed' OR billing_mode = 'post')",
        "What is counted is billed in arrears: nobody knows it in advance.",
    )
    _discount_in_range = models.Constraint(
        "CHECK (discount >= 0 AND discount <= 100)",
        "A discount lies between 0 and 100 percent.",
    )

    @api.depends("product_id")
    def _compute_name(self):
        for line in self:
            product = line.product_id.with_context(
                lang=line.contract_id.partner_id.lang
            )
            line.name = (
                product.get_product_multiline_description_sale() if product else False
            )

    @api.depends("product_id", "contract_id.currency_id", "contract_id.company_id")
    def _compute_price_unit(self):
        for line in self:
            contract, product = line.contract_id, line.product_id
            if line.billed_until or not product:
                line.price_unit = line.price_unit
                continue
            currency = contract.currency_id or self.env.company.currency_id
            line.price_unit = product.currency_id._convert(
                product.lst_price,
                currency,
                contract.company_id or self.env.company,
                contract.date_start or fields.Date.context_today(line),
                round=False,
            )

    @api.depends(
        "product_id", "contract_id.fiscal_position_id", "contract_id.company_id"
    )
    def _compute_tax_ids(self):
        for line in self:
            company = line.contract_id.company_id or self.env.company
            taxes = line.product_id.taxes_id._filter_taxes_by_company(company)
            line.tax_ids = line.contract_id.fiscal_position_id.map_tax(taxes)

    @api.depends("quantity", "price_unit", "discount", "contract_id.currency_id")
    def _compute_price_subtotal(self):
        for line in self:
            line.price_subtotal = float(line._get_whole_amount())

    @api.depends(
        "quantity",
        "price_unit",
        "discount",
        "is_paused",
        "quantity_source",
        "recurring_rule_type",
        "recurring_interval",
        "date_end",
        "contract_id.date_end",
        "contract_id.currency_id",
    )
    def _compute_amount_monthly(self):
        today = fields.Date.context_today(self)
        for line in self:
            end = line._get_end()
            over = line.is_paused or (end and end < today)
            if over or line.recurring_interval < 1 or line.quantity_source != "fixed":
                line.amount_monthly = 0.0
                continue
            line.amount_monthly = float(
                monthly_value(
                    line._get_whole_amount(),
                    line.recurring_rule_type,
                    line.recurring_interval,
                    line._get_rounding(),
                )
            )

    @api.depends("contract_id.date_start")
    def _compute_date_start(self):
        for line in self:
            line.date_start = line.date_start or line.contract_id.date_start

    @api.depends(
        "date_start",
        "date_end",
        "billed_until",
        "recurring_rule_type",
        "recurring_interval",
        "billing_mode",
        "contract_id.date_anchor",
        "contract_id.period_calendar",
        "contract_id.date_end",
    )
    def _compute_next_period(self):
        for line in self:
            period = None
            if line.date_start and line.recurring_interval >= 1:
                period = next_period(*line._get_schedule(), line.billed_until or None)
            line.next_period_from = period and period.first
            line.next_period_to = period and period.last
            line.next_due_date = period and period.due(line.billing_mode)

    @api.depends("product_id", "contract_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.contract_id.code}: {line.product_id.name}"

    @api.constrains("date_start", "date_end", "contract_id")
    def _check_dates(self):
        for line in self:
            contract = line.contract_id
            end = contract.date_end
            if line.date_start < contract.date_start or (end and line.date_start > end):
                raise ValidationError(
                    self.env._(
                        "Line “%(line)s” starts on %(date)s, outside contract "
                        "%(contract)s.",
                        line=line.product_id.display_name,
                        date=format_date(self.env, line.date_start),
                        contract=contract.display_name,
                    )
                )

    @api.constrains("date_end")
    def _check_not_billed_past_end(self):
        """Giving back what was invoiced is a decision, never a side effect."""
        for line in self:
            end = line._get_end()
            if not end or not line.billed_until or line.billed_until <= end:
                continue
            billed = line._get_uncredited(end)
            if billed:
                raise ValidationError(
                    self.env._(
                        "Line “%(line)s” is invoiced until %(billed)s: it cannot end "
                        "on %(date)s. Cancel or credit the invoice first.",
                        line=line.product_id.display_name,
                        billed=format_date(self.env, billed.date_to),
                        date=format_date(self.env, end),
                    )
                )

    def write(self, vals):
        changed = [name for name in LOCKED_FIELDS if name in vals]
        for line in self.filtered("billed_until") if changed else ():
            for name in changed:
                field = self._fields[name]
                value = field.convert_to_cache(vals[name], line)
                if value != field.convert_to_cache(line[name], line):
                    raise UserError(
                        self.env._(
                            "“%(field)s” of line “%(line)s” cannot change any more: "
                            "periods of it are billed. End the line and add another.",
                            field=field._description_string(self.env),
                            line=line.product_id.display_name,
                        )
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        for line in self.filtered("billed_until"):
            raise UserError(
                self.env._(
                    "Periods of line “%(line)s” are billed: end the line instead of "
                    "deleting it.",
                    line=line.product_id.display_name,
                )
            )

    def _get_rounding(self):
        return as_decimal((self.currency_id or self.env.company.currency_id).rounding)

    def _get_whole_amount(self):
        """Decimal amount of one whole period, in the currency of the contract."""
        return line_amount(
            self.quantity, self.price_unit, self.discount, self._get_rounding()
        )

    def _get_end(self):
        """Last day of the line or, where that is earlier, of its contract; or None."""
        ends = [end for end in (self.date_end, self.contract_id.date_end) if end]
        return min(ends) if ends else None

    def _get_rule(self):
        return Rule(
            self.recurring_rule_type,
            self.recurring_interval,
            self.billing_mode,
            self.contract_id.period_calendar or "gregorian",
        )

    def _get_schedule(self):
        """Anchor, rule, first and last day, as the functions of lib/ take them."""
        anchor = self.contract_id.date_anchor or self.date_start
        return anchor, self._get_rule(), self.date_start, self._get_end()
