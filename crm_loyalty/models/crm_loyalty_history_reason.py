from odoo import api, fields, models
from odoo.tools import SQL, format_amount, format_date
from odoo.tools.misc import formatLang

from .crm_customer_type import LOYALTY_TYPES
from .crm_loyalty_history import ABC_CLASSES, RFM_SEGMENTS

CHANGES = [
    ("new", "New"),
    ("returned", "Returned"),
    ("up", "Risen"),
    ("down", "Fallen"),
    ("segment", "Other Segment"),
    ("type", "Other Loyalty"),
    ("policy", "Policy Changed"),
    ("merged", "Merged"),
    ("lost", "No Longer Rated"),
    ("same", "Stated Again"),
]
FIGURES = (
    "rated_revenue",
    "cumulative_share",
    "rfm_recency",
    "rfm_frequency",
    "rfm_monetary",
    "behaviour_score",
    "attitude_score",
    "attitude_date",
)
"""Columns of the customer that a row keeps: what the change came from."""


class CrmLoyaltyHistory(models.Model):
    """What kind of change each row is, from what to what, and by which figures."""

    _inherit = "crm.loyalty.history"

    run_id = fields.Many2one(index="btree_not_null")
    loyalty_type = fields.Selection(LOYALTY_TYPES, readonly=True)
    change = fields.Selection(CHANGES, readonly=True, index="btree_not_null")
    abc_class_before = fields.Selection(ABC_CLASSES, "Class Before", readonly=True)
    rfm_segment_before = fields.Selection(RFM_SEGMENTS, "Segment Before", readonly=True)
    loyalty_type_before = fields.Selection(LOYALTY_TYPES, readonly=True)
    figures = fields.Json(
        readonly=True,
        help="The customer's figures `now` and `before`, when the row before this one "
        "began (`since`).",
    )
    reason = fields.Text(compute="_compute_reason")

    @api.depends("figures", "change", "run_id")
    @api.depends_context("lang")
    def _compute_reason(self):
        for row in self:
            row.reason = " ".join(filter(None, row._explain_change())) or False

    def _explain_change(self):
        self.ensure_one()
        kept = self.figures or {}
        now, before = kept.get("now") or {}, kept.get("before") or {}
        if self.change == "lost":
            return [
                self.env._("None of his purchases counts any more."),
                self._explain_policy(),
            ]
        if not before:
            return [self._explain_first(now)] if now else []
        return [
            self._explain_merge(),
            self._explain_policy(),
            self._explain_class(now, before),
            self._explain_segment(now, before),
            self._explain_type(now, before),
            self.env._(
                "(Before: as of %(date)s.)",
                date=format_date(self.env, kept.get("since")),
            ),
        ]

    def _explain_first(self, now):
        if now.get("rated_revenue") is None:
            return self.env._("Something is known of his loyalty for the first time.")
        return self.env._(
            "Rated for the first time: %(revenue)s counted; he and those ranked above "
            "make %(share)s of the total.",
            **self._say_figures(now),
        )

    def _explain_merge(self):
        if self.change == "merged":
            return self.env._("Another customer was merged into this one.")
        return ""

    def _explain_policy(self):
        # sudo: that the policy changed concerns whoever sees the customer
        changes = self.run_id.sudo()._describe_policy_changes() if self.run_id else ""
        if not changes:
            return ""
        return self.env._("The policy was changed (%(changes)s).", changes=changes)

    def _explain_class(self, now, before):
        if self.abc_class == self.abc_class_before:
            return ""
        then = self._say_figures(before)
        values = {
            "old": (self.abc_class_before or "–").upper(),
            "new": (self.abc_class or "–").upper(),
            "from_revenue": then["revenue"],
            "from_share": then["share"],
            "measure": self._say_measure(),
            **self._say_figures(now),
        }
        rose = (now.get("rated_revenue") or 0) - (before.get("rated_revenue") or 0)
        if rose > 0:
            return self.env._(
                "Class %(old)s → %(new)s: %(measure)s rose from %(from_revenue)s to "
                "%(revenue)s; he and those ranked above make %(share)s of the total, "
                "not %(from_share)s.",
                **values,
            )
        if rose < 0:
            return self.env._(
                "Class %(old)s → %(new)s: %(measure)s fell from %(from_revenue)s to "
                "%(revenue)s; he and those ranked above make %(share)s of the total, "
                "not %(from_share)s.",
                **values,
            )
        return self.env._(
            "Class %(old)s → %(new)s: %(measure)s is still %(revenue)s, but he and "
            "those ranked above make %(share)s of the total, not %(from_share)s.",
            **values,
        )

    def _explain_segment(self, now, before):
        if self.rfm_segment == self.rfm_segment_before:
            return ""
        scores = ", ".join(
            f"{self.env['crm.customer']._fields[name]._description_string(self.env)} "
            + self._say_arrow(before.get(name) or "–", now.get(name) or "–")
            for name in ("rfm_recency", "rfm_frequency", "rfm_monetary")
        )
        return self.env._(
            "Segment %(old)s → %(new)s: %(scores)s.",
            old=self._say_choice("rfm_segment_before"),
            new=self._say_choice("rfm_segment"),
            scores=scores,
        )

    def _explain_type(self, now, before):
        if self.loyalty_type == self.loyalty_type_before:
            return ""
        return self.env._(
            "Loyalty %(old)s → %(new)s: behaviour %(behaviour)s, attitude "
            "%(attitude)s (0 to 1).",
            old=self._say_choice("loyalty_type_before"),
            new=self._say_choice("loyalty_type"),
            behaviour=self._say_move("behaviour_score", now, before),
            attitude=self._say_move("attitude_score", now, before),
        )

    def _say_measure(self):
        """What customers were ranked by in the run: revenue, margin, net profit."""
        # sudo: what customers are ranked by is said on every chart
        kept = (self.run_id.sudo().policy_snapshot or {}).get("measure") or "revenue"
        measures = self.env["crm.loyalty.policy"]._fields["measure"]
        return dict(measures._description_selection(self.env)).get(kept, kept)

    def _say_choice(self, name):
        labels = dict(self._fields[name]._description_selection(self.env))
        return labels.get(self[name], self[name] or "–")

    def _say_move(self, name, now, before):
        def say(figures):
            unknown = name == "attitude_score" and not figures.get("attitude_date")
            value = figures.get(name)
            if unknown or value is None:
                return "–"
            return formatLang(self.env, value, digits=2)

        return self._say_arrow(say(before), say(now))

    def _say_arrow(self, old, new):
        """The arrow points the way of the language."""
        return self.env._("%(old)s → %(new)s", old=old, new=new)

    def _say_figures(self, figures):
        revenue, share = figures.get("rated_revenue"), figures.get("cumulative_share")
        return {
            "revenue": format_amount(
                # sudo: a branch user lacks the root
                self.env,
                revenue or 0.0,
                self.company_id.sudo().currency_id,
            ),
            "share": f"{formatLang(self.env, 100 * (share or 0), digits=1)} %",
        }

    # Engine

    @api.model
    def _open_rows(self, run, customer_ids, later):
        """Open a row with the present classes; `later`: customers with another day."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_loyalty_history (
                    customer_id, company_id, abc_class, rfm_segment, loyalty_type,
                    abc_class_before, rfm_segment_before, loyalty_type_before,
                    change, figures, date_from,
                    run_id, create_uid, write_uid, create_date, write_date)
                SELECT customer.id, customer.company_id, customer.abc_class,
                       customer.rfm_segment, customer.loyalty_type,
                       earlier.abc_class, earlier.rfm_segment, earlier.loyalty_type,
                       %(change)s,
                       JSONB_BUILD_OBJECT(
                           'now', JSONB_BUILD_OBJECT(%(figures)s),
                           'before', earlier.figures -> 'now',
                           'since', earlier.date_from),
                       COALESCE(later.day, %(day)s), %(run)s, %(uid)s, %(uid)s,
                       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM crm_customer customer
             LEFT JOIN (SELECT UNNEST(%(later_ids)s::int[]) AS id,
                               UNNEST(%(later_days)s::date[]) AS day) later
                       USING (id)
             LEFT JOIN (SELECT DISTINCT ON (customer_id) *
                          FROM crm_loyalty_history
                         WHERE customer_id = ANY(%(ids)s)
                      ORDER BY customer_id, date_from DESC, id DESC) earlier
                    ON earlier.customer_id = customer.id
                 WHERE customer.id = ANY(%(ids)s)
                   AND (customer.rfm_segment IS NOT NULL
                        OR customer.loyalty_type <> 'unknown'
                        OR earlier.id IS NOT NULL)
                """,
                ids=customer_ids,
                change=self._sql_change(run),
                figures=SQL(", ").join(
                    SQL("%s, customer.%s", name, SQL.identifier(name))
                    for name in FIGURES
                ),
                day=run.date_as_of,
                run=run.id,
                uid=self.env.uid,
                later_ids=[customer_id for customer_id, _day in later],
                later_days=[day for _customer_id, day in later],
            )
        )

    @api.model
    def _sql_change(self, run):
        """What kind of change `earlier` to `customer` is, the strongest cause first."""
        before = self.env["crm.loyalty.run"].search(
            [("policy_id", "=", run.policy_id.id), ("id", "<", run.id)], limit=1
        )
        return SQL(
            """
            CASE WHEN earlier.id IS NULL THEN 'new'
                 WHEN customer.rfm_segment IS NULL
                      AND earlier.rfm_segment IS NOT NULL THEN 'lost'
                 WHEN customer.rfm_segment IS NOT NULL
                      AND earlier.rfm_segment IS NULL
                 THEN CASE WHEN EXISTS (
                               SELECT FROM crm_loyalty_history past
                                WHERE past.customer_id = customer.id
                                  AND past.rfm_segment IS NOT NULL)
                           THEN 'returned' ELSE 'new' END
                 WHEN EXISTS (
                          SELECT FROM crm_customer_merge_log log
                           WHERE log.customer_id = customer.id
                             AND log.cause = 'merge' AND log.date >= %(since)s)
                 THEN 'merged'
                 WHEN %(policy)s THEN 'policy'
                 WHEN customer.abc_class < earlier.abc_class THEN 'up'
                 WHEN customer.abc_class > earlier.abc_class THEN 'down'
                 WHEN earlier.abc_class IS DISTINCT FROM customer.abc_class
                 THEN CASE WHEN customer.abc_class IS NULL THEN 'down' ELSE 'up' END
                 WHEN customer.rfm_segment IS DISTINCT FROM earlier.rfm_segment
                 THEN 'segment'
                 WHEN customer.loyalty_type IS DISTINCT FROM earlier.loyalty_type
                 THEN 'type'
                 ELSE 'same' END
            """,
            since=before.date or run.date,
            policy=bool(run.policy_changes),
        )
