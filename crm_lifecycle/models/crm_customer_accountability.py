from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..lib.facts import FactSource

NO_DATA_IS_NULL = ("hours_to_owner", "hours_to_response")
"""Figures that stay empty where nothing is known: 0 hours would be the best of all."""


class CrmCustomer(models.Model):
    """One accountable person per customer, and how long the customer waited for one.

    The clock starts with the first contact (call, letter, mail, meeting, lead, request)
    and ends when the customer, or a lead of his, got an accountable person.
    """

    _inherit = "crm.customer"

    owner_ids = fields.One2many(
        "crm.customer.owner", "customer_id", "Accountable so far", readonly=True
    )
    owner_since = fields.Datetime(
        "Accountable Since",
        readonly=True,
        help="Since when the present person answers for the customer, or since when "
        "nobody does.",
    )
    first_owner_at = fields.Datetime(
        "First Person in Charge",
        readonly=True,
        help="When the customer, or a lead of his, first got an accountable person.",
    )
    hours_to_owner = fields.Float(
        "Hours to the Person in Charge",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="From the first contact to the first accountable person. Empty as long as "
        "one of them is not known.",
    )
    is_waiting = fields.Boolean(
        "Without Accountable Person",
        compute="_compute_is_waiting",
        search="_search_is_waiting",
        help="Nobody answers for the customer, or only someone who has left.",
    )
    is_overdue = fields.Boolean(
        "Too Long Without Accountable Person",
        compute="_compute_is_waiting",
        search="_search_is_overdue",
        help="For longer than the hours set under Settings > CRM.",
    )
    waiting_hours = fields.Float(
        "Hours Waiting",
        compute="_compute_is_waiting",
        digits=(16, 1),
        help="Since the first contact, or since the last accountable person went.",
    )

    @api.depends("user_id.active", "owner_since", "first_contact_at")
    def _compute_is_waiting(self):
        now = fields.Datetime.now()
        for customer in self:
            user = customer.sudo().user_id  # he may have left the company
            customer.is_waiting = not user.active
            start = customer._get_waiting_since()
            waited = (now - start).total_seconds() / 3600 if start else 0.0
            customer.waiting_hours = max(waited, 0.0) if customer.is_waiting else 0.0
            limit = customer.company_id.sudo().crm_owner_alarm_hours  # a root company
            customer.is_overdue = customer.is_waiting and (
                bool(user) or customer.waiting_hours >= limit
            )

    @api.model
    def _search_is_waiting(self, operator, value):
        if operator != "in":
            return NotImplemented
        waiting = Domain("user_id", "=", False) | Domain("user_id.active", "=", False)
        domain = waiting if True in value else Domain.FALSE
        return domain | ~waiting if False in value else domain

    @api.model
    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = Domain.FALSE
        # sudo: a branch user lacks the root
        for company in self.env.companies.sudo().root_id:
            overdue |= self._get_overdue_domain(company)
        domain = overdue if True in value else Domain.FALSE
        return domain | ~overdue if False in value else domain

    @api.model
    def _get_overdue_domain(self, company):
        """Return who has been without accountable person for too long in a company.

        Where that person was archived, nobody knows since when: at once.
        """
        limit = fields.Datetime.now() - timedelta(hours=company.crm_owner_alarm_hours)
        since = Domain("owner_since", "!=", False) & Domain("owner_since", "<=", limit)
        never = Domain("owner_since", "=", False)
        since |= never & Domain("first_contact_at", "<=", limit)
        never &= Domain("first_contact_at", "=", False)
        since |= never & Domain("create_date", "<=", limit)
        nobody = Domain("user_id", "=", False) & since
        left = Domain("user_id.active", "=", False) & Domain("user_id", "!=", False)
        return Domain("company_id", "=", company.id) & (nobody | left)

    @api.model_create_multi
    def create(self, vals_list):
        customers = super().create(vals_list)
        customers.filtered("user_id")._record_owners()
        return customers

    def write(self, vals):
        result = super().write(vals)
        if "user_id" in vals:
            self._record_owners()
        return result

    def _record_owners(self, estimated=None):
        """Note down who answers for these customers since now, and look at them."""
        Owner = self.env["crm.customer.owner"].sudo()  # written with the customer only
        reason = self.env.context.get("crm_owner_reason")
        now = self._now()
        recorded = Owner._record(self.ids, now, reason, estimated)
        changed = self.browse(recorded)
        if not changed:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE crm_customer SET owner_since = %s WHERE id = ANY(%s)",
                now,
                list(changed.ids),
            )
        )
        changed.invalidate_recordset(["owner_since", "owner_ids"], flush=False)
        changed.modified(["owner_since"])
        changed.filtered(lambda c: not recorded[c.id])._queue_customers("owner")
        changed.filtered("user_id.active")._close_owner_alarms()

    @api.model
    def _insert_customers(self, columns, rows):
        """Note down whom the engine made accountable.

        Where the first contact is older than a day, the person was there before the
        row: since when is not known.
        """
        customers = super()._insert_customers(columns, rows)
        if customers:
            owned = customers.filtered("user_id")
            owned._record_owners(
                SQL("customer.stage_since < %s", self._now() - timedelta(days=1))
            )
        return customers

    def _get_waiting_since(self):
        return self.owner_since or self.first_contact_at or self.create_date

    # ------------------------------------------------------------------
    # Facts
    # ------------------------------------------------------------------
    @api.model
    def _get_sql_default(self, field):
        if field.name in NO_DATA_IS_NULL:
            return None
        return super()._get_sql_default(field)

    @api.model
    def _fact_sources(self):
        return [
            *super()._fact_sources(),
            FactSource(
                "charge",
                (
                    "first_contact_at",
                    "first_owner_at",
                    "hours_to_owner",
                    "inferred_channel_id",
                    "channel_uses",
                    "first_response_at",
                    "hours_to_response",
                ),
                self._query_charge_facts,
                replayable=False,
            ),
        ]

    @api.model
    def _query_charge_facts(self, scope):
        """First contact, person in charge, answer, and the channel used most."""
        return SQL(
            """
            WITH contact AS (%(contacts)s)
            SELECT company_id, partner_id, MIN(contact_at), MIN(owner_at),
                   %(to_owner)s, MAX(channel_id), COALESCE(MAX(uses), 0),
                   MIN(answered_at), %(to_response)s
              FROM (SELECT company_id, partner_id, contact_at,
                           NULL::timestamp AS owner_at, channel_id, uses,
                           NULL::timestamp AS answered_at
                      FROM contact
                     UNION ALL
                    SELECT company_id, partner_id, NULL, owner_at, NULL, NULL, NULL
                      FROM (%(owners)s) charge
                     UNION ALL
                    SELECT company_id, partner_id, NULL, NULL, NULL, NULL, answered_at
                      FROM (%(answers)s) answer) moment
             GROUP BY company_id, partner_id
            """,
            contacts=self._query_used_channels(scope),
            owners=self._query_first_owners(scope),
            answers=self._query_first_answers(scope),
            to_owner=self._sql_hours(SQL("MIN(contact_at)"), SQL("MIN(owner_at)")),
            to_response=self._sql_hours(
                SQL("MIN(contact_at)"), SQL("MIN(answered_at)")
            ),
        )

    @api.model
    def _sql_hours(self, start, end):
        """Hours between two moments, 0 where the end came first, else NULL."""
        return SQL(
            "CASE WHEN %(end)s < %(start)s THEN 0"
            " ELSE EXTRACT(EPOCH FROM %(end)s - %(start)s) / 3600.0 END",
            start=start,
            end=end,
        )

    @api.model
    def _query_first_owners(self, scope):
        """Return the SELECT (company_id, partner_id, owner_at) of people in charge."""
        return SQL(
            """
            SELECT owner.company_id, customer.partner_id,
                   MIN(owner.date_from) AS owner_at
              FROM crm_customer_owner owner
              JOIN crm_customer customer ON customer.id = owner.customer_id
             WHERE owner.user_id IS NOT NULL AND owner.is_estimated IS NOT TRUE
               AND %(customers)s
             GROUP BY 1, 2
             UNION ALL
            SELECT company.root_id, partner.commercial_partner_id, MIN(lead.date_open)
              FROM crm_lead lead
              JOIN res_partner partner ON partner.id = lead.partner_id
              LEFT JOIN crm_team team ON team.id = lead.team_id
              JOIN res_users seller ON seller.id = lead.user_id
              JOIN %(companies)s company ON company.id = COALESCE(
                   lead.company_id, team.company_id, seller.company_id)
             WHERE lead.date_open IS NOT NULL AND %(leads)s
             GROUP BY 1, 2
            """,
            companies=self._sql_root_companies(),
            customers=scope(SQL("owner.company_id"), SQL("customer.partner_id")),
            leads=scope(SQL("company.root_id"), SQL("partner.commercial_partner_id")),
        )
