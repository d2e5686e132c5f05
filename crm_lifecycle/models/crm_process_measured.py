from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.rating.models.rating_data import RATING_LIMIT_MIN, RATING_LIMIT_OK

from ..lib import process as process_lib

NOW = SQL("now() AT TIME ZONE 'UTC'")
UNHAPPY = 2
"""Satisfaction up to which an answer counts as dissatisfied, of 1 to 5."""

FIGURES = {
    "importance": "float8",
    "importance_count": "int4",
    "satisfaction": "float8",
    "satisfaction_count": "int4",
    "effort": "float8",
    "effort_count": "int4",
    "dissatisfaction": "float8",
    "dissatisfaction_count": "int4",
    "effect": "float8",
    "priority": "float8",
    "level": "varchar",
    "rank": "int4",
}
"""Measured columns and their types in PostgreSQL; NULL where there is no data."""


class CrmProcess(models.Model):
    """What customers say of a process, and what follows: measured, never typed in.

    All processes of a company are measured by one query for each kind of source, and
    written by one UPDATE where something differs. Where nobody answered the columns
    are NULL, and the number of answers is 0.
    """

    _inherit = "crm.process"

    importance = fields.Float(
        readonly=True,
        digits=(3, 1),
        aggregator="avg",
        copy=False,
        help="Mean answer of customers to how important the process is to them, 1 to "
        "5. Without answers it has not been asked yet.",
    )
    importance_count = fields.Integer("Answers: importance", readonly=True, copy=False)
    satisfaction = fields.Float(
        readonly=True,
        digits=(3, 1),
        aggregator="avg",
        copy=False,
        help="Mean answer of customers to how satisfied they are, 1 to 5.",
    )
    satisfaction_count = fields.Integer(
        "Answers: satisfaction", readonly=True, copy=False
    )
    effort = fields.Float(
        "Customer's effort",
        readonly=True,
        digits=(3, 1),
        aggregator="avg",
        copy=False,
        help="Mean answer of customers to how much time and trouble the process costs "
        "them, 1 (none) to 5 (very much).",
    )
    effort_count = fields.Integer("Answers: effort", readonly=True, copy=False)
    dissatisfaction = fields.Float(
        "Dissatisfied (%)",
        readonly=True,
        digits=(5, 1),
        aggregator="avg",
        copy=False,
        help="Share of dissatisfied answers and low ratings in all of them.",
    )
    dissatisfaction_count = fields.Integer(
        "Answers and ratings", readonly=True, copy=False
    )
    effect = fields.Float(
        "Effect on goals",
        readonly=True,
        digits=(3, 1),
        aggregator="avg",
        copy=False,
        help="Mean of the judged effects on the company's goals, 0 to 3, weighted by "
        "the goals.",
    )
    priority = fields.Float(
        readonly=True,
        digits=(4, 1),
        aggregator="avg",
        copy=False,
        help="Importance to customers x effect on goals, 0 to 15.",
    )
    level = fields.Selection(
        [
            ("high", "High priority"),
            ("medium", "Medium priority"),
            ("low", "Low priority"),
            ("unknown", "Not asked or judged yet"),
        ],
        "Priority level",
        readonly=True,
        required=True,
        default="unknown",
        copy=False,
        group_expand=True,
    )
    rank = fields.Integer(
        readonly=True,
        aggregator=None,
        copy=False,
        help="By priority; among equals the most dissatisfying comes first.",
    )
    rating_model_ids = fields.Many2many(
        "crm.rated.document",
        "crm_process_rated_document_rel",
        "process_id",
        "document_id",
        "Rated documents",
        help="Ratings that customers give on these documents count for the process.",
    )

    @api.model
    def _check_measured(self, vals):
        typed = vals.keys() & FIGURES.keys()
        if typed and not self.env.su:
            raise AccessError(
                self.env._(
                    "These figures are measured and cannot be typed in: %(fields)s",
                    fields=", ".join(sorted(typed)),
                )
            )

    def action_refresh_scores(self):
        """Measure the processes of the companies in self again, now."""
        self.check_access("write")
        self._refresh_scores()
        return True

    @api.model
    def _cron_measure(self):
        """Measure all processes, and keep the surveys in step with the register."""
        self.env["crm.rated.document"]._sync()
        # sudo: a cron, for all companies
        processes = self.sudo().search(Domain.TRUE)
        processes._sync_surveys()
        for company in processes.company_id:
            company._translate_process_survey()
        processes._refresh_scores()

    def _refresh_scores(self):
        """Measure all processes of the companies in self; write only what differs."""
        # figures of the company, whoever set it going
        everybody = self.sudo().with_context(active_test=False)
        processes = everybody.search([("company_id", "in", self.sudo().company_id.ids)])
        if not processes:
            return
        self.env.flush_all()
        figures = {process.id: {} for process in processes}
        processes._add_answers(figures)
        processes._add_dissatisfaction(figures)
        processes._add_effects(figures)
        for row in figures.values():
            row["priority"] = process_lib.priority(
                row.get("importance"), row.get("effect")
            )
            row["level"] = process_lib.level(row["priority"])
        processes._add_ranks(figures)
        processes._write_figures(figures)

    def _add_answers(self, figures):
        """Add the mean answers and their numbers: one query."""
        groups = self.env["crm.process.answer"]._read_group(
            Domain("process_id", "in", self.ids) & self._get_window_domain(),
            ["process_id", "measure"],
            ["value:avg", "__count"],
        )
        for row in figures.values():
            row.update(importance_count=0, satisfaction_count=0, effort_count=0)
        for process, measure, mean, count in groups:
            figures[process.id][measure] = round(mean, 4)
            figures[process.id][f"{measure}_count"] = count

    def _get_window_domain(self):
        """Return the condition on dates: the months that each company looks back."""
        today = self.env["crm.customer"]._now().date()
        return Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain(
                "date",
                ">=",
                fields.Date.subtract(today, months=company.process_window_months),
            )
            for company in self.company_id
        )

    def _add_dissatisfaction(self, figures):
        """Add the share of bad cases among all cases of all sources: one query."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT process_id, SUM(bad), SUM(total)
                  FROM (%s) AS source (process_id, bad, total)
                 WHERE process_id = ANY(%s) GROUP BY process_id
                """,
                SQL(" UNION ALL ").join(self._dissatisfaction_sources()),
                self.ids,
            )
        )
        for row in figures.values():
            row["dissatisfaction_count"] = 0
        for process_id, bad, total in rows:
            figures[process_id].update(
                dissatisfaction=process_lib.share(float(bad), float(total)),
                dissatisfaction_count=int(total),
            )

    def _dissatisfaction_sources(self):
        """Return SELECTs of (process_id, bad cases, all cases); addons add theirs."""
        return [self._query_unhappy_answers(), *self._query_low_ratings()]

    def _query_unhappy_answers(self):
        return SQL(
            """
            SELECT answer.process_id, COUNT(*) FILTER (WHERE answer.value <= %s),
                   COUNT(*)
              FROM (%s) answer
              JOIN res_company owner ON owner.id = answer.company_id
             WHERE answer.measure = 'satisfaction' AND answer.date >= %s
             GROUP BY answer.process_id
            """,
            UNHAPPY,
            self.env["crm.process.answer"]._table_query,
            self._sql_window_start(),
        )

    def _sql_window_start(self):
        """The first day that counts, for the company joined as owner."""
        return SQL(
            "(%s::date - make_interval(months => owner.process_window_months))::date",
            self.env["crm.customer"]._now().date(),
        )

    def _query_low_ratings(self):
        """One SELECT per kind of rated document: ratings below "okay" are bad.

        A document tells its company. Where it has none, the rating counts for the one
        company that has the contact as its customer.
        """
        documents = self.rating_model_ids.filtered(
            lambda document: document.model in self.env
        )
        return [
            SQL(
                """
                SELECT linked.process_id,
                       COUNT(*) FILTER (WHERE rating.rating < %(okay)s), COUNT(*)
                  FROM crm_process_rated_document_rel linked
                  JOIN crm_process process ON process.id = linked.process_id
                  JOIN res_company owner ON owner.id = process.company_id
                  JOIN rating_rating rating ON rating.res_model = %(model)s
                 WHERE linked.document_id = %(document)s AND rating.consumed
                   AND rating.rating >= %(least)s
                   AND COALESCE(rating.rated_on, rating.write_date) >= %(start)s
                   AND process.company_id = (%(company)s)
                 GROUP BY linked.process_id
                """,
                okay=RATING_LIMIT_OK,
                least=RATING_LIMIT_MIN,
                model=document.model,
                document=document.id,
                start=self._sql_window_start(),
                company=self._sql_company_of_rating(self.env[document.model]),
            )
            for document in documents
        ]

    @api.model
    def _sql_company_of_rating(self, Model):
        """Return the SELECT of the root company that a rating belongs to."""
        by_customer = SQL(
            """
            SELECT MIN(customer.company_id) FROM res_partner contact
              JOIN crm_customer customer
                ON customer.partner_id = contact.commercial_partner_id
             WHERE contact.id = rating.partner_id HAVING COUNT(*) = 1
            """
        )
        field = Model._fields.get("company_id")
        if not (field and field.store and field.comodel_name == "res.company"):
            return by_customer
        by_document = SQL(
            """
            SELECT company.root_id FROM %s document
              JOIN %s company ON company.id = document.company_id
             WHERE document.id = rating.res_id
            """,
            SQL.identifier(Model._table),
            self.env["crm.customer"]._sql_root_companies(),
        )
        return SQL("SELECT COALESCE((%s), (%s))", by_document, by_customer)

    def _add_effects(self, figures):
        """Add the effect on goals that people have judged: one query."""
        effects = self.env["crm.process.effect"].search_fetch(
            [("process_id", "in", self.ids), ("goal_id.active", "=", True)],
            ["process_id", "goal_id", "effect"],
        )
        judged = defaultdict(list)
        for effect in effects:
            judged[effect.process_id.id].append(
                (effect.goal_id.weight, int(effect.effect))
            )
        for process_id, row in figures.items():
            row["effect"] = process_lib.effect(judged[process_id])

    def _add_ranks(self, figures):
        """Add the rank among the active processes of the same company."""
        for company in self.company_id:
            active = self.filtered(lambda p, c=company: p.active and p.company_id == c)
            ranks = process_lib.ranks(
                (p.id, figures[p.id]["priority"], figures[p.id].get("dissatisfaction"))
                for p in active
            )
            for process_id, rank in ranks.items():
                figures[process_id]["rank"] = rank

    def _write_figures(self, figures):
        """Write the figures that differ by one UPDATE; no data is NULL, not 0."""
        names = list(FIGURES)
        columns = [
            SQL("%s::%s[]", [row.get(name) for row in figures.values()], SQL(kind))
            for name, kind in FIGURES.items()
        ]
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE crm_process process
                   SET %(assignments)s, write_date = %(now)s
                  FROM unnest(%(ids)s::int[], %(columns)s) AS new (id, %(names)s)
                 WHERE process.id = new.id
                   AND (%(old)s) IS DISTINCT FROM (%(new)s)
                RETURNING process.id
                """,
                assignments=SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), SQL.identifier("new", name))
                    for name in names
                ),
                now=NOW,
                ids=list(figures),
                columns=SQL(", ").join(columns),
                names=SQL(", ").join(map(SQL.identifier, names)),
                old=SQL(", ").join(SQL.identifier("process", name) for name in names),
                new=SQL(", ").join(SQL.identifier("new", name) for name in names),
            )
        )
        changed = self.browse([process_id for (process_id,) in rows])
        changed.invalidate_recordset(names, flush=False)
        changed.modified(names)
