from odoo import api, fields, models
from odoo.exceptions import UserError

MANAGER = "crm_service_contract.group_manager"
# What the engine alone writes; a draft is free otherwise.
ENGINE_FIELDS = ("state", "approved_by_id", "date_applied", "requested_by_id")


class ServiceContractChange(models.Model):
    """A change of the terms of a contract: previewed, approved, applied, and kept.

    Those that are applied are the change log, which the customer can read. What
    applying does to versions and invoices is in service_contract_change_apply.py.
    """

    _name = "service.contract.change"
    _description = "Change of a Service Contract"
    _inherit = ["mail.activity.mixin", "mail.thread"]
    _order = "date_from desc, id desc"
    _rec_name = "reason"
    _check_company_auto = True

    contract_id = fields.Many2one(
        "service.contract", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="contract_id.currency_id")
    partner_id = fields.Many2one(related="contract_id.partner_id", store=True)
    kind = fields.Selection(
        [
            ("quantity", "More or less of it"),
            ("price", "Price revision"),
            ("pause", "Pause"),
            ("resume", "End of a pause"),
            ("end", "Termination"),
        ],
        string="What Changes",
        required=True,
        default="quantity",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=fields.Date.context_today,
        help="First day of the new terms. Days before it stay untouched; a period that "
        "is cut by it is prorated to the day.",
    )
    date_to = fields.Date(
        string="To", help="Last day of the pause. Empty: until it is ended."
    )
    reason = fields.Char(
        required=True, help="The customer reads it in the log of changes."
    )
    price_method = fields.Selection(
        [
            ("percent", "By percent"),
            ("index", "By an index"),
            ("fixed", "New prices"),
        ],
        string="Prices Change",
        default="percent",
        required=True,
    )
    percent = fields.Float(
        help="For example 4.5; below zero prices fall.", digits=(6, 3)
    )
    index_name = fields.Char(
        string="Index", help="For example: consumer prices, services."
    )
    index_base = fields.Float(string="Base Value", digits=(12, 4))
    index_base_date = fields.Date(string="Base of")
    index_value = fields.Float(string="Current Value", digits=(12, 4))
    index_date = fields.Date(string="Current Value of")
    index_source = fields.Char(
        string="Source", help="Where both values were published, so anyone can check."
    )
    line_ids = fields.One2many(
        "service.contract.change.line", "change_id", string="Lines"
    )
    notify_customer = fields.Boolean(
        default=True, help="A message to the customer when the change is applied."
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("to_approve", "To Approve"),
            ("applied", "Applied"),
            ("refused", "Refused"),
        ],
        string="Status",
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        index=True,
        tracking=True,
    )
    needs_approval = fields.Boolean(compute="_compute_needs_approval")
    requested_by_id = fields.Many2one(
        "res.users",
        string="Asked For By",
        readonly=True,
        default=lambda self: self.env.user,
    )
    approved_by_id = fields.Many2one(
        "res.users", string="Approved By", readonly=True, copy=False
    )
    date_applied = fields.Datetime(string="Applied On", readonly=True, copy=False)
    amount_correction = fields.Monetary(
        string="For Days Already Invoiced",
        compute="_compute_amount_correction",
        store=True,
        help="Invoiced in addition, or given back where it is below zero.",
    )
    summary = fields.Text(compute="_compute_summary", help="As the customer reads it.")

    _dates_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A change cannot end before it starts.",
    )

    @api.model
    def default_get(self, fields_list):
        """All lines of the contract that have not ended, as they are."""
        values = super().default_get(fields_list)
        contract = self.env["service.contract"].browse(values.get("contract_id"))
        if "line_ids" in fields_list and contract:
            today = fields.Date.context_today(self)
            values["line_ids"] = [
                fields.Command.create({"line_id": line.id})
                for line in contract.line_ids
                if not line._get_end() or line._get_end() >= today
            ]
        return values

    @api.depends_context("uid")
    @api.depends("company_id", "contract_id")
    def _compute_needs_approval(self):
        manager = self.env.user.has_group(MANAGER)
        for change in self:
            company = change.contract_id.company_id
            change.needs_approval = company.service_change_approval and not manager

    @api.depends("line_ids.amount_correction")
    def _compute_amount_correction(self):
        for change in self:
            amounts = change.line_ids.mapped("amount_correction")
            decided = change.state == "applied"
            change.amount_correction = (
                change.amount_correction if decided else sum(amounts)
            )

    @api.depends_context("lang")
    @api.depends(
        "kind",
        "date_from",
        "date_to",
        "price_method",
        "percent",
        "index_name",
        "index_base",
        "index_value",
        "line_ids.quantity",
        "line_ids.price_unit",
        "line_ids.discount",
    )
    def _compute_summary(self):
        for change in self:
            change.summary = "\n".join(change._get_words())

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._check_engine_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_engine_fields(vals)
            self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        if any(change.state == "applied" for change in self) and not self.env.su:
            raise UserError(
                self.env._("A change that is applied stays in the log of the contract.")
            )

    def _check_engine_fields(self, vals):
        if vals.keys() & set(ENGINE_FIELDS):
            raise UserError(
                self.env._("A change is applied by its buttons, never by hand.")
            )

    def _check_open(self):
        for change in self:
            if change.state in ("applied", "refused"):
                raise UserError(
                    self.env._(
                        "Change “%(change)s” is decided: ask for another one.",
                        change=change.reason,
                    )
                )

    def action_submit(self):
        """Apply the change, or ask for its approval where that is needed."""
        self.check_access("write")
        for change in self:
            change._check_open()
            change._check_applicable()
            if change.needs_approval:
                change._ask_for_approval()
            else:
                change._apply()
        return {"type": "ir.actions.act_window_close"}

    def action_approve(self):
        """Apply what was asked for; managers only."""
        self._check_manager()
        for change in self:
            change._check_open()
            change._apply()
        return True

    def action_refuse(self):
        self._check_manager()
        self._check_open()
        # Decisions are written by buttons alone.
        self.sudo().write({"state": "refused", "approved_by_id": self.env.uid})
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def _check_manager(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(MANAGER):
            raise UserError(
                self.env._("Only an administrator of service contracts approves this.")
            )

    def _ask_for_approval(self):
        # Decisions are written by buttons alone.
        self.sudo().state = "to_approve"
        managers = self.env.ref(MANAGER).sudo().all_user_ids
        who = managers.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Approve the change of a contract"),
            note=self.summary,
            user_id=(self.contract_id.user_id & who or who[-1:] or self.env.user).id,
        )
