from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..lib.facts import FactReplay, FactSource

EVENT_DATES = {
    "lead": ("last_lead_date",),
    "quotation": ("last_quotation_date",),
    "order": ("last_order_date",),
    "invoice": ("last_invoice_date",),
    "payment": ("last_paid_date",),
    "interaction": ("last_contact_date",),
    "contact": (
        "last_contact_date",
        "last_lead_date",
        "last_quotation_date",
        "last_order_date",
    ),
}
"""Date facts of the events that rules may wait for; the latest one counts."""


class CrmCustomer(models.Model):
    """The fact of the last contact: noted interactions, and meetings.

    A meeting belongs to the company of the colleague who holds it, and counts from the
    morning of its day on. Only its day is told, never what it is about.
    """

    _inherit = "crm.customer"

    @api.model
    def _fact_sources(self):
        return super()._fact_sources() + [
            FactSource(
                "touch",
                ("last_contact_date",),
                self._query_touch_facts,
                replays=(
                    FactReplay(
                        ("last_contact_date",), ("max",), self._query_touch_days
                    ),
                ),
            )
        ]

    @api.model
    def _get_rule_events(self):
        """Return {key: (name, date facts)} of the events that rules may wait for.

        The event was on the latest of its dates. An addon whose documents tell of
        another event adds it with a date fact of its own.
        """
        labels = {
            "lead": self.env._("Lead"),
            "quotation": self.env._("Quotation"),
            "order": self.env._("Order"),
            "invoice": self.env._("Invoice"),
            "payment": self.env._("Payment in full"),
            "interaction": self.env._("Call, visit, letter or meeting"),
            "contact": self.env._("Contact of any kind"),
        }
        return {key: (label, EVENT_DATES[key]) for key, label in labels.items()}

    @api.model
    def _query_touch_facts(self, scope):
        return SQL(
            """
            SELECT company_id, partner_id, MAX(day) FROM (%s) touched
             GROUP BY company_id, partner_id
            """,
            SQL(
                "SELECT * FROM (%s) AS touch (company_id, partner_id, day, same)",
                self._query_touch_days(scope),
            ),
        )

    @api.model
    def _query_touch_days(self, scope):
        tomorrow = self._now().date() + timedelta(days=1)
        return SQL(
            """
            SELECT company.root_id, contact.commercial_partner_id, touch.day, touch.day
              FROM (
                SELECT interaction.partner_id, interaction.company_id,
                       interaction.date::date AS day
                  FROM crm_interaction interaction
                 WHERE interaction.date < %(tomorrow)s AND %(interaction_scope)s
                 UNION ALL
                SELECT attendee.res_partner_id, host.company_id, meeting.start::date
                  FROM calendar_event meeting
                  JOIN calendar_event_res_partner_rel attendee
                    ON attendee.calendar_event_id = meeting.id
                  JOIN res_users host ON host.id = meeting.user_id
                 WHERE meeting.active AND meeting.start < %(tomorrow)s
                   AND attendee.res_partner_id != host.partner_id
                   AND %(meeting_scope)s) touch
              JOIN res_partner contact ON contact.id = touch.partner_id
              JOIN %(companies)s company ON company.id = touch.company_id
             WHERE %(scope)s
            """,
            tomorrow=tomorrow,
            companies=self._sql_root_companies(),
            interaction_scope=self._sql_contact_scope(
                scope, SQL("interaction.partner_id")
            ),
            meeting_scope=self._sql_contact_scope(
                scope, SQL("attendee.res_partner_id")
            ),
            scope=scope(SQL("company.root_id"), SQL("contact.commercial_partner_id")),
        )
