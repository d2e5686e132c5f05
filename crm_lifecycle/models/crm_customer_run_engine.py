from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .crm_customer import MANAGER_GROUP
from .crm_customer_event import LANES

LAG_PARAMETER = "crm_lifecycle.engine_lag_minutes"
LAG_MINUTES = 30
"""How long an event may wait before the screen raises an alarm."""

RUN_DAYS = 2
"""How old the last pass over all customers may be."""

FAILURES = 20
"""Failed events that the screen shows; the list has all."""


class CrmCustomerRun(models.Model):
    """What the engine does just now, on one screen for managers."""

    _inherit = "crm.customer.run"

    @api.model
    @api.readonly
    def get_engine_status(self):
        """Return queue, failures and the last pass.

        :return: {lanes: [{lane, waiting, oldest, last_run, active}], waiting, failed,
            lag in seconds or None, per_hour, failures, run, alarms}; moments are text
            in UTC. Queue and failures are those of the user's companies; the hourly
            figure and the passes are those of the whole database.
        """
        self.check_access("read")
        lanes = self._get_lanes()
        oldest = min((lane["oldest"] for lane in lanes if lane["oldest"]), default=None)
        lag = oldest and max((fields.Datetime.now() - oldest).total_seconds(), 0)
        run = self.search([], limit=1)
        failed = self.env["crm.customer.event"].search_count([("error", "!=", False)])
        status = {
            "lanes": [
                {
                    **lane,
                    "oldest": fields.Datetime.to_string(lane["oldest"]),
                    "last_run": fields.Datetime.to_string(lane["last_run"]),
                }
                for lane in lanes
            ],
            "waiting": sum(lane["waiting"] for lane in lanes),
            "lag": lag,
            "failed": failed,
            "failures": self._get_failures(),
            "per_hour": self._count_consumed(),
            "run": run._describe_run() if run else None,
        }
        return {**status, "alarms": self._get_alarms(status, run)}

    @api.model
    def action_retry_failed(self):
        """Put all failed events of the user's companies back in the queue."""
        self.env["crm.customer.event"].search([("error", "!=", False)]).action_retry()
        return True

    @api.model
    def action_run_now(self):
        """Have the queue and all customers looked at as soon as a worker is free.

        :raise AccessError: when the user does not manage the lifecycle
        """
        if not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(self.env._("Only managers may refresh customers."))
        self.env["crm.customer.event"]._wake_lanes(range(LANES))
        # checked above; who manages the lifecycle need not manage crons
        self.env.ref("crm_lifecycle.ir_cron_refresh").sudo()._trigger()
        return True

    @api.model
    def _get_lanes(self):
        """Return for each lane what waits, since when, and when it ran last."""
        Event = self.env["crm.customer.event"]
        waiting = Event._search([("error", "=", False)])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id %% %s, count(*), min(date) FROM (%s) waiting
                 GROUP BY 1
                """,
                LANES,
                waiting.select(
                    SQL.identifier(Event._table, "partner_id"),
                    SQL.identifier(Event._table, "date"),
                ),
            )
        )
        found = {lane: (count, oldest) for lane, count, oldest in rows}
        crons = self._get_lane_crons()
        return [
            {
                "lane": lane + 1,
                "waiting": found.get(lane, (0, None))[0],
                "oldest": found.get(lane, (0, None))[1],
                "last_run": cron.lastcall,
                "active": cron.active,
            }
            for lane, cron in enumerate(crons)
        ]

    @api.model
    def _get_lane_crons(self):
        ids = (f"crm_lifecycle.ir_cron_lane_{lane}" for lane in range(LANES))
        # who manages the lifecycle need not manage crons
        root = self.sudo().env
        return [
            root.ref(xmlid, raise_if_not_found=False) or root["ir.cron"]
            for xmlid in ids
        ]

    @api.model
    def _count_consumed(self):
        """Count the events that the lanes consumed in the past hour."""
        lanes = [cron.id for cron in self._get_lane_crons()]
        since = fields.Datetime.now() - timedelta(hours=1)
        # the progress of our own crons, which Odoo keeps for a week
        [(done,)] = (
            self.env["ir.cron.progress"]
            .sudo()
            ._read_group(
                [("cron_id", "in", lanes), ("create_date", ">=", since)],
                [],
                ["done:sum"],
            )
        )
        return done or 0

    @api.model
    def _get_failures(self):
        events = self.env["crm.customer.event"].search(
            [("error", "!=", False)], order="id desc", limit=FAILURES
        )
        return [
            {
                "id": event.id,
                "date": fields.Datetime.to_string(event.date),
                "kind": event.kind_name,
                "attempts": event.attempts,
                "error": event.error,
                "contact": event.contact_id.display_name or str(event.partner_id),
                "contact_id": event.contact_id.id,
            }
            for event in events
        ]

    def _describe_run(self):
        self.ensure_one()
        end = self.date_end or fields.Datetime.now()
        return {
            "id": self.id,
            "state": self.state,
            "date_start": fields.Datetime.to_string(self.date_start),
            "date_end": fields.Datetime.to_string(self.date_end),
            "seconds": (end - self.date_start).total_seconds(),
            "fact_count": self.fact_count,
            "stage_count": self.stage_count,
            "part": self.part,
            "total": self.total,
            "remaining": self.remaining,
            "error": self.error,
        }

    @api.model
    def _get_alarms(self, status, run):
        """Return, in words, what a manager should see to."""
        alarms = []
        limit = self._get_lag_limit()
        if status["lag"] and status["lag"] > limit * 60:
            alarms.append(
                self.env._(
                    "Events wait for more than %(minutes)s minutes: are the scheduled "
                    "actions running?",
                    minutes=limit,
                )
            )
        if any(not lane["active"] for lane in status["lanes"]):
            alarms.append(
                self.env._("A scheduled action that follows events is switched off.")
            )
        if status["failed"]:
            alarms.append(
                self.env._(
                    "Customers could not be brought up to date: %(count)s events "
                    "failed.",
                    count=status["failed"],
                )
            )
        if run.state == "failed":
            alarms.append(self.env._("The last pass ended with errors."))
        old = fields.Datetime.now() - timedelta(days=RUN_DAYS)
        if run and (run.date_end or run.date_start) < old:
            alarms.append(
                self.env._(
                    "No pass over all customers came to its end for %(days)s days.",
                    days=RUN_DAYS,
                )
            )
        return alarms

    @api.model
    def _get_lag_limit(self):
        # a setting that only administrators read by themselves
        text = self.env["ir.config_parameter"].sudo().get_param(LAG_PARAMETER)
        try:
            return max(int(text), 1)
        except (TypeError, ValueError):
            return LAG_MINUTES
