from odoo import api, fields, models
from odoo.tools import SQL

from ..lib.facts import FactSource
from .wording import listed

SCORES = ("data_date", "completeness_score", "freshness_score", "quality_score")


class CrmCustomer(models.Model):
    """How good the data of a customer are: complete, and fresh.

    Both are shares of the weights of rules (`crm.quality.rule`), measured by one
    statement for everybody, as the facts are. Odoo keeps no date per field, so the age
    of the data is counted from the latest of three moments: the contact was entered;
    a person changed a watched field of it; a person confirmed here that all is right.
    """

    _inherit = "crm.customer"

    # a steward corrects the contact in the list of customers
    email = fields.Char(readonly=False)
    phone = fields.Char(readonly=False)
    country_id = fields.Many2one(readonly=False)
    street = fields.Char(related="partner_id.street", readonly=False)
    city = fields.Char(related="partner_id.city", readonly=False)
    vat = fields.Char(related="partner_id.vat", readonly=False)
    data_checked_at = fields.Datetime(
        "Data Confirmed",
        readonly=True,
        copy=False,
        help="When somebody last looked at the contact data and found them right.",
    )
    data_checked_by_id = fields.Many2one(
        "res.users", "Confirmed by", readonly=True, copy=False, ondelete="set null"
    )
    data_date = fields.Datetime(
        "Data as of",
        readonly=True,
        help="The latest of: the contact was entered, its data were changed, "
        "somebody confirmed them.",
    )
    completeness_score = fields.Float(
        "Completeness",
        readonly=True,
        aggregator="avg",
        digits=(5, 2),
        help="Weighted share of the demanded data that are there and well formed, in "
        "percent.",
    )
    freshness_score = fields.Float(
        "Freshness",
        readonly=True,
        aggregator="avg",
        digits=(5, 2),
        help="Weighted share of the demands on the age of the data that are met, in "
        "percent.",
    )
    quality_score = fields.Float(
        "Data Quality",
        readonly=True,
        aggregator="avg",
        digits=(5, 2),
        help="Completeness and freshness by the weights of the data quality policy, "
        "in percent.",
    )
    quality_missing = fields.Char(
        "What is Missing",
        compute="_compute_quality_missing",
        help="The demands of the data quality policy that are not met.",
    )
    review_priority = fields.Float(
        compute="_compute_review_priority",
        help="Gaps in the data, weighted by what the customer has bought.",
    )

    @api.depends("quality_score")
    @api.depends_context("lang")
    def _compute_quality_missing(self):
        gaps = self._find_gaps()
        # settings; who reads a customer may know what is asked of his data
        Rule = self.env["crm.quality.rule"].sudo()
        texts = {
            rule.id: rule._get_gap_label()
            for rule in Rule.browse({rule for rules in gaps.values() for rule in rules})
        }
        for customer in self:
            rules = gaps.get(customer._origin.id, ())
            customer.quality_missing = listed(self.env, (texts[rule] for rule in rules))

    @api.depends("quality_score", "revenue_total")
    def _compute_review_priority(self):
        self.flush_recordset(["quality_score", "revenue_total"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id, %s FROM crm_customer WHERE id = ANY(%s)",
                self._sql_review_priority("crm_customer"),
                list(self._origin.ids),
            )
        )
        priorities = dict(rows)
        for customer in self:
            customer.review_priority = priorities.get(customer._origin.id, 0.0)

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let the review priority sort customers; it is not stored."""
        if field_expr == "review_priority":
            return self._sql_review_priority(alias)
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _sql_review_priority(self, alias):
        """Percent that are missing times the order of magnitude of the revenue."""
        return SQL(
            "((100 - COALESCE(%s, 0)) * log(10 + GREATEST(COALESCE(%s, 0), 0)))::float",
            SQL.identifier(alias, "quality_score"),
            SQL.identifier(alias, "revenue_total"),
        )

    def write(self, vals):
        """Write; data that the policy looks at are scored anew."""
        result = super().write(vals)
        if vals.keys() & self._get_scored_fields():
            self._queue_customers("quality")
        return result

    @api.model
    def _get_scored_fields(self):
        keys = self.env["crm.quality.rule"]._get_fields()
        names = {key.split(".")[1] for key in keys if key.startswith("customer.")}
        return (names | {"data_checked_at"}) - self._get_fact_columns()

    def action_open_form(self):
        """Open one customer of the review list as a form."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.customer",
            "view_mode": "form",
            "res_id": self.id,
        }

    def action_confirm_data(self):
        """Note that a person has looked at the data and that they are right."""
        self.check_access("write")
        self.write(
            {
                "data_checked_at": fields.Datetime.now(),
                "data_checked_by_id": self.env.uid,
            }
        )
        for customer in self:
            customer._message_log(body=self.env._("The contact data are right."))
        self._score_now()
        return True

    def _score_now(self):
        """Bring the scores of the customers up to date in this transaction."""
        if not self:
            return
        self.env.flush_all()
        scores = self._query_quality_facts(self._get_customer_scope())
        names = SQL(", ").join(map(SQL.identifier, SCORES))
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_customer customer SET (%(names)s) = ROW(%(new)s)
                  FROM (%(scores)s) AS score (company_id, partner_id, %(names)s)
                 WHERE customer.id = ANY(%(ids)s)
                   AND score.company_id = customer.company_id
                   AND score.partner_id = customer.partner_id
                   AND (%(old)s) IS DISTINCT FROM (%(new)s)
                """,
                names=names,
                new=self._sql_columns("score", SCORES),
                old=self._sql_columns("customer", SCORES),
                scores=scores,
                ids=list(self.ids),
            )
        )
        self.invalidate_recordset([*SCORES, "quality_missing", "review_priority"])

    def _get_customer_scope(self):
        # ids only, of customers whom the caller has already
        return self._get_scope(self.sudo().partner_id.ids)

    # ------------------------------------------------------------------
    # Scoring
    # ------------------------------------------------------------------
    @api.model
    def _fact_sources(self):
        return [
            *super()._fact_sources(),
            FactSource("quality", SCORES, self._query_quality_facts, replayable=False),
        ]

    @api.model
    def _insert_customers(self, columns, rows):
        """Score those who have just come into being: the source knows them only now."""
        customers = super()._insert_customers(columns, rows)
        customers._score_now()
        return customers

    @api.model
    def _sql_data_date(self):
        """The moment since which nobody has touched or confirmed the data."""
        return SQL(
            "GREATEST(customer.data_checked_at, partner.crm_data_date,"
            " partner.create_date)"
        )

    @api.model
    def _query_quality_facts(self, scope):
        """The scores of those who are customers already, by the policy of each."""
        return SQL(" UNION ALL ").join(
            SQL(
                """
                SELECT company_id, partner_id, data_date, completeness, freshness,
                       ROUND((completeness * %(more)s::numeric
                              + freshness * %(less)s::numeric)
                             / (%(more)s::numeric + %(less)s::numeric), 2)
                  FROM (SELECT customer.company_id, customer.partner_id,
                               %(data_date)s AS data_date,
                               %(completeness)s AS completeness,
                               %(freshness)s AS freshness
                          FROM crm_customer customer
                          JOIN res_partner partner ON partner.id = customer.partner_id
                         WHERE customer.company_id = ANY(%(companies)s) AND %(scope)s
                       ) scored
                """,
                more=policy.completeness_weight or (not policy and 1) or 0,
                less=policy.freshness_weight,
                data_date=self._sql_data_date(),
                completeness=self._sql_share(
                    policy.rule_ids.filtered(lambda rule: rule.kind != "fresh")
                ),
                freshness=self._sql_share(
                    policy.rule_ids.filtered(lambda rule: rule.kind == "fresh")
                ),
                companies=company_ids,
                scope=scope(SQL("customer.company_id"), SQL("customer.partner_id")),
            )
            for policy, company_ids in self._get_policies()
        )

    @api.model
    def _get_policies(self):
        """Return [(policy, ids of the root companies that follow it)]."""
        # settings, for the engine
        roots = self.env["res.company"].sudo().with_context(active_test=False)
        roots = roots.search([("parent_id", "=", False)])
        Policy = self.env["crm.quality.policy"]
        return list(Policy._get_by_company(roots.ids).items())

    @api.model
    def _sql_share(self, rules):
        """The weights that are met in percent of those that apply.

        Where nothing is demanded, nothing is missing: 100.
        """
        if not rules:
            return SQL("100::numeric")
        today = self._now().date()
        weighed = [
            (rule._sql_applies(), rule._sql_met(today), rule.weight) for rule in rules
        ]
        met = SQL(" + ").join(
            SQL(
                "CASE WHEN %s AND %s THEN %s::numeric ELSE 0 END", applies, good, weight
            )
            for applies, good, weight in weighed
        )
        asked = SQL(" + ").join(
            SQL("CASE WHEN %s THEN %s::numeric ELSE 0 END", applies, weight)
            for applies, _good, weight in weighed
        )
        return SQL("COALESCE(ROUND(100 * (%s) / NULLIF(%s, 0), 2), 100)", met, asked)

    def _find_gaps(self):
        """Return {id of a customer: [ids of the rules that he does not meet]}."""
        stored = self._origin
        if not stored:
            return {}
        self.env.flush_all()
        today = self._now().date()
        branches = [
            SQL(
                """
                SELECT customer.id, array_remove(ARRAY[%s]::int[], NULL)
                  FROM crm_customer customer
                  JOIN res_partner partner ON partner.id = customer.partner_id
                 WHERE customer.id = ANY(%s) AND customer.company_id = ANY(%s)
                """,
                SQL(", ").join(
                    SQL(
                        "CASE WHEN %s AND NOT %s THEN %s END",
                        rule._sql_applies(),
                        rule._sql_met(today),
                        rule.id,
                    )
                    for rule in policy.rule_ids
                ),
                list(stored.ids),
                company_ids,
            )
            for policy, company_ids in self._get_policies()
            if policy.rule_ids
        ]
        if not branches:
            return {}
        return dict(self.env.execute_query(SQL(" UNION ALL ").join(branches)))
