from odoo import api, fields, models
from odoo.tools import SQL, format_date
from odoo.tools.misc import formatLang

from .crm_customer_timeline import TimelineFilter

CANDIDATES = 10  # plans of a customer looked at until one may be read


class CrmCustomer(models.Model):
    """The head of the customer's page: where we stand, what was last, what is next.

    Everything is computed for all customers on a screen at once.
    """

    _inherit = "crm.customer"

    last_contact_at = fields.Datetime(
        "Latest Contact",
        compute="_compute_last_contact",
        help="The latest lead, meeting, call, visit or mail with anybody there.",
    )
    last_contact_kind = fields.Selection(
        selection="_selection_contact_kind",
        string="Last Contact By",
        compute="_compute_last_contact",
    )
    next_step = fields.Char(
        compute="_compute_next_step",
        help="The next planned activity or meeting, on the customer, its people, leads "
        "and orders.",
    )
    next_step_date = fields.Date("Next Step On", compute="_compute_next_step")

    @api.model
    def _selection_contact_kind(self):
        return [
            (kind.kind, kind.label)
            for source in self._timeline_sources()
            for kind in source.kinds
            if kind.contact
        ]

    def _compute_last_contact(self):
        found = self._get_last_contacts()
        for customer in self:
            date, kind = found.get(customer.id, (False, False))
            customer.last_contact_at = date
            customer.last_contact_kind = kind

    @api.depends_context("uid")
    def _compute_next_step(self):
        found = self._get_next_steps()
        for customer in self:
            date, name = found.get(customer.id, (False, False))
            customer.next_step = name
            customer.next_step_date = date

    # ------------------------------------------------------------------
    # Last contact
    # ------------------------------------------------------------------
    def _get_last_contacts(self):
        """Return {id of a customer: (moment, kind)}.

        Only that there was contact, not with whom or about what; private meetings do
        not count.
        """
        if not self.ids:
            return {}
        Timeline = self.env["crm.customer.timeline"]
        sources = [
            source
            for source in self._timeline_sources()
            if any(kind.contact for kind in source.kinds)
        ]
        self.env.flush_all()
        asked = TimelineFilter(date_to=fields.Datetime.now(), public=True)
        lookups = [
            Timeline._sql_lookup(source, branch, asked, None, 1)
            for source in sources
            for branch in source.branches
        ]
        rows = self.env.execute_query(
            SQL(
                """
                %s
                SELECT DISTINCT ON (customer_id) customer_id, date, kind
                  FROM (%s) contact_made ORDER BY customer_id, date DESC, kind
                """,
                Timeline._sql_owners(self),
                SQL(" UNION ALL ").join(lookups),
            )
        )
        return {customer: (date, kind) for customer, date, kind in rows}

    # ------------------------------------------------------------------
    # Next step
    # ------------------------------------------------------------------
    def _get_next_steps(self):
        """Return {id of a customer: (day, text)} of the first plan one may read."""
        if not self.ids:
            return {}
        steps = {}
        for customer_id, date, name in [
            *self._get_planned_activities(),
            *self._get_planned_meetings(),
        ]:
            if customer_id not in steps or (date, name) < steps[customer_id]:
                steps[customer_id] = (date, name)
        return steps

    def _get_planned_activities(self):
        """Return [(customer id, day, text)] of open activities."""
        rows = self._fetch_plans(
            SQL(
                """
                SELECT customer_id, activity.id, activity.date_deadline AS date
                  FROM (%s) document
                  JOIN mail_activity activity
                    ON activity.res_model = document.model
                   AND activity.res_id = document.id
                  LEFT JOIN res_users doer ON doer.id = activity.user_id
                 WHERE activity.active
                   AND CASE document.model
                       WHEN 'res.partner' THEN doer.company_id = ANY(companies)
                       WHEN 'crm.lead' THEN (
                            SELECT %s FROM crm_lead lead
                             WHERE lead.id = document.id) = ANY(companies)
                       ELSE TRUE END
                """,
                self._sql_planned_documents(),
                self._sql_lead_company(SQL("lead")),
            )
        )
        activities = self.env["mail.activity"].browse([row[1] for row in rows])
        readable = activities._filtered_access("read")
        names = {
            activity.id: activity.summary or activity.activity_type_id.name or ""
            for activity in readable
        }
        return [
            (customer, date, names[activity])
            for customer, activity, date in rows
            if activity in names
        ]

    @api.model
    def _sql_planned_documents(self):
        """Return the documents on which colleagues plan what they do next."""
        return SQL(
            """
            SELECT customer_id, id, 'crm.customer' AS model, companies FROM customer
             UNION ALL
            SELECT customer_id, id, 'res.partner', companies FROM contact
             UNION ALL
            SELECT customer_id, lead.id, 'crm.lead', companies
              FROM contact JOIN crm_lead lead ON lead.partner_id = contact.id
             WHERE lead.active
             UNION ALL
            SELECT customer_id, sale.id, 'sale.order', companies
              FROM contact JOIN sale_order sale ON sale.partner_id = contact.id
             WHERE sale.company_id = ANY(companies)
            """
        )

    def _get_planned_meetings(self):
        """Return [(customer id, day, text)] of meetings to come."""
        branch = self._get_meeting_timeline().branches[0]
        rows = self._fetch_plans(
            SQL(
                """
                SELECT owner.customer_id, doc.id, doc.start AS date
                  FROM contact owner, %s
                 WHERE %s = owner.id AND %s AND %s = ANY(owner.companies)
                   AND doc.start > %s
                """,
                branch.tables,
                branch.key,
                branch.where,
                branch.company,
                fields.Datetime.now(),
            )
        )
        meetings = self.env["calendar.event"].browse([row[1] for row in rows])
        readable = self._filter_open_meetings(meetings._filtered_access("read"))
        names = {meeting.id: meeting.name for meeting in readable}
        return [
            (
                customer,
                fields.Datetime.context_timestamp(self, date).date(),
                names[meeting],
            )
            for customer, meeting, date in rows
            if meeting in names
        ]

    def _fetch_plans(self, plans):
        """Return the first plans of each customer: [(customer id, id, date)]."""
        Timeline = self.env["crm.customer.timeline"]
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                %s
                SELECT customer_id, id, date FROM (
                    SELECT plan.*, row_number() OVER (
                               PARTITION BY customer_id ORDER BY date, id) AS place
                      FROM (SELECT DISTINCT * FROM (%s) found) plan) placed
                 WHERE place <= %s ORDER BY date, id
                """,
                Timeline._sql_owners(self),
                plans,
                CANDIDATES,
            )
        )

    # ------------------------------------------------------------------
    # For the full screen and the report
    # ------------------------------------------------------------------
    def get_header(self):
        """Return what the head of the full-screen page shows.

        :return: {"id", "name", "currency_id", "values": [{"key", "label", "text",
            "tone"}]}; tone is a Bootstrap colour or empty
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "id": self.id,
            "name": self.display_name,
            "currency_id": self.currency_id.id,
            "values": self._get_header_values(),
        }

    def _get_header_values(self):
        """Hook: the values in the head of the page; addons above add theirs."""
        standing = dict(
            self._fields["service_standing"]._description_selection(self.env)
        )
        tones = {"served": "success", "trouble": "danger"}
        late = self.next_step_date and self.next_step_date < fields.Date.context_today(
            self
        )
        return [
            self._get_header_value(
                "revenue_total", self._format_money(self.revenue_total)
            ),
            self._get_header_value(
                "balance_due",
                self._format_money(self.balance_due),
                "danger" if self.balance_due > 0 else "",
            ),
            self._get_header_value("stage_id", self.stage_id.name),
            self._get_header_value(
                "service_standing",
                standing.get(self.service_standing),
                tones.get(self.service_standing, ""),
            ),
            self._get_header_value(
                "next_step",
                self._join(self.next_step, format_date(self.env, self.next_step_date)),
                "danger" if late else "",
            ),
            self._get_header_value("last_contact_at", self._get_last_contact_text()),
            self._get_header_value("user_id", self.sudo().user_id.name),  # a name
        ]

    def _get_header_value(self, name, text, tone=""):
        label = self._fields[name]._description_string(self.env)
        return {"key": name, "label": label, "text": text or "—", "tone": tone}

    def _format_money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    def _get_last_contact_text(self):
        if not self.last_contact_at:
            return ""
        kinds = dict(self._selection_contact_kind())
        day = fields.Datetime.context_timestamp(self, self.last_contact_at).date()
        return self._join(kinds.get(self.last_contact_kind), format_date(self.env, day))

    @api.model
    def _join(self, *texts):
        return " · ".join(filter(None, texts))
