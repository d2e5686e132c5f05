"""Billing of contracts with three lines each, one month of all of them.

size is the number of contracts. Ours is what a lane of the scheduler does, in its
batches: claim and lock, ledger, invoices, ledger closed. The limit is the bare
account.move.create of the same invoices in one call with tracking_disable, the floor
inside Odoo. Both are rolled back each time and repeated. Goal: at most 1.05 times the
limit. Seconds an invoice and queries go to stderr; so does a second run, which finds
nothing to do, and a backlog of three months. OCA contract is not run here.
"""

import statistics
import sys
import time
from contextlib import contextmanager

from odoo import fields
from odoo.fields import Command

from odoo.addons.crm_service_contract.models.service_contract_billing import BATCH_SIZE

DEFAULT_SIZE = 400
PEER = None
LIMIT = "bare account.move.create, tracking disabled"

LINES = 3
TIMES = 3
BACKLOG = 3  # months
OURS_ALONE = {"service_contract_id", "service_contract_ids"}


def run(env, size):
    env = env(context={**env.context, "tracking_disable": True})
    contracts = _make_contracts(env, size)
    figures = {"limit": [], "ours": []}
    _measure(env, lambda: _create_bare(contracts[:10]))  # caches are warm
    for _time in range(TIMES):
        figures["limit"].append(_measure(env, lambda: _create_bare(contracts)))
        figures["ours"].append(_measure(env, lambda: _bill(contracts, size)))
    figures["twice"] = [_measure(env, lambda: _bill_twice(contracts))]
    figures["backlog"] = [_measure(env, lambda: _bill_backlog(contracts))]
    seconds = {}
    for name, runs in figures.items():
        seconds[name] = statistics.median(spent for spent, _queries in runs)
        print(
            f"billing: {name} {seconds[name]:.3f} s, "
            f"{1000 * seconds[name] / size:.1f} ms a contract, {runs[0][1]} queries",
            file=sys.stderr,
        )
    return {"ours_s": seconds["ours"], "peer_s": None, "limit_s": seconds["limit"]}


def _make_contracts(env, size):
    product = env["product.product"].create(
        {"name": "Visit", "type": "service", "list_price": 100}
    )
    partners = env["res.partner"].create([{"name": f"B{n}"} for n in range(size)])
    start = fields.Date.today().replace(day=1)
    contracts = env["service.contract"].create(
        [
            {
                "name": "Bench",
                "partner_id": partner.id,
                "date_start": start,
                "line_ids": [
                    Command.create({"product_id": product.id, "price_unit": 100 + n})
                    for n in range(LINES)
                ],
            }
            for partner in partners
        ]
    )
    contracts.action_confirm()
    env.flush_all()
    return contracts


@contextmanager
def _rolled_back(env):
    env.cr.execute("SAVEPOINT bench")
    yield
    env.invalidate_all(flush=False)
    env.transaction.tocompute.clear()
    env.cr.execute("ROLLBACK TO SAVEPOINT bench")


def _measure(env, work):
    """Seconds and queries of the work, which says itself where its clock begins."""
    env.invalidate_all()
    with _rolled_back(env):
        start, queries = time.perf_counter(), env.cr.sql_log_count
        begun = work() or (start, queries)
        env.flush_all()
        result = time.perf_counter() - begun[0], env.cr.sql_log_count - begun[1]
    return result


def _create_bare(contracts):
    """The same invoices by Odoo alone; how their values come about is not timed."""
    env = contracts.env
    today = fields.Date.today()
    values_list = contracts.line_ids._generate_periods(today)._prepare_moves_values()
    for values in values_list:
        for name in OURS_ALONE:
            values.pop(name)
        for _command, _id, line in values["invoice_line_ids"]:
            line.pop("service_period_id")
    env.flush_all()
    env.invalidate_all()
    begun = time.perf_counter(), env.cr.sql_log_count
    moves = env["account.move"].create(values_list)
    if len(moves) != len(contracts):
        raise AssertionError("the floor made other invoices")
    return begun


def _bill(contracts, size):
    model, failed = contracts.env["service.contract"], []
    for number in range(0, len(contracts), BATCH_SIZE):
        batch = model.browse(contracts.ids[number : number + BATCH_SIZE])
        failed += batch._bill_batch().ids
        contracts.env.flush_all()
    moves = contracts.move_ids
    total = sum(moves.mapped("amount_untaxed"))
    if failed or len(moves) != size or total != _expected(size):
        raise AssertionError(f"{len(failed)} failed, {len(moves)} invoices, {total}")


def _expected(size):
    """All lines, from the first to the last day of the month."""
    return size * sum(100 + n for n in range(LINES))


def _bill_twice(contracts):
    contracts._bill()
    contracts.env.flush_all()
    begun = time.perf_counter(), contracts.env.cr.sql_log_count
    if contracts._bill():
        raise AssertionError("a second run billed again")
    return begun


def _bill_backlog(contracts):
    start = fields.Date.add(fields.Date.today().replace(day=1), months=1 - BACKLOG)
    env = contracts.env
    env.cr.execute(
        "UPDATE service_contract SET date_start = %s, date_anchor = %s"
        " WHERE id = ANY(%s)",
        (start, start, contracts.ids),
    )
    env.cr.execute(
        "UPDATE service_contract_line SET date_start = %s WHERE contract_id = ANY(%s)",
        (start, contracts.ids),
    )
    env.cr.execute(
        "UPDATE service_contract_version SET date_from = %s"
        " WHERE contract_id = ANY(%s)",
        (start, contracts.ids),
    )
    env.invalidate_all()
    begun = time.perf_counter(), env.cr.sql_log_count
    moves = contracts._bill()
    if len(moves) != BACKLOG * len(contracts):
        raise AssertionError(f"{len(moves)} invoices of a backlog")
    return begun
