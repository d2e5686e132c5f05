import time
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

from .crm_customer import RATING_COLUMNS
from .purchases import purchase_facts
from .scoring import scored


class CrmLoyaltyPolicy(models.Model):
    """How a company rates its customers, and the engine that does it.

    A run is three set-based steps: rate all customers of the company into a
    temporary table, write the ratings that differ, write the class history of those
    who moved. Running it twice writes nothing the second time.
    """

    _name = "crm.loyalty.policy"
    _description = "Loyalty Policy"
    _rec_name = "company_id"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
        ondelete="cascade",
    )
    date_as_of = fields.Date(
        "As Of",
        help="Rate the customers as they stood at the end of this day. Empty: today.",
    )
    window_months = fields.Integer(
        "Window (Months)",
        help="Only purchases of the last so many months count. 0: all of them.",
    )
    cut_a = fields.Float(
        "A Up To",
        digits=(5, 4),
        default=0.80,
        required=True,
        help="A customer is an A until those ranked above have made this share of "
        "the revenue.",
    )
    cut_b = fields.Float(
        "B Up To",
        digits=(5, 4),
        default=0.95,
        required=True,
        help="Likewise for B; all others are C.",
    )
    rfm_bins = fields.Integer(
        "Number of Scores",
        default=5,
        required=True,
        help="Recency, frequency and monetary value are each scored from 1 to this "
        "number. The highest score means: at most one in so many customers "
        "does as well. Equal customers always get equal scores.",
    )
    run_ids = fields.One2many("crm.loyalty.run", "policy_id", "Runs")
    last_run_id = fields.Many2one("crm.loyalty.run", compute="_compute_last_run_id")

    _company_uniq = models.UniqueIndex(
        "(company_id)", "This company has a loyalty policy already."
    )
    _cuts_ordered = models.Constraint(
        "CHECK (0 < cut_a AND cut_a < cut_b AND cut_b < 1)",
        "The limits of the classes are shares between 0 and 1, A below B.",
    )
    _bins_range = models.Constraint(
        "CHECK (rfm_bins BETWEEN 2 AND 5)", "There are 2 to 5 scores."
    )
    _window_positive = models.Constraint(
        "CHECK (window_months >= 0)", "The window cannot be negative."
    )

    @api.depends("run_ids")
    def _compute_last_run_id(self):
        last = dict(
            self.env["crm.loyalty.run"]._read_group(
                [("policy_id", "in", self.ids)], ["policy_id"], ["id:max"]
            )
        )
        for policy in self:
            policy.last_run_id = last.get(policy)

    @api.constrains("company_id")
    def _check_company_is_root(self):
        for policy in self:
            if policy.company_id != policy.company_id.root_id:
                raise ValidationError(
                    self.env._(
                        "%(branch)s is a branch: its customers are rated with its "
                        "main company.",
                        branch=policy.company_id.name,
                    )
                )

    def action_run(self):
        """Rate the customers now, from documents as they are at this moment."""
        if not self.env.user.has_group("crm_loyalty.group_manager"):
            raise AccessError(
                self.env._("Only loyalty managers can start a loyalty run.")
            )
        self.check_access("write")
        runs = self.env["crm.loyalty.run"]
        for policy in self:
            policy._refresh_facts()
            runs += policy._run()
        return runs._get_notification() if runs else False

    @api.model
    def _cron_run(self):
        """Rate every company in turn; one that fails does not stop the others."""
        policies = self._create_missing()
        for done, policy in enumerate(policies, 1):
            policy._run()
            self.env["ir.cron"]._commit_progress(1, remaining=len(policies) - done)

    @api.model
    def _create_missing(self):
        """All policies, after each main company without one has got its own."""
        companies = self.env["res.company"].search([("parent_id", "=", False)])
        policies = self.search([("company_id", "in", companies.ids)])
        missing = companies - policies.company_id
        return policies + self.create([{"company_id": one.id} for one in missing])

    def _refresh_facts(self):
        # sudo: facts are the engine's; a manager of one company may start it for all
        self.env["crm.customer"].sudo()._refresh_facts()

    # Engine

    def _run(self):
        """Rate the customers of one policy; return the `crm.loyalty.run`."""
        self.ensure_one()
        self.lock_for_update()  # two runs at once would write the same history
        began, now = time.monotonic(), fields.Datetime.now()
        self.env.flush_all()
        as_of = self.date_as_of or fields.Date.context_today(self)
        # sudo: runs are the engine's own record; nobody may write one by hand
        run = (
            self.env["crm.loyalty.run"]
            .sudo()
            .create(
                {
                    "policy_id": self.id,
                    "date": now,
                    "user_id": self.env.uid,
                    "date_as_of": as_of,
                    **self._prepare_snapshot_values(),
                }
            )
        )
        run.flush_recordset()
        self._rate(as_of)
        changed, old = self._write_ratings()
        self._value(run)
        _written, retyped = self._rate_types(as_of)
        self.env["crm.loyalty.history"]._record_moves(run, {*old, *retyped})
        run.write(
            {
                **self._prepare_run_values(),
                "changed_count": changed,
                "moved_count": len(old),
                "duration": time.monotonic() - began,
            }
        )
        if old:
            self.env["crm.customer"].browse(old)._on_class_changed(old)
        return run

    def _get_facts_query(self, as_of):
        """SQL of (id, last_date, purchases, revenue) of the customers to rate.

        Everything up to now stands ready on the customers; a window or a past day is
        found again from the documents.
        """
        if not self.date_as_of and not self.window_months:
            return SQL(
                """
                SELECT id, last_purchase_date AS last_date,
                       purchase_count AS purchases, purchase_revenue AS revenue
                  FROM crm_customer
                 WHERE company_id = %s AND purchase_count > 0
                """,
                self.company_id.id,
            )
        return SQL(
            """
            SELECT customer.id, facts.last_purchase_date AS last_date,
                   facts.purchase_count AS purchases, facts.purchase_revenue AS revenue
              FROM (%s) facts
              JOIN crm_customer customer USING (company_id, partner_id)
             WHERE facts.purchase_count > 0
            """,
            self._get_period_facts(as_of),
        )

    def _get_period_facts(self, as_of):
        date_from = None
        if self.window_months:
            date_from = as_of - relativedelta(months=self.window_months)
        return purchase_facts(self._get_company_scope(), date_from, as_of)

    def _get_company_scope(self):
        """The ``scope`` of `purchases` that keeps the customers of this company."""
        company = SQL("%s", self.company_id.id)

        def scope(company_expr, _partner_expr):
            return SQL("%s = %s", company_expr, company)

        return scope

    def _query_ratings(self, as_of):
        """SQL of id and the `RATING_COLUMNS` of each customer to rate."""
        return scored(
            self._get_facts_query(as_of),
            Decimal(str(self.cut_a)),
            Decimal(str(self.cut_b)),
            self.rfm_bins,
            self._get_fixed_cuts(as_of),
            self._get_segment_table(),
        )

    def _rate(self, as_of):
        """Fill the temporary table `crm_loyalty_rating`."""
        cr = self.env.cr
        cr.execute(SQL("DROP TABLE IF EXISTS crm_loyalty_rating"))
        cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE crm_loyalty_rating ON COMMIT DROP AS %s",
                self._query_ratings(as_of),
            )
        )
        cr.execute(SQL("ANALYZE crm_loyalty_rating"))

    def _get_fixed_cuts(self, as_of):
        """Hook: the `FixedCuts` of the scores, None where customers are compared."""

    def _write_ratings(self):
        """Write what differs.

        :return: number of customers written, and {id: (class, segment) before} of
            those whose class or segment changed
        """
        rows = self._write_differing(
            RATING_COLUMNS,
            SQL("crm_loyalty_rating"),
            SQL(
                "customer.abc_class, customer.rfm_segment,"
                " target.abc_class, target.rfm_segment"
            ),
        )
        return len(rows), {row[0]: row[1:3] for row in rows if row[1:3] != row[3:]}

    def _prepare_run_values(self):
        """Counts and totals of a run, from the temporary table."""
        self.env.cr.execute(
            SQL(
                """
                SELECT COALESCE(abc_class, '') AS abc_class, COUNT(*) AS customers,
                       COALESCE(SUM(rated_revenue), 0) AS revenue
                  FROM crm_loyalty_rating
              GROUP BY 1
                """
            )
        )
        values = {"customer_count": 0, "revenue": 0.0}
        for abc_class, customers, revenue in self.env.cr.fetchall():
            values["customer_count"] += customers
            values["revenue"] += float(revenue)
            if abc_class:
                values[f"count_{abc_class}"] = customers
                values[f"revenue_{abc_class}"] = float(revenue)
        figures = self.env["crm.customer"]._get_concentration(
            SQL("SELECT rated_revenue, revenue_rank FROM crm_loyalty_rating")
        )
        return {
            **values,
            "top_share": figures["top_share"] or 0.0,
            "gini": figures["gini"] or 0.0,
        }
