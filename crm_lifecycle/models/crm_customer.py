from datetime import datetime, timezone

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

COLLEAGUES = [("share", "=", False)]
MANAGER_GROUP = "crm_lifecycle.group_manager"
STEWARD_GROUP = "crm_lifecycle.group_data_steward"


class CrmCustomer(models.Model):
    """One customer of one company: the shared memory that everything points to.

    One row per (root company, commercial partner). Branches share the row of their
    root company. The engine makes a row once the partner has a lead, an order or an
    invoice there, and fills the facts; see crm_customer_facts.py. Stages follow the
    rules, see crm_customer_rules.py, unless a person pins one.
    """

    _name = "crm.customer"
    _description = "Customer"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "crm.customer.facts",
        "crm.customer.facts.replay",
        "crm.customer.collect",
        "crm.customer.refresh",
        "crm.customer.condition",
        "crm.customer.rules",
        "crm.customer.replay",
        "crm.customer.merge",
        "crm.customer.pass",
    ]
    _rec_name = "partner_id"
    _rec_names_search = ["partner_id.complete_name", "partner_id.email"]
    _order = "last_order_date desc nulls last, id desc"
    _mailing_enabled = True

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.company.root_id,
        domain=[("parent_id", "=", False)],
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    active = fields.Boolean(related="partner_id.active", store=True)

    # Lifecycle
    stage_id = fields.Many2one(
        "crm.lifecycle.stage",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        group_expand="_group_expand_stage_id",
    )
    stage_since = fields.Datetime("In this stage since", readonly=True)
    stage_pinned = fields.Boolean("Pinned", help="Rules leave the stage alone.")
    pin_reason = fields.Char()
    pin_until = fields.Date("Pinned until", help="Empty: until a person unpins.")
    won_back_date = fields.Date(
        "Won back",
        readonly=True,
        help="When the customer last came back after having been lost.",
    )
    history_ids = fields.One2many(
        "crm.lifecycle.history", "customer_id", "Stages so far", readonly=True
    )
    service_standing = fields.Selection(
        [("none", "None"), ("served", "Served"), ("trouble", "In trouble")],
        required=True,
        default="none",
        help="Serving runs beside the stages, before, during and after the sale.",
    )
    is_contractual = fields.Boolean("Has a contract")
    service_tier_id = fields.Many2one("crm.service.tier", ondelete="restrict")

    # Accountable people
    user_id = fields.Many2one(
        "res.users", "Accountable", index=True, tracking=True, domain=COLLEAGUES
    )
    deputy_id = fields.Many2one(
        "res.users", "Deputy", index=True, tracking=True, domain=COLLEAGUES
    )
    team_id = fields.Many2one("crm.team", "Sales Team")
    preferred_channel_id = fields.Many2one("crm.channel", ondelete="set null")

    # Facts: written by the engine only
    lead_count = fields.Integer("Leads", readonly=True)
    qualified_lead_count = fields.Integer("Qualified Leads", readonly=True)
    first_lead_date = fields.Date("First Lead", readonly=True)
    last_lead_date = fields.Date("Last Lead", readonly=True)
    first_qualified_date = fields.Date("First Qualified", readonly=True)
    quotation_count = fields.Integer("Open Quotations", readonly=True)
    first_quotation_date = fields.Date("First Quotation", readonly=True)
    last_quotation_date = fields.Date("Last Quotation", readonly=True)
    order_count = fields.Integer(
        "Orders",
        readonly=True,
        help="Confirmed sale orders, and posted invoices that no order stands behind.",
    )
    first_order_date = fields.Date("First Order", readonly=True)
    last_order_date = fields.Date("Last Order", readonly=True)
    paid_order_count = fields.Integer(
        "Paid Orders", readonly=True, help="Orders with an invoice that is fully paid."
    )
    first_paid_date = fields.Date("First Payment", readonly=True)
    last_paid_date = fields.Date(
        "Last Payment", readonly=True, help="When the last order was paid in full."
    )
    last_invoice_date = fields.Date("Last Invoice", readonly=True)
    last_contact_date = fields.Date(
        "Last Contact",
        readonly=True,
        help="The last call, visit or letter noted down, or meeting in the calendar.",
    )
    revenue_total = fields.Monetary(
        "Revenue", readonly=True, help="Posted invoices less refunds, without taxes."
    )
    balance_due = fields.Monetary(readonly=True)

    _partner_unique = models.UniqueIndex(
        "(company_id, partner_id)", "This contact is a customer already."
    )
    _board_idx = models.Index("(company_id, stage_id)")
    _pin_idx = models.Index("(pin_until) WHERE stage_pinned")

    @api.model
    def _group_expand_stage_id(self, stages, domain):
        roots = self.env.companies.root_id.ids
        return stages.search([("company_id", "in", [*roots, False])]) | stages

    def _mail_get_partner_fields(self, introspect_fields=False):
        return ["partner_id"]

    @api.constrains("company_id", "stage_id")
    def _check_company_of_stage(self):
        for customer in self:
            stage_company = customer.stage_id.company_id
            if stage_company and stage_company != customer.company_id:
                raise ValidationError(
                    self.env._(
                        "The stage %(stage)s belongs to another company.",
                        stage=customer.stage_id.name,
                    )
                )

    @api.constrains("company_id", "user_id", "deputy_id", "team_id")
    def _check_company_of_people(self):
        """Accountable people and teams work in the company or a branch of it."""
        for customer in self.sudo():  # they may work where the user does not
            people = customer.user_id | customer.deputy_id
            strangers = people.filtered(
                lambda user, company=customer.company_id: (
                    company not in user.company_ids.root_id
                )
            )
            team_company = customer.team_id.company_id.root_id
            if strangers or (team_company and team_company != customer.company_id):
                raise ValidationError(
                    self.env._(
                        "%(who)s does not work in %(company)s.",
                        who=", ".join(strangers.mapped("name"))
                        or customer.team_id.name,
                        company=customer.company_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Make customers by hand: in the root company, for the commercial partner."""
        now = self._now()
        for vals in vals_list:
            self._check_facts_untouched(vals)
            self._normalize_owner(vals)
            if vals.get("stage_id"):
                vals.setdefault("stage_pinned", True)
                vals.setdefault("pin_reason", self.env._("Set by hand"))
            else:
                vals["stage_id"] = self._get_entry_stage(vals["company_id"])
            vals["stage_since"] = now
        customers = super().create(vals_list)
        customers._enter_stages({}, now)
        self._queue_events(
            "customer", [(c.company_id.id, c.partner_id.id) for c in customers]
        )
        return customers

    def write(self, vals):
        """Write; a stage set by a person is pinned and recorded with its reason."""
        self._check_facts_untouched(vals)
        if vals.keys() & {"partner_id", "company_id"}:
            self._check_same_owner(vals)
        if vals.get("stage_pinned") is False:
            vals = {"pin_reason": False, "pin_until": False, **vals}
            self._queue_customers("unpin")
        if not vals.get("stage_id"):
            return super().write(vals)
        old = {customer.id: customer.stage_id.id for customer in self}
        now = self._now()
        moved = self.filtered(lambda c: c.stage_id.id != vals["stage_id"])
        result = super(CrmCustomer, self - moved).write(vals)
        if moved:
            values = {
                "stage_pinned": True,
                "pin_reason": self.env._("Set by hand"),
                "pin_until": False,
                **vals,
                "stage_since": now,
            }
            result = super(CrmCustomer, moved).write(values)
            moved._note_win_back(old, now)
            moved._enter_stages({c.id: old[c.id] for c in moved}, now)
        return result

    def action_refresh(self):
        """Bring facts and stages up to date now; an empty recordset means all.

        :raise AccessError: when the user does not manage the lifecycle
        :raise UserError: when a pass over all customers is running already
        """
        if not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(self.env._("Only managers may refresh customers."))
        self.check_access("write")
        # checked above; the engine writes facts, which no person may
        if self:
            self.sudo()._refresh(self.sudo().partner_id.ids)
            return True
        if not self._lock_pass():
            raise UserError(
                self.env._("All customers are being refreshed already; wait a moment.")
            )
        self.sudo()._refresh_all()
        return True

    def action_unpin(self):
        """Give the stage back to the rules."""
        self.write({"stage_pinned": False})

    @api.model
    def _now(self):
        """Return the present moment in UTC, finer than a second.

        Not the transaction's start: two changes in one transaction follow each other.
        """
        return self.env.context.get("crm_lifecycle_now") or datetime.now(
            timezone.utc
        ).replace(tzinfo=None)

    @api.model
    def _at_one_moment(self):
        """Return self for one pass: whatever happens in it happens at one moment."""
        return self.with_context(crm_lifecycle_now=self._now())

    @api.model
    def _lock_pass(self):
        """Take the lock of a pass over all customers until the transaction ends."""
        query = SQL("SELECT pg_try_advisory_xact_lock(hashtext('crm.customer.pass'))")
        return self.env.execute_query(query)[0][0]

    @api.model
    def _get_entry_stage(self, company_id):
        Stage = self.env["crm.lifecycle.stage"]
        return Stage._get_entry_stages([company_id])[company_id]

    @api.model
    def _normalize_owner(self, vals):
        """Set the root company and the commercial partner in creation values."""
        company = self.env.company
        if vals.get("company_id"):
            company = company.browse(vals["company_id"])
        vals["company_id"] = company.sudo().root_id.id  # a branch user lacks the root
        if vals.get("partner_id"):
            partner = self.env["res.partner"].browse(vals["partner_id"])
            vals["partner_id"] = partner.commercial_partner_id.id

    @api.model
    def _check_facts_untouched(self, vals):
        """Facts come from documents, and dates of stages from the history."""
        typed = vals.keys() & (
            self._get_fact_columns() | {"stage_since", "won_back_date"}
        )
        if typed and not self.env.su:
            raise AccessError(
                self.env._(
                    "These figures are measured and cannot be typed in: %(fields)s",
                    fields=", ".join(sorted(typed)),
                )
            )

    def _write_unseen(self, vals):
        """Write what the engine knows better; no person did it, nothing is recorded."""
        return super().write(vals)

    def _check_same_owner(self, vals):
        for customer in self:
            if (
                vals.get("partner_id", customer.partner_id.id) != customer.partner_id.id
                or vals.get("company_id", customer.company_id.id)
                != customer.company_id.id
            ):
                raise UserError(
                    self.env._(
                        "A customer keeps its contact and company; merge the contacts "
                        "instead."
                    )
                )

    def _enter_stages(self, old, date_from):
        """Record that a person put the customers in their stages.

        :param dict old: {id of a customer: id of his stage before}
        """
        if not self:
            return
        self.flush_recordset()
        History = self.env["crm.lifecycle.history"].sudo()  # the engine writes it
        History._record_moves(
            SQL(
                """
                SELECT id AS customer_id, company_id, stage_id,
                       %s::timestamp AS date_from, NULL::int AS rule_id,
                       %s::int AS user_id, pin_reason AS reason
                  FROM crm_customer WHERE id IN %s
                """,
                date_from,
                self.env.uid,
                tuple(self.ids),
            )
        )
        self._on_stage_changed(old)

    def _note_win_back(self, old, moment):
        """Note the day on those in self who have just left a stage of the lost."""
        lost = self.env["crm.lifecycle.stage"]._get_lost_stages().ids
        back = self.filtered(lambda c: old[c.id] in lost and c.stage_id.id not in lost)
        if back:
            back._write_unseen({"won_back_date": moment.date()})

    def _on_stage_changed(self, old):
        """Hook: the customers in self have just changed their stage.

        :param dict old: {id of a customer: id of his stage before}, without those
            who are new
        """

    def _queue_customers(self, kind):
        self._queue_events(kind, [(c.company_id.id, c.partner_id.id) for c in self])

    @api.model
    def _queue_events(self, kind, pairs):
        """Have the facts and stages of customers looked at after the commit.

        :param str kind: what happened, for people who read the queue
        :param pairs: (company id, partner id); any branch and any contact will do,
            an empty company means all
        """
        self.env["crm.customer.event"]._collect(kind, pairs)
