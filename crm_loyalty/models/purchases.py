"""The one definition of a purchase, as SQL.

A purchase is a day on which a customer (commercial partner) bought from a root
company. Sources are posted customer invoices, credit notes and receipts, and the
history from before Odoo. Amounts are without tax, in company currency, at the rate
of the document itself.

- A credit note, or a reversed receipt, reduces the day of the document that it
  reverses, as long as that belongs to the same customer; otherwise its own day.
- A negative row of the imported history is a return of its day.
- A day counts as a purchase when something was sold on it and not all of it came
  back. A fully refunded day does not count, and neither does a day of returns only;
  their amounts count in the revenue.
- Posted invoices of zero (settled down payments, warranty replacements) are no
  purchases. An imported row of zero is one: whoever made the file says so.
- An order of the point of sale is a purchase by its invoice, once. Without an invoice
  it is no document of a customer: the ledger knows only the takings of the day.
"""

from odoo.tools import SQL

SALE_TYPES = ("out_invoice", "out_receipt")
MOVE_TYPES = (*SALE_TYPES, "out_refund")


def invoices(scope, date_from=None, date_to=None, with_empty=False) -> SQL:
    """One row per posted document; parameters as of `purchase_days`.

    The origin of a credit note counts only if it is a posted sale to the same
    customer by the same company. What a billed entity bought is its new parent's.

    :param with_empty: documents over nothing, too; they are no purchases
    :return: move_id, history_id (NULL), company_id, partner_id, day, amount, is_return
    """
    day = SQL("COALESCE(origin.invoice_date, move.invoice_date)")
    return SQL(
        """
        SELECT move.id AS move_id,
               NULL::int AS history_id,
               SPLIT_PART(company.parent_path, '/', 1)::int AS company_id,
               partner.commercial_partner_id AS partner_id,
               %(day)s AS day,
               move.amount_untaxed_signed AS amount,
               move.amount_untaxed_signed < 0 AS is_return
          FROM account_move move
          JOIN res_company company ON company.id = move.company_id
          JOIN res_partner partner ON partner.id = move.commercial_partner_id
     LEFT JOIN account_move origin
            ON origin.id = move.reversed_entry_id
           AND origin.state = 'posted'
           AND origin.move_type IN %(sale_types)s
           AND origin.commercial_partner_id = move.commercial_partner_id
           AND origin.company_id = move.company_id
         WHERE move.state = 'posted'
           AND move.move_type IN %(move_types)s
           AND %(amount)s
           AND %(scope)s
           AND %(since)s
           AND %(until)s
        """,
        day=day,
        sale_types=SALE_TYPES,
        move_types=MOVE_TYPES,
        amount=SQL("TRUE" if with_empty else "move.amount_untaxed_signed <> 0"),
        scope=scope(
            SQL("SPLIT_PART(company.parent_path, '/', 1)::int"),
            SQL("partner.commercial_partner_id"),
        ),
        since=_since(day, date_from),
        until=_until(SQL("move.invoice_date"), date_to),
    )


def history(scope, date_from=None, date_to=None) -> SQL:
    """The same rows of the imported history; `move_id` is NULL."""
    return SQL(
        """
        SELECT NULL::int AS move_id,
               history.id AS history_id,
               history.company_id,
               history.commercial_partner_id AS partner_id,
               history.date AS day,
               history.amount_company AS amount,
               history.amount_company < 0 AS is_return
          FROM crm_purchase_history history
         WHERE %(scope)s
           AND %(since)s
           AND %(until)s
        """,
        scope=scope(SQL("history.company_id"), SQL("history.commercial_partner_id")),
        since=_since(SQL("history.date"), date_from),
        until=_until(SQL("history.date"), date_to),
    )


def _since(day, date_from):
    return SQL("%s > %s", day, date_from) if date_from else SQL("TRUE")


def _until(day, date_to):
    return SQL("%s <= %s", day, date_to) if date_to else SQL("TRUE")


def documents(scope, date_from=None, date_to=None) -> SQL:
    """All documents that make purchases, one row each, see `invoices`."""
    return SQL(
        "%s UNION ALL %s",
        invoices(scope, date_from, date_to),
        history(scope, date_from, date_to),
    )


def purchase_days(scope, date_from=None, date_to=None) -> SQL:
    """One row per (company, customer, day) that has any document in the period.

    :param scope: ``scope(company_expr, partner_expr)`` gives the SQL condition of
        the customers asked for, see ``crm_lifecycle.lib.facts``
    :param date_from: only purchases after this day (exclusive)
    :param date_to: as the documents stood at the end of this day
    :return: company_id, partner_id, day, amount, counts (whether it is a purchase)
    """
    return SQL(
        """
        SELECT company_id, partner_id, day, SUM(amount) AS amount,
               BOOL_OR(NOT is_return)
               AND (SUM(amount) > 0 OR NOT BOOL_OR(is_return)) AS counts
          FROM (%s) document
      GROUP BY company_id, partner_id, day
        """,
        documents(scope, date_from, date_to),
    )


def purchase_facts(scope, date_from=None, date_to=None) -> SQL:
    """One row per (company, customer) that has any document in the period.

    Parameters as of `purchase_days`.

    :return: company_id, partner_id, first_purchase_date, last_purchase_date,
        purchase_count, purchase_revenue, first_purchase_amount
    """
    return SQL(
        """
        SELECT company_id,
               partner_id,
               MIN(day) FILTER (WHERE counts) AS first_purchase_date,
               MAX(day) FILTER (WHERE counts) AS last_purchase_date,
               COUNT(*) FILTER (WHERE counts) AS purchase_count,
               SUM(amount) AS purchase_revenue,
               -- the least pair (day, amount): no sorting within the group
               (MIN(ARRAY[(day - DATE '1970-01-01')::numeric, amount])
                FILTER (WHERE counts))[2] AS first_purchase_amount
          FROM (%s) day
      GROUP BY company_id, partner_id
        """,
        purchase_days(scope, date_from, date_to),
    )
