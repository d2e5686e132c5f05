"""What is left of the purchases when discounts and goods are paid, as SQL.

The documents are those of `purchases`, and those over nothing besides: what was given
away cost something, too. Amounts are in company currency at the rate of the document.

The cost of an invoice line comes from the first source that knows it, see
`GoodsCost`; where none does (imported history, services without a cost), the margin of
the loyalty policy is assumed.
"""

from typing import NamedTuple

from odoo.tools import SQL

from .purchases import history, invoices


class GoodsCost(NamedTuple):
    """One source of what the goods of an invoice line cost.

    `join` is a LEFT JOIN on the aliases ``document`` (see `purchases.invoices`),
    ``move``, ``line`` (account.move.line), ``product`` (product.product), ``line_uom``
    and ``product_uom``; `amount` is an expression in company currency, positive for
    goods that left, NULL where it is not known.
    """

    join: SQL
    amount: SQL


SIGN = SQL("CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END")

# Booked by the inventory when the invoice was posted (perpetual valuation).
BOOKED = GoodsCost(
    SQL(
        """
        LEFT JOIN (
             SELECT goods.cogs_origin_id, SUM(goods.balance) AS amount
               FROM account_move_line goods
               JOIN account_account account ON account.id = goods.account_id
              WHERE goods.display_type = 'cogs'
                AND account.account_type LIKE %s
              GROUP BY goods.cogs_origin_id) booked
               ON booked.cogs_origin_id = line.id
        """,
        "expense%",
    ),
    SQL("booked.amount"),
)

# Noted on the order line when it was made (app "Margins").
ORDERED = GoodsCost(
    SQL(
        """
        LEFT JOIN (
             SELECT rel.invoice_line_id,
                    AVG(ordered.purchase_price / NULLIF(sale.currency_rate, 0)
                        / NULLIF(uom.factor, 0)) AS cost
               FROM sale_order_line ordered
               JOIN sale_order sale ON sale.id = ordered.order_id
               JOIN uom_uom uom ON uom.id = ordered.product_uom_id
               JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = ordered.id
              WHERE ordered.purchase_price <> 0
              GROUP BY rel.invoice_line_id) ordered
               ON ordered.invoice_line_id = line.id
        """
    ),
    SQL(
        "%s * line.quantity * ordered.cost"
        " * COALESCE(line_uom.factor, product_uom.factor)",
        SIGN,
    ),
)

# The cost of the product as it stands today, by company.
STANDARD = GoodsCost(
    SQL(""),
    SQL(
        """
        %s * line.quantity * COALESCE(line_uom.factor / product_uom.factor, 1)
           * NULLIF(COALESCE((product.standard_price ->> move.company_id::text),
                             (product.standard_price ->> document.company_id::text)
                            )::numeric, 0)
        """,
        SIGN,
    ),
)


def margin_facts(sources, margin, scope, date_from=None, date_to=None) -> SQL:
    """One row per (company, customer) that has any document in the period.

    :param sources: `GoodsCost`s, the best first
    :param margin: share of a sale that is left where no cost is known, 0 to 1
    :return: company_id, partner_id, revenue (after discounts), discount, goods; all of
        them positive for a customer who buys
    """
    return SQL(
        """
        SELECT company_id, partner_id,
               SUM(revenue) AS revenue,
               SUM(discount)::numeric AS discount,
               SUM(goods)::numeric AS goods
          FROM (
                SELECT company_id, partner_id, amount AS revenue, 0 AS discount,
                       0::numeric AS goods
                  FROM (%(invoices)s) document
             UNION ALL
                SELECT document.company_id, document.partner_id, 0,
                       %(discount)s, COALESCE(%(costs)s)
                  FROM (%(invoices)s) document
                  JOIN account_move move ON move.id = document.move_id
                  JOIN account_move_line line
                    ON line.move_id = move.id AND line.display_type = 'product'
             LEFT JOIN product_product product ON product.id = line.product_id
             LEFT JOIN product_template template
                    ON template.id = product.product_tmpl_id
             LEFT JOIN uom_uom product_uom ON product_uom.id = template.uom_id
             LEFT JOIN uom_uom line_uom ON line_uom.id = line.product_uom_id
                       %(joins)s
             UNION ALL
                SELECT company_id, partner_id, amount, 0, amount * %(spent)s
                  FROM (%(history)s) document
               ) part
      GROUP BY company_id, partner_id
        """,
        invoices=invoices(scope, date_from, date_to, with_empty=True),
        history=history(scope, date_from, date_to),
        discount=_line_discount(),
        joins=SQL(" ").join(source.join for source in sources),
        costs=SQL(", ").join(
            SQL("(%s)::numeric", amount)
            for amount in (
                *(source.amount for source in sources),
                SQL("-line.balance * %s", 1 - margin),
            )
        ),
        spent=1 - margin,
    )


def _line_discount():
    """What a line would have brought more at its list price.

    From the amount in the ledger, so that taxes within the price do not matter; a line
    that was given away entirely has none, and counts at its price.
    """
    return SQL(
        """
        CASE WHEN line.discount > 0 AND line.discount < 100
             THEN -line.balance * line.discount / (100 - line.discount)
             WHEN line.discount >= 100
             THEN %s * line.price_unit * line.quantity
                  / COALESCE(NULLIF(move.invoice_currency_rate, 0), 1)
             ELSE 0 END::numeric
        """,
        SIGN,
    )
