from odoo import api, fields, models
from odoo.tools import SQL

from ..lib.timeline import TimelineBranch, TimelineKind, TimelineSource


class CrmCustomer(models.Model):
    """The timeline's sources where people speak: leads, meetings, calls and visits.

    Leads and meetings may have no company. They belong to that of who dealt with
    the customer; what nobody can attribute shows nowhere.
    """

    _inherit = "crm.customer"

    @api.model
    def _timeline_sources(self):
        """Return the TimelineSource of each model; addons above add theirs."""
        return [
            self._get_lead_timeline(),
            self._get_meeting_timeline(),
            self._get_interaction_timeline(),
            self._get_message_timeline(),
            self._get_sale_timeline(),
            *self._get_goods_timelines(),
            self._get_invoice_timeline(),
            self._get_payment_timeline(),
            *self._get_answer_timelines(),
            self._get_stage_timeline(),
        ]

    @api.model
    def _sql_company_of(self, user_column):
        """Return the company in which a colleague works, by the column of his id."""
        return SQL(
            "(SELECT company_id FROM res_users WHERE res_users.id = %s)", user_column
        )

    # ------------------------------------------------------------------
    # Leads
    # ------------------------------------------------------------------
    @api.model
    def _sql_lead_company(self, lead):
        """Return the company of a lead as _query_lead_facts knows it."""
        return SQL(
            """COALESCE(
                %(lead)s.company_id,
                (SELECT company_id FROM crm_team WHERE id = %(lead)s.team_id),
                %(seller)s,
                (SELECT company_id FROM res_partner WHERE id = %(lead)s.partner_id),
                %(author)s)""",
            lead=lead,
            seller=self._sql_company_of(SQL("%s.user_id", lead)),
            author=self._sql_company_of(SQL("%s.create_uid", lead)),
        )

    @api.model
    def _get_lead_timeline(self):
        branch = TimelineBranch(
            tables=SQL("crm_lead doc"),
            key=SQL("doc.partner_id"),
            date=SQL("doc.create_date"),
            company=self._sql_lead_company(SQL("doc")),
            texts=(SQL("doc.name"), SQL("doc.contact_name")),
        )
        kind = TimelineKind(
            "lead", self.env._("Lead"), "fa-star", "warning", contact=True
        )
        return TimelineSource("crm.lead", (kind,), (branch,), self._describe_leads)

    @api.model
    def _describe_leads(self, leads):
        leads.fetch(
            ["name", "active", "type", "won_status", "expected_revenue", "company_id"]
            + ["user_id"]
        )
        return {
            lead.id: {
                "summary": lead.name,
                "state": self._get_lead_state(lead),
                "amount": lead.expected_revenue or False,
                "currency_id": lead.company_currency.id,
                "user_id": lead.user_id.id,
            }
            for lead in leads
        }

    @api.model
    def _get_lead_state(self, lead):
        if not lead.active:
            return self.env._("Lost")
        if lead.type == "lead":
            return self.env._("New")
        if lead.won_status == "won":
            return self.env._("Won")
        return self.env._("Qualified")

    # ------------------------------------------------------------------
    # Meetings
    # ------------------------------------------------------------------
    @api.model
    def _get_meeting_timeline(self):
        branch = TimelineBranch(
            tables=SQL(
                "calendar_event_res_partner_rel attendee"
                " JOIN calendar_event doc ON doc.id = attendee.calendar_event_id"
            ),
            key=SQL("attendee.res_partner_id"),
            date=SQL("doc.start"),
            where=SQL("doc.active"),
            company=SQL(
                """COALESCE(
                    (SELECT company_id FROM crm_customer
                      WHERE doc.res_model = 'crm.customer' AND id = doc.res_id),
                    (SELECT %s FROM crm_lead lead WHERE lead.id = doc.opportunity_id),
                    %s, %s)""",
                self._sql_lead_company(SQL("lead")),
                self._sql_company_of(SQL("doc.user_id")),
                self._sql_company_of(SQL("doc.create_uid")),
            ),
            texts=(SQL("doc.name"), SQL("doc.location")),
            private=SQL(
                """COALESCE(doc.privacy, (
                    SELECT calendar_default_privacy FROM res_users_settings
                     WHERE user_id = doc.user_id)) = 'private'"""
            ),
        )
        kind = TimelineKind(
            "meeting", self.env._("Meeting"), "fa-calendar", "primary", contact=True
        )
        return TimelineSource(
            "calendar.event",
            (kind,),
            (branch,),
            self._describe_meetings,
            visible=self._filter_open_meetings,
        )

    @api.model
    def _filter_open_meetings(self, meetings):
        """Leave out private meetings of others.

        A calendar shows them as "busy", without guests: to say here with whom would
        tell more than that.
        """
        return meetings.filtered(
            lambda event: not event._check_private_event_conditions()
        )

    @api.model
    def _describe_meetings(self, meetings):
        now = fields.Datetime.now()
        return {
            event.id: {
                "summary": event.name,
                "state": self.env._("Planned") if event.start > now else "",
                "user_id": event.user_id.id,
            }
            for event in meetings
        }

    # ------------------------------------------------------------------
    # Calls, visits and what else people note down
    # ------------------------------------------------------------------
    @api.model
    def _get_interaction_timeline(self):
        branch = TimelineBranch(
            tables=SQL("crm_interaction doc"),
            key=SQL("doc.customer_id"),
            date=SQL("doc.date"),
            texts=(SQL("doc.name"), SQL("doc.note")),
            owner="customer",
        )
        channel = SQL("(SELECT code FROM crm_channel WHERE id = doc.channel_id)")
        kinds = (
            TimelineKind(
                "call",
                self.env._("Call"),
                "fa-phone",
                "success",
                when=SQL("%s = 'phone'", channel),
                contact=True,
            ),
            TimelineKind(
                "visit",
                self.env._("Visit"),
                "fa-map-marker",
                "success",
                when=SQL("%s = 'visit'", channel),
                contact=True,
            ),
            TimelineKind(
                "interaction",
                self.env._("Other Contact"),
                "fa-comments",
                "success",
                contact=True,
            ),
        )
        return TimelineSource(
            "crm.interaction", kinds, (branch,), self._describe_interactions
        )

    @api.model
    def _describe_interactions(self, interactions):
        return {
            interaction.id: {
                "summary": interaction.name,
                "state": interaction.channel_id.name,
                "direction": interaction.direction,
                "user_id": interaction.user_id.id,
            }
            for interaction in interactions
        }
