"""Facts and stages of all customers, from invoices that COPY has put in place.

size is the number of customers; each has ten posted invoices over three years (two
where there are more than 200,000 customers), half of them paid, with receivable line
and reconciliation. Ours is the first pass: every
customer is made, with facts, stage and history. The limit is the bare GROUP BY of the
invoices. A second pass over the same data has to write nothing; its time and that of
one changed customer in a thousand go to stderr with the parts of the first, and two
ratios: the rules' pass, nothing to move, to the bare SELECT that classifies by the same
conditions (goal: at most 3), and one changed customer in a thousand, facts and rules,
to the full pass over everybody (goal: at most 2 %).
"""

import io
import sys
from datetime import date, timedelta
from typing import NamedTuple

from odoo.tools import SQL

from . import median_seconds

DEFAULT_SIZE = 100_000
PEER = None
LIMIT = "GROUP BY company, commercial partner"

BATCH = 200_000  # rows of one COPY
TODAY = date.today()
START = 1_000_000  # first id of everything that is made here


class Input(NamedTuple):
    """Customers with so many invoices each, numbered from 0 customer by customer."""

    customers: int
    each: int

    @property
    def invoices(self):
        return self.customers * self.each

    def partner(self, number):
        return START + number // self.each

    def day(self, number):
        """Days of the past three years, newest last; some customers fell silent."""
        customer, turn = divmod(number, self.each)
        return TODAY - timedelta(days=30 + customer % 500 + 55 * (self.each - turn))


