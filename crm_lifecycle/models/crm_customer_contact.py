from odoo import api, fields, models
from odoo.tools import SQL


class CrmCustomer(models.Model):
    """When customers contacted us and on which channel; what they prefer follows.

    The channels of the last twelve months are counted by night and whenever a customer
    is looked at. Contacts that no company can claim (a mail on a contact whom all
    companies share) count for none.
    """

    _inherit = "crm.customer"

    first_contact_at = fields.Datetime(
        "First Contact",
        readonly=True,
        help="The first call, letter, mail, meeting, lead or request of the customer.",
    )
    inferred_channel_id = fields.Many2one(
        "crm.channel",
        "Channel Used Most",
        readonly=True,
        ondelete="set null",
        help="The channel that the customer himself used most in the last twelve "
        "months.",
    )
    channel_uses = fields.Integer(
        "Times Used",
        readonly=True,
        help="How often the customer used this channel in the last twelve months.",
    )
    contact_channel_id = fields.Many2one(
        "crm.channel",
        "Best Channel",
        compute="_compute_contact_channel",
        help="On which the customer is contacted: the declared one, else the one that "
        "he uses most.",
    )
    contact_channel_origin = fields.Char(
        "Why",
        compute="_compute_contact_channel",
        help="Declared, or inferred from what",
    )
    interaction_count = fields.Integer(
        "Interactions", compute="_compute_interaction_count"
    )

    @api.depends(
        "partner_id.crm_preferred_channel_id",
        "partner_id.child_ids.crm_preferred_channel_id",
        "preferred_channel_id",
        "inferred_channel_id",
        "channel_uses",
    )
    def _compute_contact_channel(self):
        """Say what the button *Contact* will do with the customer's main person."""
        for company, customers in self.grouped("company_id").items():
            people = {
                customer.id: customer.partner_id._crm_main_contact()
                for customer in customers
            }
            everybody = self.env["res.partner"].union(*people.values())
            local = everybody.with_company(company.sudo())  # a branch lacks the root
            preferences = local._crm_channel_preferences()
            for customer in customers:
                person = people[customer.id]
                channel, origin, times = preferences.get(
                    person.id, (self.env["crm.channel"], None, 0)
                )
                customer.contact_channel_id = channel
                customer.contact_channel_origin = self._get_origin_text(origin, times)

    @api.depends_context("uid")
    def _compute_interaction_count(self):
        groups = self.env["crm.interaction"]._read_group(
            [("customer_id", "in", self.ids)], ["customer_id"], ["__count"]
        )
        counts = {customer.id: count for customer, count in groups}
        for customer in self:
            customer.interaction_count = counts.get(customer.id, 0)

    @api.model
    def _get_origin_text(self, origin, times):
        """Say in words where a preference comes from; empty for none."""
        texts = {
            "contact": self.env._("declared by the contact"),
            "firm": self.env._("declared by the contact's company"),
            "customer": self.env._("declared for the customer"),
            "used": self.env._("inferred, uses this year: %(times)s", times=times),
            "company_used": self.env._(
                "inferred, uses by the company this year: %(times)s", times=times
            ),
        }
        return texts.get(origin, "")

    def action_view_interactions(self):
        """Open what was noted down of this customer."""
        return self._get_documents_action(
            self.env._("Interactions with %(customer)s", customer=self.partner_id.name),
            "crm.interaction",
            [("customer_id", "=", self.id)],
            default_partner_id=self.partner_id.id,
        )

    @api.model
    def _find_customer_ids(self, partners, companies):
        """Return {(commercial partner id, company id): id of the customer}.

        For documents that have to find their customer, seen or not.
        """
        # which customer a contact belongs to; who notes a call need not see him
        customers = self.sudo().with_context(active_test=False)
        found = customers.search_fetch(
            [
                ("partner_id", "in", partners.commercial_partner_id.ids),
                ("company_id", "in", companies.ids),
            ],
            ["partner_id", "company_id"],
        )
        return {(c.partner_id.id, c.company_id.id): c.id for c in found}

    @api.model_create_multi
    def create(self, vals_list):
        customers = super().create(vals_list)
        customers._adopt_documents()
        return customers

    @api.model
    def _insert_customers(self, columns, rows):
        customers = super()._insert_customers(columns, rows)
        customers._adopt_documents()
        return customers

    def _adopt_documents(self):
        """Take the interactions and consents from before the customer was one."""
        if not self:
            return
        for model in ("crm.interaction", "crm.consent"):
            Document = self.env[model]
            Document.flush_model()
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE %(table)s document SET customer_id = customer.id
                      FROM crm_customer customer, res_partner partner
                     WHERE customer.id = ANY(%(ids)s)
                       AND partner.commercial_partner_id = customer.partner_id
                       AND document.partner_id = partner.id
                       AND document.company_id = customer.company_id
                       AND document.customer_id IS DISTINCT FROM customer.id
                    """,
                    table=SQL.identifier(Document._table),
                    ids=list(self.ids),
                )
            )
            Document.invalidate_model(["customer_id"], flush=False)

    # ------------------------------------------------------------------
    # Moments at which a customer contacted us
    # ------------------------------------------------------------------
    @api.model
    def _contact_moments(self, scope):
        """Return the SELECTs of the moments at which customers contacted us.

        Columns: company_id (the root), partner_id (the commercial one), contact_id,
        contact_at, channel_id (NULL: not told). An addon above adds its own by super().
        """
        return [
            self._query_noted_contacts(scope),
            self._query_lead_contacts(scope),
            self._query_meeting_contacts(scope),
            self._query_mail_contacts(scope),
        ]

    @api.model
    def _query_noted_contacts(self, scope):
        return SQL(
            """
            SELECT noted.company_id, partner.commercial_partner_id AS partner_id,
                   noted.partner_id AS contact_id, noted.date AS contact_at,
                   noted.channel_id
              FROM crm_interaction noted
              JOIN res_partner partner ON partner.id = noted.partner_id
             WHERE noted.direction = 'in' AND %s
            """,
            scope(SQL("noted.company_id"), SQL("partner.commercial_partner_id")),
        )

    @api.model
    def _query_lead_contacts(self, scope):
        return SQL(
            """
            SELECT company.root_id, partner.commercial_partner_id, partner.id,
                   lead.create_date, NULL::int
              FROM crm_lead lead
              JOIN res_partner partner ON partner.id = lead.partner_id
              LEFT JOIN crm_team team ON team.id = lead.team_id
              LEFT JOIN res_users seller ON seller.id = lead.user_id
              LEFT JOIN res_users author ON author.id = lead.create_uid
              JOIN %s company ON company.id = COALESCE(
                   lead.company_id, team.company_id, seller.company_id,
                   partner.company_id, author.company_id)
             WHERE %s
            """,
            self._sql_root_companies(),
            scope(SQL("company.root_id"), SQL("partner.commercial_partner_id")),
        )

    @api.model
    def _query_meeting_contacts(self, scope):
        """Meetings that took place, in the company of who called them."""
        return SQL(
            """
            SELECT company.root_id, partner.commercial_partner_id, partner.id,
                   meeting.start, channel.id
              FROM calendar_event_res_partner_rel attendee
              JOIN res_partner partner ON partner.id = attendee.res_partner_id
              JOIN calendar_event meeting ON meeting.id = attendee.calendar_event_id
              JOIN res_users host ON host.id = meeting.user_id
              JOIN %s company ON company.id = host.company_id
              LEFT JOIN crm_channel channel ON channel.code = 'visit'
             WHERE meeting.active AND meeting.start <= now() AT TIME ZONE 'UTC'
               AND partner.id != host.partner_id AND %s
            """,
            self._sql_root_companies(),
            scope(SQL("company.root_id"), SQL("partner.commercial_partner_id")),
        )

    @api.model
    def _query_mail_contacts(self, scope):
        """Mails that came in on documents of a company."""
        return SQL(
            """
            SELECT company.root_id, partner.commercial_partner_id, partner.id,
                   mail.date, channel.id
              FROM mail_message mail
              JOIN res_partner partner ON partner.id = mail.author_id
              JOIN (%s) document
                ON document.model = mail.model AND document.id = mail.res_id
              JOIN %s company ON company.id = document.company_id
              LEFT JOIN crm_channel channel ON channel.code = 'mail'
             WHERE mail.message_type = 'email' AND mail.author_id IS NOT NULL AND %s
            """,
            SQL(" UNION ALL ").join(self._mail_documents()),
            self._sql_root_companies(),
            scope(SQL("company.root_id"), SQL("partner.commercial_partner_id")),
        )

    @api.model
    def _mail_documents(self):
        """Return SELECTs (model, id, company_id) of documents that get mails."""
        return [
            SQL(
                "SELECT %s AS model, id, company_id FROM %s"
                " WHERE company_id IS NOT NULL",
                model,
                SQL.identifier(self.env[model]._table),
            )
            for model in (
                "crm.customer",
                "crm.interaction",
                "crm.lead",
                "sale.order",
                "account.move",
                "res.partner",
            )
        ]

    @api.model
    def _sql_contact_moments(self, scope):
        return SQL(" UNION ALL ").join(
            SQL(
                "SELECT * FROM (%s) AS moment"
                " (company_id, partner_id, contact_id, contact_at, channel_id)",
                query,
            )
            for query in self._contact_moments(scope)
        )

    @api.model
    def _query_used_channels(self, scope):
        """Return the SELECT of first contact and favourite channel of each customer.

        Columns: company_id, partner_id, contact_at, channel_id, uses.
        """
        return SQL(
            """
            SELECT company_id, partner_id, MIN(contact_at) AS contact_at,
                   (array_agg(channel_id ORDER BY uses DESC, last_at DESC, channel_id)
                    FILTER (WHERE channel_id IS NOT NULL AND uses > 0))[1]
                   AS channel_id,
                   MAX(uses) FILTER (WHERE channel_id IS NOT NULL) AS uses
              FROM (%s) channel
             GROUP BY company_id, partner_id
            """,
            self._query_channel_counts(scope, SQL("partner_id")),
        )

    @api.model
    def _query_channel_counts(self, scope, who):
        """Return the SELECT of the uses of each channel by customer or by contact."""
        return SQL(
            """
            SELECT company_id, %(who)s, channel_id, MIN(contact_at) AS contact_at,
                   MAX(contact_at) AS last_at,
                   COUNT(*) FILTER (WHERE contact_at >= %(since)s) AS uses
              FROM (%(moments)s) moment
             GROUP BY company_id, %(who)s, channel_id
            """,
            who=who,
            since=fields.Datetime.subtract(self._now(), years=1),
            moments=self._sql_contact_moments(scope),
        )

    @api.model
    def _get_used_channels(self, partner_ids, company):
        """Return {id of a contact: (id of a channel, times)}: what each used most.

        :param partner_ids: commercial partners whose people are asked for
        """
        self.env.flush_all()
        scope = self._get_scope(partner_ids)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (contact_id) contact_id, channel_id, uses
                  FROM (%s) used
                 WHERE company_id = %s AND channel_id IS NOT NULL AND uses > 0
                 ORDER BY contact_id, uses DESC, last_at DESC, channel_id
                """,
                self._query_channel_counts(scope, SQL("contact_id")),
                company.id,
            )
        )
        return {contact_id: (channel_id, uses) for contact_id, channel_id, uses in rows}
