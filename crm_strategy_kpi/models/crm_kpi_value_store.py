import json

from odoo import api, models
from odoo.tools import SQL

from ..lib.assessment import assess
from .crm_kpi_value import FIRST_VERSION

# The columns that say which cell a figure belongs to, and those that say what it is.
KEY_COLUMNS = {
    "kpi_id": "int",
    "period_start": "date",
    "period_end": "date",
    "company_id": "int",
    "team_id": "int",
    "user_id": "int",
    "version": "int",
}
FIGURE_COLUMNS = {
    "numerator": "double precision",
    "denominator": "double precision",
    "value": "double precision",
    "target": "double precision",
    "upper_limit": "double precision",
    "attainment": "double precision",
    "status": "text",
    "state": "text",
}


class CrmKpiValue(models.Model):
    """How figures are stored: set by set, and only where they differ."""

    _inherit = "crm.kpi.value"

    def _judge(self):
        """Set targets, attainment and status anew after a target has changed."""
        self.env.flush_all()
        rows = []
        for kpi, values in self.grouped("kpi_id").items():
            figures = {
                (value.company_id.id, value._period()): value._figure()
                for value in values
            }
            rows += self._prepare_rows(kpi, figures)
        return self._upsert(rows)

    @api.model
    def _store(self, kpi, figures):
        """Store {(company id, Period): Figure or None} of `kpi`.

        Returns how many values changed or appeared; nothing else is written.
        """
        return self._upsert(self._prepare_rows(kpi, figures))

    @api.model
    def _prepare_rows(self, kpi, figures):
        targets = kpi._get_targets(figures)
        return [
            self._prepare_row(kpi, company_id, period, figure, targets)
            for (company_id, period), figure in figures.items()
        ]

    @api.model
    def _prepare_row(self, kpi, company_id, period, figure, targets):
        value = kpi._figure_value(figure)
        target = targets.get((company_id, period.start))
        result = assess(
            value,
            kpi.direction,
            target,
            kpi.threshold_on_track / 100.0,
            kpi.threshold_at_risk / 100.0,
        )
        return {
            "kpi_id": kpi.id,
            "period_start": period.start.isoformat(),
            "period_end": period.end.isoformat(),
            "company_id": company_id,
            "team_id": None,
            "user_id": None,
            "version": FIRST_VERSION,
            "numerator": None if value is None else float(figure.numerator),
            "denominator": None
            if value is None or figure.denominator is None
            else float(figure.denominator),
            "value": None if value is None else float(value),
            "target": target and target.value,
            "upper_limit": target and target.upper,
            "attainment": result.attainment,
            "status": result.status,
            "state": "no_data" if value is None else "measured",
        }

    @api.model
    def _upsert(self, rows):
        """Update the stored rows that differ, insert those that are missing."""
        if not rows:
            return 0
        self.env.flush_all()
        payload = json.dumps(rows)
        ids = [
            row[0]
            for statement in (self._update_query(payload), self._insert_query(payload))
            for row in self.env.execute_query(statement)
        ]
        if ids:
            self.browse(ids).invalidate_recordset()
            self.env["crm.kpi"].invalidate_model()
        return len(ids)

    def _update_query(self, payload):
        return SQL(
            """
            UPDATE crm_kpi_value AS stored
               SET (%(columns)s, write_uid, write_date)
                 = (%(fresh)s, %(uid)s, NOW() AT TIME ZONE 'UTC')
              FROM %(rows)s
             WHERE %(same_cell)s
               AND (%(stored)s) IS DISTINCT FROM (%(fresh)s)
            RETURNING stored.id
            """,
            columns=_columns(FIGURE_COLUMNS),
            stored=_columns(FIGURE_COLUMNS, "stored"),
            fresh=_columns(FIGURE_COLUMNS, "fresh"),
            uid=self.env.uid,
            rows=_recordset(payload),
            same_cell=_same_cell(),
        )

    def _insert_query(self, payload):
        columns = {**KEY_COLUMNS, **FIGURE_COLUMNS}
        return SQL(
            """
            INSERT INTO crm_kpi_value
                        (%(columns)s, create_uid, write_uid, create_date, write_date)
            SELECT %(fresh)s, %(uid)s, %(uid)s,
                   NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
              FROM %(rows)s
             WHERE NOT EXISTS (
                   SELECT FROM crm_kpi_value AS stored WHERE %(same_cell)s)
            RETURNING id
            """,
            columns=_columns(columns),
            fresh=_columns(columns, "fresh"),
            uid=self.env.uid,
            rows=_recordset(payload),
            same_cell=_same_cell(),
        )


def _columns(names, alias=None):
    if alias is None:
        return SQL(", ").join(SQL.identifier(name) for name in names)
    return SQL(", ").join(SQL.identifier(alias, name) for name in names)


def _recordset(payload):
    """Return SQL for the rows of a JSON list, as a table called `fresh`."""
    columns = {**KEY_COLUMNS, **FIGURE_COLUMNS}
    return SQL(
        "JSONB_TO_RECORDSET(%s::jsonb) AS fresh(%s)",
        payload,
        SQL(", ").join(
            SQL("%s %s", SQL.identifier(name), SQL(kind))
            for name, kind in columns.items()
        ),
    )


def _same_cell():
    """Return SQL that is true for the same cell, where empty equals empty."""
    return SQL(" AND ").join(
        SQL("COALESCE(stored.%(name)s, 0) = COALESCE(fresh.%(name)s, 0)", name=column)
        if name in ("team_id", "user_id")
        else SQL("stored.%(name)s = fresh.%(name)s", name=column)
        for name in KEY_COLUMNS
        for column in [SQL.identifier(name)]
    )