def run(env, size):
    made = Input(size, 10 if size <= 200_000 else 2)
    make_input(env, made)
    Customer = env["crm.customer"]
    limit = median_seconds(lambda: group_by(env))
    parts = {
        "facts": median_seconds(Customer._apply_facts, times=1),
        "stages": median_seconds(Customer._apply_rules, times=1),
    }
    ours = sum(parts.values())
    _check(env, made)
    env.cr.commit()
    env.cr.execute("ANALYZE crm_customer, crm_lifecycle_history")
    before = _versions(env)
    parts["facts, nothing changed"] = median_seconds(Customer._apply_facts)
    parts["stages, nothing changed"] = median_seconds(Customer._apply_rules)
    if _versions(env) != before:
        raise AssertionError("a second pass wrote although nothing changed")
    parts["bare classifying SELECT"] = median_seconds(lambda: _classify(env))
    few = list(range(START, START + max(size // 1000, 1)))
    changed = f"{len(few)} changed customers"
    parts[changed] = median_seconds(
        lambda: Customer._refresh(few), before=lambda: sell_more(env, made, few)
    )
    _check_revenue(env, few)
    for name, seconds in {"GROUP BY": limit, **parts}.items():
        print(f"lifecycle: {name} {seconds:.3f} s", file=sys.stderr)
    _print_ratios(parts, changed)
    return {"ours_s": ours, "peer_s": None, "limit_s": limit}


def _print_ratios(parts, changed):
    facts, stages = (f"{name}, nothing changed" for name in ("facts", "stages"))
    rules = parts[stages] / parts["bare classifying SELECT"]
    share = parts[changed] / (parts[facts] + parts[stages])
    print(f"lifecycle: rules pass {rules:.2f} x the bare SELECT", file=sys.stderr)
    print(f"lifecycle: {changed} {share:.2%} of the full pass", file=sys.stderr)


def _classify(env):
    """Count the customers by the first rule that matches them: one bare SELECT."""
    Customer = env["crm.customer"]
    day = SQL("%s::date", TODAY)
    ((_companies, rules),) = env["crm.lifecycle.rule"]._get_rule_sets([env.company.id])
    cases = SQL(" ").join(
        SQL("WHEN %s THEN %s", Customer._sql_node(rule._get_condition(), day), rule.id)
        for rule in rules
    )
    return env.execute_query(
        SQL("SELECT CASE %s END, count(*) FROM crm_customer GROUP BY 1", cases)
    )


def sell_more(env, made, partner_ids):
    """Change one invoice of each customer, behind the back of the queue."""
    env.cr.execute(
        SQL(
            """
            UPDATE account_move SET amount_untaxed_signed = amount_untaxed_signed + 1
             WHERE id = ANY(%s)
            """,
            [
                START + (partner_id - START) * made.each + 1
                for partner_id in partner_ids
            ],
        )
    )


def _check_revenue(env, partner_ids):
    """Refuse a refresh that missed what was sold in between."""
    query = """
        SELECT count(*) FROM crm_customer customer
          JOIN (SELECT commercial_partner_id, sum(amount_untaxed_signed) AS sold
                  FROM account_move WHERE commercial_partner_id = ANY(%(ids)s)
                 GROUP BY 1) billed
            ON billed.commercial_partner_id = customer.partner_id
         WHERE customer.revenue_total IS DISTINCT FROM billed.sold
    """
    wrong = env.execute_query(SQL(query, ids=list(partner_ids)))[0][0]
    if wrong:
        raise AssertionError(f"{wrong} customers have not got their new revenue")


def group_by(env):
    """The work that no program can save."""
    query = """
        SELECT count(*), sum(revenue) FROM (
            SELECT company_id, commercial_partner_id,
                   sum(amount_untaxed_signed) AS revenue
              FROM account_move
             WHERE state = 'posted'
               AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')
             GROUP BY company_id, commercial_partner_id) billed
    """
    return env.execute_query(SQL(query))[0]


def make_input(env, made):
    """COPY partners, invoices, receivable lines and reconciliations."""
    company, currency = env.company, env.company.currency_id
    journal = env["account.journal"].create(
        {"name": "Bench", "code": "BENCH", "type": "general"}
    )
    account = env["account.account"].create(
        {"name": "Bench", "code": "110099", "account_type": "asset_receivable"}
    )
    env.flush_all()
    partners = (
        (START + number, f"Customer {number}", START + number, True, "ask")
        for number in range(made.customers)
    )
    columns = ("id", "name", "commercial_partner_id", "active", "autopost_bills")
    _copy(env, "res_partner", columns, partners)
    invoices = [
        ("company_id", lambda n: company.id),
        ("journal_id", lambda n: journal.id),
        ("currency_id", lambda n: currency.id),
        ("state", lambda n: "posted"),
        ("move_type", lambda n: "out_invoice" if n % 20 else "out_refund"),
        ("auto_post", lambda n: "no"),
        ("date", made.day),
        ("invoice_date", made.day),
        ("partner_id", made.partner),
        ("commercial_partner_id", made.partner),
        ("payment_state", lambda n: "paid" if n % 2 else "not_paid"),
        ("amount_untaxed_signed", lambda n: 100 if n % 20 else -100),
        ("amount_residual_signed", lambda n: 0 if n % 2 else 100),
    ]
    _copy_columns(env, "account_move", invoices, made.invoices)
    lines = [
        ("move_id", lambda n: START + n),
        ("company_id", lambda n: company.id),
        ("journal_id", lambda n: journal.id),
        ("account_id", lambda n: account.id),
        ("currency_id", lambda n: currency.id),
        ("display_type", lambda n: "payment_term"),
        ("debit", lambda n: 100),
        ("credit", lambda n: 0),
        ("balance", lambda n: 100),
        ("amount_currency", lambda n: 100),
        ("parent_state", lambda n: "posted"),
    ]
    _copy_columns(env, "account_move_line", lines, made.invoices)
    paid = (
        (START + n, START + n, START + n, made.day(n) + timedelta(days=20))
        for n in range(1, made.invoices, 2)
    )
    columns = ("id", "debit_move_id", "credit_move_id", "max_date")
    _copy(env, "account_partial_reconcile", columns, paid)
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()


def _copy_columns(env, table, columns, count):
    names = ["id", *(name for name, _value in columns)]
    rows = ((START + n, *(value(n) for _name, value in columns)) for n in range(count))
    _copy(env, table, names, rows)


def _copy(env, table, columns, rows):
    """COPY rows of plain values into a table, in batches."""
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    buffer, count = io.StringIO(), 0
    for row in rows:
        buffer.write("\t".join(map(str, row)) + "\n")
        count += 1
        if count % BATCH == 0:
            buffer.seek(0)
            env.cr.copy_expert(statement, buffer)
            buffer = io.StringIO()
    buffer.seek(0)
    env.cr.copy_expert(statement, buffer)


def _check(env, made):
    """Refuse a wrong answer: totals, orders, payments, stages and history."""
    found = env.execute_query(
        SQL(
            """
            SELECT count(*), sum(revenue_total), sum(order_count),
                   sum(paid_order_count), count(DISTINCT stage_id)
              FROM crm_customer WHERE partner_id >= %s
            """,
            START,
        )
    )[0]
    customers, revenue = group_by(env)
    expected = (customers, revenue)
    if found[:2] != expected or customers != made.customers:
        raise AssertionError(f"facts {found[:2]}, but the invoices say {expected}")
    refunds = made.invoices // 20
    if found[2:4] != (made.invoices - refunds, made.invoices // 2):
        raise AssertionError(f"orders and paid orders are wrong: {found[2:4]}")
    open_intervals = env.execute_query(
        SQL(
            """
            SELECT count(*) FROM crm_lifecycle_history history
              JOIN crm_customer customer ON customer.id = history.customer_id
             WHERE history.date_to IS NULL AND history.stage_id = customer.stage_id
               AND customer.partner_id >= %s
            """,
            START,
        )
    )[0][0]
    if open_intervals != made.customers:
        raise AssertionError(
            f"{open_intervals} open intervals for {made.customers} customers"
        )


def _versions(env):
    """A fingerprint of every row that the engine writes."""
    return env.execute_query(
        SQL(
            """
            SELECT (SELECT sum(xmin::text::bigint * (id %% 1009)) FROM crm_customer),
                   (SELECT sum(xmin::text::bigint * (id %% 1009))
                      FROM crm_lifecycle_history),
                   (SELECT last_value FROM crm_customer_id_seq),
                   (SELECT last_value FROM crm_lifecycle_history_id_seq)
            """
        )
    )
