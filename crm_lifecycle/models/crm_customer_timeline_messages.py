from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..lib.timeline import TimelineBranch, TimelineKind, TimelineSource, shorten

OWN_PAGES = ("crm.customer", "res.partner")
MAILS = ("email", "comment", "email_outgoing", "auto_comment")


class CrmCustomer(models.Model):
    """The timeline's source of mails, notes and activities done.

    A message that has no company belongs to that of who sent it.
    """

    _inherit = "crm.customer"

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
