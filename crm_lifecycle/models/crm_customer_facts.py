from odoo import api, models
from odoo.tools import SQL

from ..lib.facts import INVOICES, PAID, FactSource


class CrmCustomerFacts(models.AbstractModel):
    """The facts: what documents say about customers, one query per kind of document.

    crm_customer_refresh.py runs the queries and writes what differs.
    """

    _name = "crm.customer.facts"
    _description = "Customer Facts"

    @api.model
    def _fact_sources(self):
        """Return the FactSource of each kind of document; addons above add theirs."""
        return [
            FactSource(
                "invoice",
                ("revenue_total", "balance_due", "last_invoice_date"),
                self._query_invoice_facts,
                creates=True,
                replays=self._get_invoice_replays(),
            ),
            FactSource(
                "order",
                (
                    "order_count",
                    "first_order_date",
                    "last_order_date",
                    "paid_order_count",
                    "first_paid_date",
                    "last_paid_date",
                    "quotation_count",
                    "first_quotation_date",
                    "last_quotation_date",
                ),
                self._query_order_facts,
                creates=True,
                replays=self._get_order_replays(),
            ),
            FactSource(
                "lead",
                (
                    "lead_count",
                    "qualified_lead_count",
                    "first_lead_date",
                    "last_lead_date",
                    "first_qualified_date",
                ),
                self._query_lead_facts,
                creates=True,
                replays=self._get_lead_replays(),
            ),
        ]

    @api.model
    def _get_fact_columns(self):
        """Return the names of all fields that a source fills."""
        return {column for source in self._fact_sources() for column in source.columns}

    @api.model
    def _sql_root_companies(self):
        """Return a table expression (id, root_id) of all companies."""
        return SQL(
            "(SELECT id, split_part(parent_path, '/', 1)::int AS root_id"
            " FROM res_company)"
        )

    @api.model
    def _query_invoice_facts(self, scope):
        """Revenue and open balance in company currency at each invoice's own rate.

        An invoice belongs to whom it was made out to. Where that entity has got a
        parent company since, it belongs to the parent.
        """
        return SQL(
            """
            SELECT company.root_id AS company_id,
                   partner.commercial_partner_id AS partner_id,
                   SUM(billed.revenue), SUM(billed.due), MAX(billed.date)
              FROM (SELECT move.company_id, move.commercial_partner_id,
                           SUM(move.amount_untaxed_signed) AS revenue,
                           SUM(move.amount_residual_signed) AS due,
                           MAX(move.invoice_date) AS date
                      FROM account_move move
                     WHERE move.state = 'posted' AND move.move_type IN %(types)s
                       AND move.commercial_partner_id IS NOT NULL
                       AND %(inner_scope)s
                     GROUP BY move.company_id, move.commercial_partner_id) billed
              JOIN %(companies)s company ON company.id = billed.company_id
              JOIN res_partner partner ON partner.id = billed.commercial_partner_id
             WHERE %(scope)s
             GROUP BY 1, 2
            """,
            types=INVOICES,
            companies=self._sql_root_companies(),
            inner_scope=self._sql_contact_scope(
                scope, SQL("move.commercial_partner_id")
            ),
            scope=scope(SQL("company.root_id"), SQL("partner.commercial_partner_id")),
        )

    @api.model
    def _query_order_facts(self, scope):
        """Orders, quotations and payments.

        An order is a confirmed sale order, or a posted customer invoice that no sale
        order stands behind. It is paid once an invoice of it is paid in full, on the
        day of the last payment. Sale orders follow their contact, as in Odoo's own
        sales analysis. Every sale order was a quotation once: on the day it was made.
        """
        return SQL(
            """
            SELECT company_id, partner_id,
                   COUNT(*) FILTER (WHERE ordered),
                   MIN(date) FILTER (WHERE ordered),
                   MAX(date) FILTER (WHERE ordered),
                   COUNT(*) FILTER (WHERE ordered AND paid_on IS NOT NULL),
                   MIN(paid_on) FILTER (WHERE ordered),
                   MAX(paid_on) FILTER (WHERE ordered),
                   COUNT(*) FILTER (WHERE NOT ordered),
                   MIN(quoted_on), MAX(quoted_on)
              FROM (%s UNION ALL %s) purchase
             GROUP BY company_id, partner_id
            """,
            self._query_sale_orders(scope),
            self._query_direct_invoices(scope),
        )

    @api.model
    def _query_sale_orders(self, scope):
        """One row per sale order that is not cancelled.

        The day of the quotation is that of its creation: Odoo overwrites the date of
        the order when it is confirmed. An order entered later than it was made was
        quoted on the day of the order.
        """
        return SQL(
            """
            SELECT company.root_id AS company_id,
                   partner.commercial_partner_id AS partner_id,
                   sale.date_order::date AS date, sale.state = 'sale' AS ordered,
                   LEAST(sale.create_date, sale.date_order)::date AS quoted_on,
                   paid.paid_on
              FROM sale_order sale
              JOIN res_partner partner ON partner.id = sale.partner_id
              JOIN %(companies)s company ON company.id = sale.company_id
              LEFT JOIN (
                   SELECT invoiced.order_id, MIN(invoiced.paid_on) AS paid_on
                     FROM (%(paid)s) invoiced
                    GROUP BY invoiced.order_id) paid ON paid.order_id = sale.id
             WHERE sale.state != 'cancel' AND %(scope)s
            """,
            companies=self._sql_root_companies(),
            paid=self._query_paid_invoices(scope),
            scope=scope(SQL("company.root_id"), SQL("partner.commercial_partner_id")),
        )

    @api.model
    def _query_paid_invoices(self, scope):
        """One row per sale order and paid invoice of it: order_id, paid_on.

        An invoice over nothing has no payment: it is paid when it is posted.
        """
        return SQL(
            """
            SELECT sale_line.order_id,
                   COALESCE(MAX(part.max_date), move.invoice_date) AS paid_on
              FROM sale_order sale
              JOIN res_partner partner ON partner.id = sale.partner_id
              JOIN sale_order_line sale_line ON sale_line.order_id = sale.id
              JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = sale_line.id
              JOIN account_move_line line ON line.id = rel.invoice_line_id
              JOIN account_move move ON move.id = line.move_id
              LEFT JOIN account_move_line due
                ON due.move_id = move.id AND due.display_type = 'payment_term'
              LEFT JOIN account_partial_reconcile part ON part.debit_move_id = due.id
             WHERE sale.state = 'sale' AND move.state = 'posted'
               AND move.move_type IN ('out_invoice', 'out_receipt')
               AND move.payment_state IN %(paid)s AND %(scope)s
             GROUP BY sale_line.order_id, move.id
            """,
            paid=PAID,
            scope=scope(None, SQL("partner.commercial_partner_id")),
        )

    @api.model
    def _query_direct_invoices(self, scope):
        return SQL(
            """
            SELECT company.root_id, partner.commercial_partner_id,
                   move.invoice_date, TRUE, NULL::date,
                   CASE WHEN move.payment_state IN %(paid)s
                        THEN COALESCE(MAX(part.max_date), move.invoice_date) END
              FROM account_move move
              JOIN res_partner partner ON partner.id = move.commercial_partner_id
              JOIN %(companies)s company ON company.id = move.company_id
              LEFT JOIN account_move_line due
                ON due.move_id = move.id AND due.display_type = 'payment_term'
               AND move.payment_state IN %(paid)s
              LEFT JOIN account_partial_reconcile part ON part.debit_move_id = due.id
             WHERE move.state = 'posted'
               AND move.move_type IN ('out_invoice', 'out_receipt')
               AND %(inner_scope)s AND %(scope)s
               AND NOT EXISTS (
                   SELECT FROM account_move_line line
                     JOIN sale_order_line_invoice_rel rel
                       ON rel.invoice_line_id = line.id
                    WHERE line.move_id = move.id)
             GROUP BY company.root_id, partner.commercial_partner_id, move.id
            """,
            companies=self._sql_root_companies(),
            paid=PAID,
            inner_scope=self._sql_contact_scope(
                scope, SQL("move.commercial_partner_id")
            ),
            scope=scope(SQL("company.root_id"), SQL("partner.commercial_partner_id")),
        )

    @api.model
    def _query_lead_facts(self, scope):
        """Leads in whatever state; a qualified lead is an opportunity not yet lost."""
        return SQL(
            """
            SELECT company_id, partner_id, COUNT(*), COUNT(qualified),
                   MIN(created), MAX(created), MIN(qualified)
              FROM (%s) lead
             GROUP BY company_id, partner_id
            """,
            self._query_leads(scope),
        )

    @api.model
    def _query_leads(self, scope):
        """One row per lead: when it was created and qualified, NULL where it is not.

        A lead without company belongs to the company of its team, else of its
        salesperson, else of its contact, else of who entered it.
        """
        return SQL(
            """
            SELECT company.root_id AS company_id,
                   partner.commercial_partner_id AS partner_id,
                   lead.create_date::date AS created,
                   CASE WHEN lead.type = 'opportunity' AND lead.active
                        THEN COALESCE(lead.date_conversion, lead.create_date)::date
                    END AS qualified
              FROM crm_lead lead
              JOIN res_partner partner ON partner.id = lead.partner_id
              LEFT JOIN crm_team team ON team.id = lead.team_id
              LEFT JOIN res_users seller ON seller.id = lead.user_id
              LEFT JOIN res_users author ON author.id = lead.create_uid
              JOIN %(companies)s company ON company.id = COALESCE(
                   lead.company_id, team.company_id, seller.company_id,
                   partner.company_id, author.company_id)
             WHERE %(scope)s
            """,
            companies=self._sql_root_companies(),
            scope=scope(SQL("company.root_id"), SQL("partner.commercial_partner_id")),
        )

    @api.model
    def _sql_contact_scope(self, scope, partner_expr):
        """Return the condition that a contact belongs to a customer asked for.

        For queries that aggregate by a contact before they know its commercial
        partner. Free in a full pass.
        """
        wanted = scope(None, SQL("contact.commercial_partner_id"))
        if wanted == SQL("TRUE"):
            return wanted
        return SQL(
            "%s IN (SELECT contact.id FROM res_partner contact WHERE %s)",
            partner_expr,
            wanted,
        )

    @api.model
    def _get_scope(self, partner_ids):
        """Return the ``scope`` function for FactSource; None means everybody."""

        def scope(company_expr, partner_expr):
            if partner_ids is None:
                return SQL("TRUE")
            return SQL("%s = ANY(%s)", partner_expr, list(partner_ids))

        return scope
