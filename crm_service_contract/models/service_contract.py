from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

BILLABLE_STATES = ("running", "expired", "terminated")

# What invoices already rest on; it cannot change once the contract is confirmed.
LOCKED_FIELDS = (
    "company_id",
    "currency_id",
    "partner_id",
    "date_start",
    "date_anchor",
    "period_calendar",
)


class ServiceContract(models.Model):
    _name = "service.contract"
    _description = "Service Contract"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "portal.mixin",
        "service.contract.portal",
    ]
    _order = "date_start desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(
        string="Title",
        required=True,
        tracking=True,
        help="What the customer reads first, for example: Full care for pumps AP-80.",
    )
    code = fields.Char(
        string="Number",
        readonly=True,
        copy=False,
        index="trigram",
        help="Given by the sequence of service contracts.",
    )
    active = fields.Boolean(default=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        tracking=True,
        check_company=True,
        help="Everyone in the company of this contact sees the contract in the portal.",
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Currency of the prices and of the invoices.",
    )
    date_start = fields.Date(
        string="Start",
        required=True,
        tracking=True,
        default=fields.Date.context_today,
    )
    date_end = fields.Date(
        string="End",
        tracking=True,
        help="Last day of the contract. Leave it empty if it runs until terminated.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("running", "Running"),
            ("expired", "Expired"),
            ("terminated", "Terminated"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        index=True,
        tracking=True,
        group_expand=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        index=True,
        tracking=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        help="Who answers for the contract. The customer sees name, mail and phone.",
    )
    terms = fields.Html(
        translate=True,
        help="What was agreed. The customer reads it in the portal.",
    )
    notes = fields.Html(string="Internal Notes", help="The customer never sees it.")
    termination_reason = fields.Char(readonly=True, copy=False, tracking=True)
    line_ids = fields.One2many(
        "service.contract.line", "contract_id", string="Lines", copy=True
    )
    period_ids = fields.One2many(
        "service.contract.period", "contract_id", string="Periods"
    )
    change_ids = fields.One2many(
        "service.contract.change", "contract_id", string="Changes"
    )
    version_ids = fields.One2many(
        "service.contract.version", "contract_id", string="Versions"
    )
    amount_monthly = fields.Monetary(
        string="Monthly Value",
        compute="_compute_amount_monthly",
        store=True,
        help="All lines that have not ended, per average month, without taxes.",
    )
    fiscal_position_id = fields.Many2one(
        "account.fiscal.position",
        compute="_compute_fiscal_position_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        compute="_compute_payment_term_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )

    _dates_ordered = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)",
        "A contract cannot end before it starts.",
    )
    _code_unique = models.UniqueIndex(
        "(company_id, code) WHERE code IS NOT NULL",
        "This contract number is already taken.",
    )

    @api.depends("line_ids.amount_monthly")
    def _compute_amount_monthly(self):
        for contract in self:
            contract.amount_monthly = sum(contract.line_ids.mapped("amount_monthly"))

    @api.depends("partner_id", "company_id")
    def _compute_fiscal_position_id(self):
        for contract in self:
            positions = self.env["account.fiscal.position"]
            contract.fiscal_position_id = positions.with_company(
                contract.company_id
            )._get_fiscal_position(contract.partner_id)

    @api.depends("partner_id", "company_id")
    def _compute_payment_term_id(self):
        for contract in self:
            partner = contract.partner_id.with_company(contract.company_id)
            contract.payment_term_id = partner.property_payment_term_id

    @api.depends("name", "code")
    def _compute_display_name(self):
        for contract in self:
            parts = filter(None, (contract.code, contract.name))
            contract.display_name = " · ".join(parts)

    def _compute_access_url(self):
        for contract in self:
            contract.access_url = f"/my/service-contracts/{contract.id}"

    @api.model
    def _search_display_name(self, operator, value):
        if operator not in ("ilike", "like", "=", "in", "=ilike"):
            return NotImplemented
        return ["|", ("code", operator, value), ("name", operator, value)]

    @api.constrains("date_end", "date_start", "date_anchor")
    def _check_lines_in_contract(self):
        self.line_ids._check_dates()
        self.line_ids._check_not_billed_past_end()

    @api.constrains("currency_id", "company_id")
    def _check_currency(self):
        for contract in self.filtered(lambda c: c.state != "draft"):
            contract._check_currency_rate()

    @api.onchange("company_id")
    def _onchange_company_id(self):
        if self.company_id and not self.line_ids:
            self.currency_id = self.company_id.currency_id

    @api.model_create_multi
    def create(self, vals_list):
        contracts = super().create(vals_list)
        for contract in contracts.filtered(lambda c: not c.code):
            # The sequence is machinery: a user who may create contracts need not
            # be allowed to read sequences.
            sequence = self.env["ir.sequence"].sudo().with_company(contract.company_id)
            contract.code = sequence.next_by_code("service.contract")
        return contracts

    def write(self, vals):
        changed = [name for name in LOCKED_FIELDS if name in vals]
        if changed:
            self._check_locked_fields(changed, vals)
        pairs = self._get_customer_pairs() if "active" in vals else set()
        result = super().write(vals)
        if {"state", "active", "partner_id", "company_id"} & vals.keys():
            self._queue_customer_event(pairs)
        return result

    def _check_locked_fields(self, names, vals):
        for contract in self.filtered(lambda c: c.state != "draft"):
            for name in names:
                field = self._fields[name]
                value = field.convert_to_cache(vals[name], contract)
                if value == field.convert_to_cache(contract[name], contract):
                    continue
                label = field._description_string(self.env)
                raise UserError(
                    self.env._(
                        "“%(field)s” of contract %(contract)s cannot change any more: "
                        "the contract is confirmed.",
                        field=label,
                        contract=contract.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        for contract in self:
            if contract.state not in ("draft", "cancelled"):
                raise UserError(
                    self.env._(
                        "Contract %(contract)s is in use: terminate or cancel it.",
                        contract=contract.display_name,
                    )
                )

    def unlink(self):
        pairs = self._get_customer_pairs()
        result = super().unlink()
        self._queue_customer_event(pairs)
        return result

    def action_confirm(self):
        """Start the contract. Whatever would make billing fail is said here."""
        self.check_access("write")
        for contract in self:
            if contract.state != "draft":
                raise UserError(
                    self.env._(
                        "Contract %(contract)s is not a draft.",
                        contract=contract.display_name,
                    )
                )
            contract._check_ready()
        self.line_ids._start_versions()
        self.write({"state": "running"})
        return True

    def action_cancel(self):
        """Call the contract off, as long as nothing of it has been invoiced."""
        self.check_access("write")
        for contract in self:
            if contract.state not in ("draft", "running"):
                raise UserError(
                    self.env._(
                        "Contract %(contract)s has ended: it cannot be cancelled.",
                        contract=contract.display_name,
                    )
                )
        billed = self.period_ids.filtered(lambda period: period.state == "billed")
        if billed:
            raise UserError(
                self.env._(
                    "Contract %(contract)s has invoices. Terminate it, or cancel the "
                    "invoices first.",
                    contract=billed[0].contract_id.display_name,
                )
            )
        self.period_ids._drop()
        self.write({"state": "cancelled"})
        return True

    def action_draft(self):
        if any(contract.state != "cancelled" for contract in self):
            raise UserError(self.env._("Only a cancelled contract goes back to draft."))
        # A draft has no history yet; nobody may delete versions by hand.
        self.sudo().line_ids.version_ids.unlink()
        self.write({"state": "draft"})
        return True

    def action_preview(self):
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.access_url, "target": "self"}

    def _check_ready(self):
        self.ensure_one()
        self._check_customer()
        if not self.line_ids:
            raise UserError(
                self.env._(
                    "Contract %(contract)s has no lines: add what the customer gets "
                    "and what it costs.",
                    contract=self.display_name,
                )
            )
        self._check_currency_rate()

    def _check_customer(self):
        if not self.partner_id.active or not self.commercial_partner_id.active:
            raise UserError(
                self.env._(
                    "Customer %(customer)s of contract %(contract)s is archived.",
                    customer=self.partner_id.display_name,
                    contract=self.display_name,
                )
            )

    def _check_currency_rate(self):
        """Odoo takes 1.0 for a currency without any rate: never bill on that."""
        currency, company = self.currency_id, self.company_id
        if currency == company.currency_id:
            return
        # Rates are company data that a service user need not be allowed to read.
        rates = self.env["res.currency.rate"].sudo()
        known = rates.search_count(
            [
                ("currency_id", "=", currency.id),
                ("company_id", "in", (False, company.root_id.id)),
            ],
            limit=1,
        )
        if not currency.active or not known:
            raise ValidationError(
                self.env._(
                    "Currency %(currency)s of contract %(contract)s is not active or "
                    "has no rate in %(company)s.",
                    currency=currency.name,
                    contract=self.display_name,
                    company=company.name,
                )
            )

    @api.model
    def _cron_update_state(self):
        """Expire what has ended, and take ended lines out of the monthly value."""
        today = fields.Date.context_today(self)
        ended = self.search([("state", "=", "running"), ("date_end", "<", today)])
        ended.write({"state": "expired"})
        lines = self.env["service.contract.line"]
        lines.search(
            [
                ("amount_monthly", "!=", 0),
                "|",
                ("date_end", "<", today),
                ("contract_id.date_end", "<", today),
            ]
        )._compute_amount_monthly()
        lines._find_outdated()._sync_terms()

    def _get_customer_pairs(self):
        return {(c.company_id.id, c.commercial_partner_id.id) for c in self}

    def _queue_customer_event(self, pairs=()):
        """Tell crm.customer that whether these customers are contractual may change."""
        pairs = set(pairs) | (self.exists()._get_customer_pairs() if self else set())
        if pairs:
            self.env["crm.customer"]._queue_events("contract", pairs)
