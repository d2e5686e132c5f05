from odoo import api, models
from odoo.tools import SQL

from .crm_customer_collect import ANALYZE_NEW

CHUNK = 5000
"""Changed customers that one transaction of a pass writes."""

NOW = SQL("now() AT TIME ZONE 'UTC'")


class CrmCustomerRefresh(models.AbstractModel):
    """The engine: the same steps for one customer and for a million.

    What differs is collected (crm_customer_collect.py) and written here by one UPDATE
    and one INSERT a chunk; the rules follow in the same way (crm_customer_rules.py).
    """

    _name = "crm.customer.refresh"
    _description = "Customer Refresh"

    # the first contact that documents know of
    _birth_dates = (
        "first_lead_date",
        "first_quotation_date",
        "first_order_date",
        "first_paid_date",
    )

    def _refresh_facts(self):
        """Bring the facts of the customers up to date; an empty recordset means all.

        :return: the customers that were changed or came into being
        """
        # ids only, of customers whom the caller has already
        return self._apply_facts(self.sudo().partner_id.ids if self else None)

    @api.model
    def _refresh(self, partner_ids):
        """Bring facts and stages of some commercial partners up to date; None: all."""
        engine = self._at_one_moment()
        engine._settle_moved_partners(partner_ids)
        engine._apply_facts(partner_ids)
        engine._apply_rules(partner_ids)

    @api.model
    def _apply_facts(self, partner_ids=None):
        """Write the facts that differ, in this transaction; None means everybody."""
        changed = self.browse()
        for first in range(0, self._collect_fact_changes(partner_ids), CHUNK):
            changed += self._write_fact_changes(first, first + CHUNK)
        return changed

    @api.model
    def _write_fact_changes(self, first, last):
        """Write the rows first < row <= last of crm_customer_fact.

        A customer whose row somebody else has written since it was compared is left
        alone and queued: his facts may be older than what stands there.
        """
        columns = sorted(self._get_fact_columns())
        rows = SQL("fact.row > %s AND fact.row <= %s", first, last)
        written = self.env.execute_query(
            SQL(
                """
                WITH updated AS (
                    UPDATE crm_customer customer
                       SET %s, write_uid = %s, write_date = %s
                      FROM crm_customer_fact fact
                     WHERE customer.id = fact.customer_id
                       AND customer.xmin = fact.version AND %s
                    RETURNING customer.id
                )
                SELECT fact.company_id, fact.partner_id, updated.id
                  FROM crm_customer_fact fact
                  LEFT JOIN updated ON updated.id = fact.customer_id
                 WHERE fact.customer_id IS NOT NULL AND %s
                """,
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), SQL.identifier("fact", name))
                    for name in columns
                ),
                self.env.uid,
                NOW,
                rows,
                rows,
            )
        )
        self._queue_events("overtaken", [row[:2] for row in written if not row[2]])
        updated = self.browse([row[2] for row in written if row[2]])
        updated.invalidate_recordset(columns, flush=False)
        updated.modified(columns)
        return updated + self._insert_customers(columns, rows)

    @api.model
    def _insert_customers(self, columns, rows):
        """Make the customers that are missing, with the history that documents tell.

        The first stage begins with the first document, as far as that is known. Where
        another transaction makes the same customer just now, ON CONFLICT turns the
        error into one of serialization, which Odoo and the lanes answer by a retry.
        """
        missing = self.env.execute_query(
            SQL(
                "SELECT DISTINCT company_id FROM crm_customer_fact fact"
                " WHERE customer_id IS NULL AND %s",
                rows,
            )
        )
        if not missing:
            return self.browse()
        values = {
            **self._prepare_default_columns(),
            **self._prepare_new_columns([company_id for (company_id,) in missing]),
            **{name: SQL.identifier("fact", name) for name in columns},
        }
        inserted = self.env.execute_query(
            SQL(
                """
                INSERT INTO crm_customer (%s)
                SELECT %s
                  FROM crm_customer_fact fact
                  JOIN res_partner partner ON partner.id = fact.partner_id
                 WHERE fact.customer_id IS NULL AND %s
                   AND NOT EXISTS (SELECT FROM crm_customer customer
                                    WHERE customer.company_id = fact.company_id
                                      AND customer.partner_id = fact.partner_id)
                ON CONFLICT (company_id, partner_id) DO NOTHING
                RETURNING id
                """,
                SQL(", ").join(map(SQL.identifier, values)),
                SQL(", ").join(values.values()),
                rows,
            )
        )
        customers = self.browse([customer_id for (customer_id,) in inserted])
        if customers:
            if len(customers) > ANALYZE_NEW:
                self._analyze_grown(
                    len(customers), "crm_customer", "crm_lifecycle_history"
                )
            old = customers._begin_history()
            self.invalidate_model(flush=False)
            stored = [name for name, field in self._fields.items() if field.store]
            customers.modified(stored, create=True)
            for name in self._get_complete_columns():
                self.env.remove_to_compute(self._fields[name], customers)
            if old:
                self.browse(old)._on_stage_changed(old)
        return customers

    @api.model
    def _get_complete_columns(self):
        """Return the computed fields that new customers already have as they must."""
        return ["active"]

    @api.model
    def _prepare_default_columns(self):
        """Return {column: SQL} with the static defaults of the remaining fields."""
        return {
            name: SQL("%s", field.convert_to_column_insert(field.default(self), self))
            for name, field in self._fields.items()
            if field.store
            and field.column_type
            and field.default
            and field.type in ("selection", "boolean", "integer", "float", "char")
        }

    @api.model
    def _prepare_new_columns(self, company_ids):
        """Return {column: SQL} of what a new customer starts with."""
        stages = self.env["crm.lifecycle.stage"]._get_entry_stages(company_ids)
        stage = SQL(
            "CASE fact.company_id %s END",
            SQL(" ").join(SQL("WHEN %s THEN %s", *pair) for pair in stages.items()),
        )
        born = SQL(
            "LEAST(%s)",
            SQL(", ").join(SQL.identifier("fact", name) for name in self._birth_dates),
        )
        return {
            "company_id": SQL("fact.company_id"),
            "partner_id": SQL("fact.partner_id"),
            "active": SQL("partner.active"),
            "stage_id": stage,
            "stage_since": self._sql_event_time(born, self._now()),
            "stage_pinned": SQL("FALSE"),
            "user_id": self._sql_first_owner(),
            "create_uid": SQL("%s", self.env.uid),
            "write_uid": SQL("%s", self.env.uid),
            "create_date": NOW,
            "write_date": NOW,
        }

    @api.model
    def _sql_event_time(self, date, now):
        """The moment of an event known by its day: that day's start.

        Today's events have just happened, and so have those without a day: now.
        """
        return SQL(
            "CASE WHEN %(date)s < %(today)s THEN %(date)s::timestamp"
            " ELSE %(now)s::timestamp END",
            date=date,
            today=now.date(),
            now=now,
        )

    @api.model
    def _sql_first_owner(self):
        """The person who is accountable for a new customer.

        The salesperson of the contact, if he works in that company, else who made the
        latest order, else who has the latest lead.
        """
        companies = self._sql_root_companies()
        return SQL(
            """
            COALESCE(
                (SELECT partner.user_id FROM res_company_users_rel member
                   JOIN %(companies)s company ON company.id = member.cid
                  WHERE member.user_id = partner.user_id
                    AND company.root_id = fact.company_id LIMIT 1),
                (SELECT sale.user_id FROM res_partner contact
                   JOIN sale_order sale ON sale.partner_id = contact.id
                   JOIN %(companies)s company ON company.id = sale.company_id
                  WHERE contact.commercial_partner_id = fact.partner_id
                    AND company.root_id = fact.company_id AND sale.user_id IS NOT NULL
                  ORDER BY sale.date_order DESC, sale.id DESC LIMIT 1),
                (SELECT lead.user_id FROM res_partner contact
                   JOIN crm_lead lead ON lead.partner_id = contact.id
                   JOIN res_company_users_rel member ON member.user_id = lead.user_id
                   JOIN %(companies)s company ON company.id = member.cid
                  WHERE contact.commercial_partner_id = fact.partner_id
                    AND company.root_id = fact.company_id
                  ORDER BY lead.id DESC LIMIT 1))
            """,
            companies=companies,
        )
