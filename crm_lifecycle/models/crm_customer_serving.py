from odoo import api, models
from odoo.tools import SQL

from ..lib.serving import CostSource

VISIT = "visit"  # code of the channel
WORKING_HOURS = 8  # of a day that a meeting takes as a whole


class CrmCustomer(models.Model):
    """What it took to serve customers, one query per kind of effort.

    The neutral point between who knows of an effort and who prices it: addons add
    their sources by ``super()``, crm_loyalty turns them into cost.
    """

    _inherit = "crm.customer"

    @api.model
    def _cost_sources(self):
        """Return the `CostSource` of each kind of effort; addons add theirs."""
        return [
            CostSource(
                "interaction",
                self.env._("Calls, visits and letters"),
                "hour",
                self._query_interaction_hours,
            ),
            CostSource("visit", self.env._("Visits"), "visit", self._query_visits),
            CostSource(
                "meeting", self.env._("Meetings"), "hour", self._query_meeting_hours
            ),
            *self._get_timesheet_costs(),
            *self._get_delivery_costs(),
        ]

    @api.model
    def _sql_cost_period(self, day, date_from, date_to):
        """Condition that a day lies in the period of a `CostSource`."""
        if not date_from:
            return SQL("%s <= %s", day, date_to)
        return SQL("(%s > %s AND %s <= %s)", day, date_from, day, date_to)

    @api.model
    def _query_interaction_hours(self, scope, date_from, date_to):
        return self._query_interactions(
            SQL("SUM(noted.duration) / 60.0"),
            SQL("noted.duration > 0"),
            scope,
            self._sql_cost_period(SQL("noted.date::date"), date_from, date_to),
        )

    @api.model
    def _query_visits(self, scope, date_from, date_to):
        return self._query_interactions(
            SQL("COUNT(*)"),
            SQL("channel.code = %s", VISIT),
            scope,
            self._sql_cost_period(SQL("noted.date::date"), date_from, date_to),
        )

    @api.model
    def _query_interactions(self, quantity, which, scope, period):
        return SQL(
            """
            SELECT noted.company_id, partner.commercial_partner_id AS partner_id,
                   %(quantity)s AS quantity
              FROM crm_interaction noted
              JOIN crm_channel channel ON channel.id = noted.channel_id
              JOIN res_partner partner ON partner.id = noted.partner_id
             WHERE %(which)s AND %(period)s AND %(scope)s
             GROUP BY noted.company_id, partner.commercial_partner_id
            """,
            quantity=quantity,
            which=which,
            period=period,
            scope=scope(SQL("noted.company_id"), SQL("partner.commercial_partner_id")),
        )

    @api.model
    def _query_meeting_hours(self, scope, date_from, date_to):
        """Hours of all colleagues in meetings that are over.

        Several customers in one meeting share it in equal parts. A meeting belongs to
        the company of who called it.
        """
        return SQL(
            """
            SELECT company.root_id AS company_id, guest.partner_id,
                   SUM(CASE WHEN meeting.allday
                            THEN %(hours)s
                                 * (meeting.stop_date - meeting.start_date + 1)
                            ELSE meeting.duration END
                       * GREATEST(colleague.people, 1) / guest.customers) AS quantity
              FROM calendar_event meeting
              JOIN res_users organizer ON organizer.id = meeting.user_id
              JOIN %(companies)s company ON company.id = organizer.company_id
             CROSS JOIN LATERAL (
                   SELECT partner.commercial_partner_id AS partner_id,
                          COUNT(*) OVER () AS customers
                     FROM calendar_event_res_partner_rel invited
                     JOIN res_partner partner ON partner.id = invited.res_partner_id
                    WHERE invited.calendar_event_id = meeting.id
                      AND NOT EXISTS (
                          SELECT FROM res_users employee
                           WHERE employee.partner_id = partner.id
                             AND NOT employee.share)
                    GROUP BY partner.commercial_partner_id) guest
             CROSS JOIN LATERAL (
                   SELECT COUNT(*) AS people
                     FROM calendar_event_res_partner_rel invited
                     JOIN res_users employee
                       ON employee.partner_id = invited.res_partner_id
                      AND NOT employee.share
                    WHERE invited.calendar_event_id = meeting.id) colleague
             WHERE meeting.active AND %(period)s AND %(scope)s
             GROUP BY company.root_id, guest.partner_id
            """,
            hours=WORKING_HOURS,
            companies=self._sql_root_companies(),
            period=self._sql_cost_period(SQL("meeting.stop::date"), date_from, date_to),
            scope=scope(SQL("company.root_id"), SQL("guest.partner_id")),
        )

    @api.model
    def _get_timesheet_costs(self):
        """Timesheets, where they are installed: at the cost that stands on them."""
        line = self.env["account.analytic.line"]
        if not {"employee_id", "project_id", "task_id"} <= set(line._fields):
            return []
        priced, unpriced = SQL("line.amount <> 0"), SQL("line.amount = 0")
        return [
            CostSource(name, label, unit, self._get_timesheet_query(quantity, which))
            for name, label, unit, quantity, which in (
                (
                    "timesheet",
                    self.env._("Timesheets"),
                    "money",
                    SQL("-SUM(line.amount)"),
                    priced,
                ),
                (
                    "timesheet_hour",
                    self.env._("Timesheets without a cost"),
                    "hour",
                    SQL("SUM(line.unit_amount)"),
                    unpriced,
                ),
            )
        ]

    @api.model
    def _get_timesheet_query(self, quantity, which):
        def query(scope, date_from, date_to):
            return SQL(
                """
                SELECT company.root_id AS company_id,
                       partner.commercial_partner_id AS partner_id,
                       %(quantity)s AS quantity
                  FROM account_analytic_line line
                  JOIN res_partner partner ON partner.id = line.partner_id
                  JOIN %(companies)s company ON company.id = line.company_id
                 WHERE line.project_id IS NOT NULL AND %(which)s
                   AND %(period)s AND %(scope)s
                 GROUP BY company.root_id, partner.commercial_partner_id
                """,
                quantity=quantity,
                companies=self._sql_root_companies(),
                which=which,
                period=self._sql_cost_period(SQL("line.date"), date_from, date_to),
                scope=scope(
                    SQL("company.root_id"), SQL("partner.commercial_partner_id")
                ),
            )

        return query

    @api.model
    def _get_delivery_costs(self):
        """Deliveries, where there is an inventory: at the carrier's price, if known."""
        if "stock.picking" not in self.env:
            return []
        if "carrier_price" not in self.env["stock.picking"]._fields:
            return [self._get_unpriced_deliveries(SQL("TRUE"))]
        return [
            self._get_unpriced_deliveries(
                SQL("COALESCE(picking.carrier_price, 0) = 0")
            ),
            CostSource(
                "freight",
                self.env._("Freight"),
                "money",
                self._get_delivery_query(
                    SQL("SUM(picking.carrier_price)"), SQL("picking.carrier_price > 0")
                ),
            ),
        ]

    @api.model
    def _get_unpriced_deliveries(self, which):
        return CostSource(
            "delivery",
            self.env._("Deliveries"),
            "delivery",
            self._get_delivery_query(SQL("COUNT(*)"), which),
        )

    @api.model
    def _get_delivery_query(self, quantity, which):
        def query(scope, date_from, date_to):
            return SQL(
                """
                SELECT company.root_id AS company_id,
                       partner.commercial_partner_id AS partner_id,
                       %(quantity)s AS quantity
                  FROM stock_picking picking
                  JOIN stock_picking_type type ON type.id = picking.picking_type_id
                  JOIN res_partner partner ON partner.id = picking.partner_id
                  JOIN %(companies)s company ON company.id = picking.company_id
                 WHERE picking.state = 'done' AND type.code = 'outgoing'
                   AND %(which)s AND %(period)s AND %(scope)s
                 GROUP BY company.root_id, partner.commercial_partner_id
                """,
                quantity=quantity,
                companies=self._sql_root_companies(),
                which=which,
                period=self._sql_cost_period(
                    SQL("picking.date_done::date"), date_from, date_to
                ),
                scope=scope(
                    SQL("company.root_id"), SQL("partner.commercial_partner_id")
                ),
            )

        return query
