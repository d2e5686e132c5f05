from odoo import api, fields, models
from odoo.tools import SQL

from ..lib.waiting import measure

MEDIAN = "hours_to_response:avg"
"""What lists, pivots and graphs ask for; a mean would tell of the one who waited most.

Odoo's screens know no median and fail where a field names one.
"""


class CrmCustomer(models.Model):
    """First response time: from the customer's first contact to our first answer.

    An answer is what one of us did towards the customer himself: an interaction noted
    down as outgoing, a mail or SMS that a colleague wrote, a call marked as done, a
    meeting; and a conversation that the customer began is answered at once, which is
    known where minutes were noted. What Odoo sends by itself answers nobody.
    """

    _inherit = "crm.customer"

    first_response_at = fields.Datetime(
        "First Answer",
        readonly=True,
        help="When one of us first answered the first contact: by mail, SMS, call, "
        "meeting or another interaction.",
    )
    hours_to_response = fields.Float(
        "First Response Time (Hours)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="From the first contact of the customer to our first answer. Groups show "
        "the median: half of the customers waited less. Empty as long as nobody "
        "contacted us, or nobody answered.",
    )
    response_text = fields.Char(
        "First Response",
        compute="_compute_response_text",
        help="How long the customer waited for the first answer, or is waiting still.",
    )

    @api.depends("first_contact_at", "first_response_at", "hours_to_response")
    def _compute_response_text(self):
        now = fields.Datetime.now()
        for customer in self:
            customer.response_text = customer._describe_response(now)

    def _describe_response(self, now):
        """Say in words how long the customer waited; empty where he never wrote."""
        if not self.first_contact_at:
            return ""
        if not self.first_response_at:
            waited = (now - self.first_contact_at).total_seconds() / 3600
            return self.env._(
                "not answered yet, %(time)s waiting", time=self._describe_hours(waited)
            )
        if not self.hours_to_response:
            return self.env._("answered at once")
        return self.env._(
            "answered after %(time)s", time=self._describe_hours(self.hours_to_response)
        )

    @api.model
    def _describe_hours(self, hours):
        """Say a time in the unit that people would use: minutes, hours or days."""
        count, unit = measure(hours)
        texts = {
            "minutes": self.env._("%(count)s minutes", count=count),
            "hours": self.env._("%(count)s hours", count=count),
            "days": self.env._("%(count)s days", count=count),
        }
        return texts[unit]

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Give the median of the response times where their mean is asked for."""
        if aggregate_spec != MEDIAN:
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "percentile_cont(0.5) WITHIN GROUP (ORDER BY %s)",
            self._field_to_sql(self._table, "hours_to_response", query),
        )

    # ------------------------------------------------------------------
    # Moments at which one of us answered
    # ------------------------------------------------------------------
    @api.model
    def _query_first_answers(self, scope):
        """Return the SELECT (company_id, partner_id, answered_at), one per customer.

        It reads the first contacts from the table ``contact`` around it. The times of
        messages have no fractions of a second, those of leads do.
        """
        return SQL(
            """
            SELECT company_id, partner_id, MIN(answer.answered_at) AS answered_at
              FROM (%s) answer
              JOIN (SELECT company_id, partner_id,
                           date_trunc('second', MIN(contact_at)) AS contact_at
                      FROM contact GROUP BY 1, 2) first
             USING (company_id, partner_id)
             WHERE answer.answered_at >= first.contact_at
             GROUP BY company_id, partner_id
            """,
            SQL(" UNION ALL ").join(
                SQL(
                    "SELECT * FROM (%s)"
                    " AS moment (company_id, partner_id, answered_at)",
                    query,
                )
                for query in self._answer_moments(scope)
            ),
        )

    @api.model
    def _answer_moments(self, scope):
        """Return the SELECTs of the moments at which one of us turned to customers.

        Columns: company_id (the root), partner_id (the commercial one), answered_at.
        An addon above adds its own by super().
        """
        return [
            self._query_noted_answers(scope),
            self._query_written_answers(scope),
            self._query_called_answers(scope),
            SQL(
                "SELECT company_id, partner_id, held_at FROM (%s) AS meeting"
                " (company_id, partner_id, contact_id, held_at, channel_id)",
                self._query_meeting_contacts(scope),
            ),
        ]

    @api.model
    def _query_noted_answers(self, scope):
        return SQL(
            """
            SELECT noted.company_id, partner.commercial_partner_id, noted.date
              FROM crm_interaction noted
              JOIN res_partner partner ON partner.id = noted.partner_id
             WHERE noted.user_id IS NOT NULL
               AND (noted.direction = 'out' OR noted.duration > 0) AND %s
            """,
            scope(SQL("noted.company_id"), SQL("partner.commercial_partner_id")),
        )

    @api.model
    def _query_written_answers(self, scope):
        """Mails and SMS of a colleague that somebody outside got.

        They belong to the company of their document, else to that of the colleague.
        """
        return SQL(
            """
            SELECT company.root_id, reader.commercial_partner_id, mail.date
              FROM mail_notification notice
              JOIN res_partner reader ON reader.id = notice.res_partner_id
              JOIN mail_message mail ON mail.id = notice.mail_message_id
              JOIN res_users author
                ON author.partner_id = mail.author_id AND NOT author.share
              JOIN %s company
                ON company.id = COALESCE(mail.record_company_id, author.company_id)
             WHERE reader.partner_share
               AND mail.message_type IN ('comment', 'email_outgoing', 'sms') AND %s
            """,
            self._sql_root_companies(),
            scope(SQL("company.root_id"), SQL("reader.commercial_partner_id")),
        )

    @api.model
    def _query_called_answers(self, scope):
        """Calls planned as activities and marked as done by a colleague."""
        return SQL(
            """
            SELECT company.root_id, partner.commercial_partner_id, done.date
              FROM (%s) document
              JOIN res_partner partner ON partner.id = document.partner_id
              JOIN mail_message done
                ON done.model = document.model AND done.res_id = document.id
              JOIN mail_activity_type activity
                ON activity.id = done.mail_activity_type_id
               AND activity.category = 'phonecall'
              JOIN res_users author
                ON author.partner_id = done.author_id AND NOT author.share
              JOIN %s company
                ON company.id = COALESCE(document.company_id, author.company_id)
             WHERE %s
            """,
            SQL(" UNION ALL ").join(
                SQL(
                    "SELECT %s::text AS model, id, company_id, %s AS partner_id"
                    " FROM %s",
                    model,
                    SQL.identifier("id" if model == "res.partner" else "partner_id"),
                    SQL.identifier(self.env[model]._table),
                )
                for model in self._get_called_models()
            ),
            self._sql_root_companies(),
            scope(SQL("company.root_id"), SQL("partner.commercial_partner_id")),
        )

    @api.model
    def _get_called_models(self):
        """Return the models on which calls to customers are planned."""
        return ["res.partner", "crm.customer", "crm.lead", "sale.order"]
