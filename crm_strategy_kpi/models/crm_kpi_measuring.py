import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..lib.figures import figure_value
from ..lib.periods import months_back, months_between

_logger = logging.getLogger(__name__)

# Each night the running month and these before it are measured again, so that late
# postings still count.
MONTHS_REMEASURED = 12
# More months than this in one call are a mistake rather than a wish.
MONTHS_MAX = 600
# A night that needs several rounds does not begin again with the KPIs just measured.
NIGHT = timedelta(hours=6)


class CrmKpi(models.Model):
    """The measuring of KPIs, on demand and each night."""

    _inherit = "crm.kpi"

    def action_measure(self, date_from=None, date_to=None):
        """Measure every month touched by the days `date_from` to `date_to`.

        Without dates: the running month and the twelve before it. Of an empty
        recordset: all KPIs. A KPI without company is measured for the companies that
        the caller has chosen. For executives only.
        """
        if not self.env.su and not self.env.user.has_group(
            "crm_strategy_kpi.group_executive"
        ):
            raise AccessError(self.env._("Only executives measure KPIs."))
        kpis = self or self.search([("active", "=", True)])
        kpis.check_access("write")
        periods = self._get_periods(date_from, date_to)
        # A total is measured over all records; who may see it is for the rules of
        # crm.kpi.value, and drilling down is for those of the records.
        kpis.sudo()._measure(periods, self.env.companies)
        return self._notify_measured(kpis)

    @api.model
    def _cron_measure(self):
        """Measure all KPIs for all companies, each in its own transaction."""
        today = fields.Date.context_today(self)
        periods = months_between(months_back(today, MONTHS_REMEASURED), today)
        companies = self.env["res.company"].search([("active", "=", True)])
        cron = self.env["ir.cron"]
        started = fields.Datetime.now()
        kpis = self.search(
            [
                "|",
                ("nightly_at", "=", False),
                ("nightly_at", "<", started - NIGHT),
            ]
        )
        cron._commit_progress(remaining=len(kpis))
        for kpi in kpis:
            if kpi.try_lock_for_update(allow_referencing=True):
                kpi.nightly_at = started
                kpi._measure(periods, companies)
            if not cron._commit_progress(1):
                break

    def _measure(self, periods, companies):
        """Measure these KPIs; one that fails shows its error and stops no other."""
        for kpi in self:
            # First a write: whoever measures the same KPI meanwhile waits here and
            # starts again, instead of inserting the same cells.
            kpi.measured_at = fields.Datetime.now()
            kpi.flush_recordset()
            try:
                with self.env.cr.savepoint():
                    kpi._measure_one(periods, kpi.company_id or companies)
                error = False
            except psycopg2.OperationalError:
                raise  # a serialization failure is retried by the caller
            except Exception as failure:
                _logger.warning("KPI %s failed", kpi.code, exc_info=True)
                error = str(failure) or type(failure).__name__
            if kpi.error != error:
                kpi.error = error

    def _measure_one(self, periods, companies):
        """Measure one KPI and return how many of its values changed."""
        measure = self._get_measure()
        if measure is None:
            raise UserError(self.env._("This measure does not exist any more."))
        if measure.missing(self.env):
            return 0
        found = measure.figures(self.env, companies._kpi_scope(periods))
        figures = {
            (company_id, period): found.get((company_id, period.start))
            for company_id in companies.ids
            for period in periods
        }
        return self.env["crm.kpi.value"]._store(self, figures)

    @api.model
    def _get_periods(self, date_from, date_to):
        today = fields.Date.context_today(self)
        try:
            first = fields.Date.to_date(date_from) or months_back(
                today, MONTHS_REMEASURED
            )
            last = fields.Date.to_date(date_to) or today
        except (ValueError, TypeError) as error:
            raise UserError(
                self.env._("A period is given by two dates, such as 2026-01-31.")
            ) from error
        if first > last:
            raise UserError(self.env._("The period ends before it begins."))
        if (last.year - first.year) * 12 > MONTHS_MAX:
            raise UserError(
                self.env._("At most %(count)s months at once.", count=MONTHS_MAX)
            )
        return months_between(first, last)

    @api.model
    def _notify_measured(self, kpis):
        idle = kpis.filtered(lambda kpi: kpi.measure_state != "ready")
        if idle:
            message = self.env._(
                "Could not measure: %(names)s", names=", ".join(idle.mapped("name"))
            )
        else:
            message = self.env._("%(count)s KPIs measured", count=len(kpis))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "warning" if idle else "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _figure_value(self, figure):
        return figure_value(figure, self._is_ratio(), self._scale())
