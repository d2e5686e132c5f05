"""What customers bought from which product category, as SQL.

The rules are those of ``purchases``, one level deeper: the lines of posted invoices,
credit notes and receipts without tax, in company currency, those of a credit note on
the day of what it reverses. Lines without a product and the history from before Odoo
have no category.
"""

from odoo.tools import SQL

from .purchases import MOVE_TYPES, SALE_TYPES

LINE_TYPES = ("product", "rounding")  # together they are the untaxed amount


def category_facts(company_id, date_from=None, date_to=None) -> SQL:
    """One row per customer and category with anything in the period.

    :param company_id: a root company
    :param date_from: only purchases after this day (exclusive)
    :param date_to: as the documents stood at the end of this day
    :return: partner_id, category_id (NULL: none), amount
    """
    return SQL(
        """
        SELECT partner_id, category_id, SUM(amount) AS amount
          FROM (%(lines)s UNION ALL %(history)s) bought
      GROUP BY partner_id, category_id
        HAVING SUM(amount) <> 0
        """,
        lines=_lines(company_id, date_from, date_to),
        history=_history(company_id, date_from, date_to),
    )


def _lines(company_id, date_from, date_to):
    day = SQL("COALESCE(origin.invoice_date, move.invoice_date)")
    return SQL(
        """
        SELECT partner.commercial_partner_id AS partner_id,
               template.categ_id AS category_id,
               -line.balance AS amount
          FROM account_move_line line
          JOIN account_move move ON move.id = line.move_id
          JOIN res_company company ON company.id = move.company_id
          JOIN res_partner partner ON partner.id = move.commercial_partner_id
     LEFT JOIN product_product product ON product.id = line.product_id
     LEFT JOIN product_template template ON template.id = product.product_tmpl_id
     LEFT JOIN account_move origin
            ON origin.id = move.reversed_entry_id
           AND origin.state = 'posted'
           AND origin.move_type IN %(sale_types)s
           AND origin.commercial_partner_id = move.commercial_partner_id
           AND origin.company_id = move.company_id
         WHERE move.state = 'posted'
           AND move.move_type IN %(move_types)s
           AND line.display_type IN %(line_types)s
           AND SPLIT_PART(company.parent_path, '/', 1)::int = %(company)s
           AND %(since)s AND %(until)s
        """,
        sale_types=SALE_TYPES,
        move_types=MOVE_TYPES,
        line_types=LINE_TYPES,
        company=company_id,
        since=SQL("%s > %s", day, date_from) if date_from else SQL("TRUE"),
        until=SQL("move.invoice_date <= %s", date_to) if date_to else SQL("TRUE"),
    )


def _history(company_id, date_from, date_to):
    return SQL(
        """
        SELECT history.commercial_partner_id, NULL::int, history.amount_company
          FROM crm_purchase_history history
         WHERE history.company_id = %(company)s AND %(since)s AND %(until)s
        """,
        company=company_id,
        since=SQL("history.date > %s", date_from) if date_from else SQL("TRUE"),
        until=SQL("history.date <= %s", date_to) if date_to else SQL("TRUE"),
    )
