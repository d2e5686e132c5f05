from odoo.fields import Domain
from odoo.tools import SQL

from .base import FlowMeasure, company_domain, first_and_last_day, register

SALES_DOCUMENTS = ("out_invoice", "out_refund", "out_receipt")


@register
class NetRevenue(FlowMeasure):
    """What customers were charged for, less what was credited to them.

    Only lines of the kind `product`: a discount booked on an account of its own is
    posted beside them (kind `discount`), cash rounding and taxes are no revenue.
    """

    code = "net_revenue"
    unit = "monetary"
    requires = frozenset({"account.move.line"})
    zero_without_records = True
    drill_model = "account.move.line"
    drill_total = ("balance", -1)
    drill_views = (
        ("list", "crm_strategy_kpi.account_move_line_view_list_kpi"),
        ("form", None),
        ("pivot", None),
        ("graph", None),
    )
    drill_search = "crm_strategy_kpi.account_move_line_view_search_kpi"

    def label(self, env):
        return env._("Net revenue")

    def definition(self, env):
        return env._(
            "Product lines of posted customer invoices, credit notes and sales"
            " receipts on accounts of type Income, by accounting date, without tax,"
            " after discounts, in the company's currency. Credit notes count against"
            " it. Other income and manual journal entries do not count. A month"
            " without invoices is 0. Source: journal items (account.move.line)."
        )

    def _daily_query(self, env, scope):
        first, last = first_and_last_day(scope)
        _companies, members = scope.pairs()
        return SQL(
            """
            SELECT line.company_id, line.date, -SUM(line.balance), NULL::numeric
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN account_account account ON account.id = line.account_id
             WHERE line.parent_state = 'posted'
               AND line.display_type = 'product'
               AND line.date BETWEEN %(first)s AND %(last)s
               AND line.company_id = ANY(%(members)s)
               AND move.move_type = ANY(%(documents)s)
               AND account.account_type = 'income'
             GROUP BY line.company_id, line.date
            """,
            first=first,
            last=last,
            members=members,
            documents=list(SALES_DOCUMENTS),
        )

    def drill_domain(self, env, scope, company_id, period):
        return company_domain(scope, company_id) & Domain(
            [
                ("parent_state", "=", "posted"),
                ("display_type", "=", "product"),
                ("date", ">=", period.start),
                ("date", "<=", period.end),
                ("move_type", "in", SALES_DOCUMENTS),
                ("account_type", "=", "income"),
            ]
        )
