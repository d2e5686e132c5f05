from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..lib.timeline import TimelineBranch, TimelineKind, TimelineSource, shorten

OWN_PAGES = ("crm.customer", "res.partner")
MAILS = ("email", "comment", "email_outgoing", "auto_comment")


class CrmCustomer(models.Model):
    """The timeline's sources where people speak: leads, meetings, calls, mails, notes.

    Leads, meetings and mails may have no company. They belong to that of who dealt with
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

    # ------------------------------------------------------------------
    # Mails, notes, activities done
    # ------------------------------------------------------------------
    @api.model
    def _get_message_timeline(self):
        """Mails that a contact wrote or got; mails, notes and activities on his pages.

        Mails without known author and activities are found on leads, too; activities
        on orders as well.
        """
        mails = SQL("doc.message_type IN %s", MAILS)
        done = SQL("doc.mail_activity_type_id IS NOT NULL")
        # as the partial index reads
        told = SQL("(%s OR %s)", mails, done)
        return TimelineSource(
            "mail.message",
            self._get_message_kinds(mails, done),
            (
                self._get_message_branch(
                    SQL("mail_message doc"), SQL("doc.author_id"), mails
                ),
                self._get_message_branch(
                    SQL(
                        """(SELECT mail_message_id FROM mail_message_res_partner_rel
                             WHERE res_partner_id = owner.id
                             UNION SELECT mail_message_id FROM mail_notification
                             WHERE res_partner_id = owner.id) received
                        JOIN mail_message doc ON doc.id = received.mail_message_id"""
                    ),
                    SQL("owner.id"),
                    mails,
                ),
                self._get_page_branch("res.partner", told),
                self._get_page_branch("crm.customer", told, "customer"),
                self._get_document_branch(
                    "crm.lead",
                    SQL("%s AND (doc.message_type = 'email' OR %s)", told, done),
                ),
                self._get_document_branch("sale.order", SQL("%s AND %s", told, done)),
            ),
            self._describe_messages,
        )

    @api.model
    def _get_message_kinds(self, mails, done):
        """Activities done; notes that only colleagues got; mails."""
        return (
            TimelineKind(
                "activity",
                self.env._("Activity Done"),
                "fa-check",
                "success",
                when=done,
            ),
            TimelineKind(
                "note",
                self.env._("Note"),
                "fa-sticky-note-o",
                when=SQL(
                    "doc.message_type = 'comment' AND %s AND NOT %s",
                    self._sql_internal(),
                    self._sql_shared(),
                ),
            ),
            TimelineKind(
                "mail",
                self.env._("Mail"),
                "fa-envelope",
                "info",
                when=mails,
                contact=True,
            ),
        )

    @api.model
    def _get_message_branch(self, tables, key, where, owner="contact"):
        """Messages, of the company of their document, else of who sent them."""
        return TimelineBranch(
            tables=tables,
            key=key,
            date=SQL("doc.date"),
            where=where,
            company=SQL(
                """COALESCE(
                    doc.record_company_id,
                    (SELECT author.company_id FROM res_users author
                      WHERE author.partner_id = doc.author_id AND NOT author.share
                      ORDER BY author.id LIMIT 1),
                    %s)""",
                self._sql_company_of(SQL("doc.create_uid")),
            ),
            texts=(SQL("doc.subject"), SQL("doc.body")),
            owner=owner,
        )

    @api.model
    def _get_page_branch(self, model, where, owner="contact"):
        """Messages on the page of a contact, or on that of the customer."""
        return self._get_message_branch(
            SQL("mail_message doc"),
            SQL("doc.res_id"),
            SQL("doc.model = %s AND %s", model, where),
            owner,
        )

    @api.model
    def _get_document_branch(self, model, where):
        """Messages on documents that name a contact."""
        return self._get_message_branch(
            SQL(
                "%s document JOIN mail_message doc"
                " ON doc.model = %s AND doc.res_id = document.id",
                SQL.identifier(self.env[model]._table),
                model,
            ),
            SQL("document.partner_id"),
            where,
        )

    @api.model
    def _sql_internal(self):
        """Return the condition that a message is for employees only."""
        return SQL(
            """(doc.is_internal IS TRUE OR COALESCE(doc.subtype_id IN (
                SELECT id FROM mail_message_subtype WHERE internal), FALSE))"""
        )

    @api.model
    def _sql_shared(self):
        """Return the condition that somebody outside wrote or got a message."""
        return SQL(
            """EXISTS (
                SELECT FROM res_partner reader
                 WHERE reader.partner_share AND (
                       reader.id = doc.author_id
                       OR reader.id IN (SELECT res_partner_id FROM mail_notification
                                         WHERE mail_message_id = doc.id)
                       OR reader.id IN (
                          SELECT res_partner_id FROM mail_message_res_partner_rel
                           WHERE mail_message_id = doc.id)))"""
        )

    @api.model
    def _describe_messages(self, messages):
        """Subject or first words; the sender where he is a colleague."""
        # who of the authors is a colleague; readers of the message see its author
        authors = messages.author_id.sudo()
        colleagues = {
            author.id: author.user_ids.filtered(lambda user: not user.share)[:1].id
            for author in authors.with_context(active_test=False)
        }
        messages.fetch(
            ["subject", "body", "model", "res_id", "author_id", "message_type"]
            + ["mail_activity_type_id", "is_internal"]
        )
        documents = self._get_open_documents(messages)
        return {
            message.id: {
                **documents.get((message.model, message.res_id), {}),
                "summary": shorten(message.subject or message.preview),
                "state": message.mail_activity_type_id.name or "",
                "direction": self._get_direction(message, colleagues),
                "user_id": colleagues.get(message.author_id.id) or False,
            }
            for message in messages
        }

    @api.model
    def _get_open_documents(self, messages):
        """Return {(model, id): what to open instead of the bare message}.

        Not for the pages of customer and contact, from where one comes.
        """
        ids = defaultdict(set)
        for message in messages:
            if message.model in self.env and message.model not in OWN_PAGES:
                ids[message.model].add(message.res_id)
        return {
            (model, document.id): {"open_model": model, "open_id": document.id}
            for model, found in ids.items()
            for document in self.env[model].browse(found)._filtered_access("read")
        }

    @api.model
    def _get_direction(self, message, colleagues):
        if message.message_type == "notification" or message.is_internal:
            return ""
        if message.message_type == "email" or (
            message.author_id and not colleagues.get(message.author_id.id)
        ):
            return "in"
        return "out"
