from odoo import api, models
from odoo.tools import SQL

from ..lib.facts import INVOICES, FactReplay


class CrmCustomerFactsReplay(models.AbstractModel):
    """What each document added to the facts of its customer, and on which day.

    Documents know days, not hours. The days are those on which it happened, not on
    which it was typed in: creation of a lead and of a quotation, conversion of a lead,
    date of an order and of an invoice, date of the payment that settled it.

    The past consists of the documents that count today. What was undone left no day
    behind and is missing in the past too: a lead that was lost or is not qualified any
    more, a cancelled or deleted quotation, an invoice that was reset, a payment that
    was taken back. Neither are the contact's data, the accountable person, tiers and
    contracts replayed; they are taken as they are today.
    """

    _name = "crm.customer.facts.replay"
    _description = "Customer Facts, Day by Day"

    @api.model
    def _get_invoice_replays(self):
        return (
            FactReplay(
                ("revenue_total", "last_invoice_date"),
                ("sum", "max"),
                self._query_revenue_days,
            ),
            FactReplay(("balance_due",), ("sum",), self._query_balance_days),
        )

    @api.model
    def _get_order_replays(self):
        columns = {
            "order_count": "sum",
            "first_order_date": "min",
            "last_order_date": "max",
            "paid_order_count": "sum",
            "first_paid_date": "min",
            "last_paid_date": "max",
            "quotation_count": "sum",
            "first_quotation_date": "min",
            "last_quotation_date": "max",
        }
        return (
            FactReplay(tuple(columns), tuple(columns.values()), self._query_order_days),
        )

    @api.model
    def _get_lead_replays(self):
        return (
            FactReplay(
                ("lead_count", "first_lead_date", "last_lead_date"),
                ("sum", "min", "max"),
                self._query_lead_days,
            ),
            FactReplay(
                ("qualified_lead_count", "first_qualified_date"),
                ("sum", "min"),
                self._query_qualified_days,
            ),
        )

    @api.model
    def _query_revenue_days(self, scope):
        return SQL(
            """
            SELECT billed.company_id, billed.partner_id, billed.day,
                   billed.revenue, billed.day
              FROM (%s) billed
            """,
            self._query_posted_invoices(scope),
        )

    @api.model
    def _query_posted_invoices(self, scope):
        """One row per posted invoice and refund, signed from the customer's side."""
        return SQL(
            """
            SELECT move.id, company.root_id AS company_id,
                   partner.commercial_partner_id AS partner_id,
                   move.invoice_date AS day, move.amount_untaxed_signed AS revenue,
                   move.amount_total_signed AS total,
                   move.amount_residual_signed AS due
              FROM account_move move
              JOIN res_partner partner ON partner.id = move.commercial_partner_id
              JOIN %(companies)s company ON company.id = move.company_id
             WHERE move.state = 'posted' AND move.move_type IN %(types)s
               AND %(inner_scope)s AND %(scope)s
            """,
            types=INVOICES,
            companies=self._sql_root_companies(),
            inner_scope=self._sql_contact_scope(
                scope, SQL("move.commercial_partner_id")
            ),
            scope=scope(SQL("company.root_id"), SQL("partner.commercial_partner_id")),
        )

    @api.model
    def _query_balance_days(self, scope):
        """An invoice adds its total, each payment takes off what it settled.

        What rounding and exchange rates leave between the two goes with the last
        payment, so that the end is exactly what is due today.
        """
        return SQL(
            """
            WITH invoice AS MATERIALIZED (%s), settled AS (
                SELECT invoice.id, part.max_date AS day,
                       SUM(CASE WHEN part.debit_move_id = line.id
                                THEN -part.amount ELSE part.amount END) AS amount
                  FROM invoice
                  JOIN account_move_line line
                    ON line.move_id = invoice.id AND line.display_type = 'payment_term'
                  JOIN account_partial_reconcile part
                    ON line.id IN (part.debit_move_id, part.credit_move_id)
                 GROUP BY invoice.id, part.max_date
            ), ended AS (
                SELECT id, MAX(day) AS day, SUM(amount) AS amount
                  FROM settled GROUP BY id
            )
            SELECT company_id, partner_id, day, total FROM invoice
             UNION ALL
            SELECT invoice.company_id, invoice.partner_id, settled.day, settled.amount
              FROM invoice JOIN settled ON settled.id = invoice.id
             UNION ALL
            SELECT invoice.company_id, invoice.partner_id,
                   COALESCE(ended.day, invoice.day),
                   invoice.due - invoice.total - COALESCE(ended.amount, 0)
              FROM invoice LEFT JOIN ended ON ended.id = invoice.id
             WHERE invoice.due != invoice.total + COALESCE(ended.amount, 0)
            """,
            self._query_posted_invoices(scope),
        )

    @api.model
    def _query_order_days(self, scope):
        """A quotation opens on its day and closes on that of the order."""
        return SQL(
            """
            SELECT purchase.company_id, purchase.partner_id, step.*
              FROM (%s UNION ALL %s) purchase
             CROSS JOIN LATERAL (
                SELECT quoted_on, 0, NULL::date, NULL::date, 0, NULL::date, NULL::date,
                       1, quoted_on, quoted_on
                 WHERE quoted_on IS NOT NULL
                 UNION ALL
                SELECT date, 1, date, date, 0, NULL, NULL,
                       -(quoted_on IS NOT NULL)::int, NULL, NULL
                 WHERE ordered
                 UNION ALL
                SELECT GREATEST(date, paid_on), 0, NULL, NULL, 1, paid_on, paid_on,
                       0, NULL, NULL
                 WHERE ordered AND paid_on IS NOT NULL) step
            """,
            self._query_sale_orders(scope),
            self._query_direct_invoices(scope),
        )

    @api.model
    def _query_lead_days(self, scope):
        return SQL(
            """
            SELECT lead.company_id, lead.partner_id, lead.created, 1,
                   lead.created, lead.created
              FROM (%s) lead
            """,
            self._query_leads(scope),
        )

    @api.model
    def _query_qualified_days(self, scope):
        return SQL(
            """
            SELECT lead.company_id, lead.partner_id, lead.qualified, 1, lead.qualified
              FROM (%s) lead WHERE lead.qualified IS NOT NULL
            """,
            self._query_leads(scope),
        )
