"""Pareto classes and RFM scores of all customers.

size is the number of customers; each has ten posted invoices over three years, put in
place by COPY, and his facts already. The limit is the bare SELECT that a rating from
invoices takes: purchases per customer, and the windows over them. Ours is the first
rating with a policy that looks back some years, so that it reads the invoices: each
customer is written. Goals: the first rating at most 2.2 times the limit, again with
nothing changed 1.4 times, and after one customer in a thousand has bought again, by a
policy without a window, no more than the bare GROUP BY of the invoices (it reads the
facts, and refreshes those few). Seconds and ratios go to stderr.
"""

import sys

from odoo.tools import SQL

from odoo.addons.crm_loyalty.models.purchases import purchase_facts

from . import lifecycle, median_seconds

DEFAULT_SIZE = 200_000
PEER = None
LIMIT = "SELECT from invoices with windows"

YEARS = 10
GOALS = {"first": 2.2, "nothing changed": 1.4, "some bought": 1}


def run(env, size):
    made = lifecycle.Input(size, 10)
    lifecycle.make_input(env, made)
    policy = _get_policy(env)
    _make_customers(env, policy)
    group_by = median_seconds(lambda: lifecycle.group_by(env))
    policy.window_months = 12 * YEARS
    limit = median_seconds(lambda: env.execute_query(_bare_select(policy)))
    parts = {"first": median_seconds(lambda: _rate(policy, size), times=1)}
    env.cr.commit()
    env.cr.execute("ANALYZE crm_customer")
    parts["nothing changed"] = median_seconds(lambda: _rate(policy, 0))
    policy.window_months = 0
    env.flush_all()
    few = list(range(lifecycle.START, lifecycle.START + max(size // 1000, 1)))
    parts["some bought"] = median_seconds(
        lambda: _refresh_and_rate(env, policy, few),
        before=lambda: lifecycle.sell_more(env, made, few),
    )
    _print(parts, {"first": limit, "nothing changed": limit, "some bought": group_by})
    return {"ours_s": parts["first"], "peer_s": None, "limit_s": limit}


def _print(parts, limits):
    for name, seconds in parts.items():
        ratio = seconds / limits[name]
        print(
            f"ratings: {name} {seconds:.3f} s, {ratio:.2f} x {limits[name]:.3f} s"
            f" (goal {GOALS[name]})",
            file=sys.stderr,
        )


def _get_policy(env):
    Policy = env["crm.loyalty.policy"]
    root = env.company.root_id
    policy = Policy.search([("company_id", "=", root.id)])
    policy = policy or Policy.create({"company_id": root.id})
    policy.profit_enabled = False  # a work of its own, from all lines of all invoices
    return policy


def _make_customers(env, policy):
    """Make the customers with their facts; stage and history play no part here."""
    stage = env["crm.lifecycle.stage"].search([], limit=1)
    facts = purchase_facts(policy._get_company_scope())
    env.cr.execute(
        SQL(
            """
            INSERT INTO crm_customer (
                partner_id, company_id, stage_id, active, service_standing,
                first_purchase_date, last_purchase_date, purchase_count,
                purchase_revenue, first_purchase_amount)
            SELECT partner_id, company_id, %s, TRUE, 'none', first_purchase_date,
                   last_purchase_date, purchase_count, purchase_revenue,
                   first_purchase_amount
              FROM (%s) facts
            """,
            stage.id,
            facts,
        )
    )
    env.cr.commit()
    env.cr.execute("ANALYZE crm_customer")
    env.cr.commit()


def _bare_select(policy):
    return SQL(
        "SELECT count(*) FROM (%s) rated", policy._query_ratings(lifecycle.TODAY)
    )


def _rate(policy, expected):
    """Rate everybody; refuse another number of written customers than expected."""
    policy._rate(lifecycle.TODAY)
    written, _old = policy._write_ratings()
    if written != expected:
        raise AssertionError(f"{written} customers were written, not {expected}")


def _refresh_and_rate(env, policy, partner_ids):
    env["crm.customer"]._refresh(partner_ids)
    policy._rate(lifecycle.TODAY)
    policy._write_ratings()
