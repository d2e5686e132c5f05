"""Future value of a customer base: both fits and the scores of every customer.

size is the number of customers, simulated with known parameters over two years, in
days. Ours is: put equal customers together, fit MBG/NBD and Gamma-Gamma, score all.
The peer is `lifetimes` on the same rows, in an environment of its own: both fits,
probability alive, expected purchases, lifetime value. The limit is to put equal
customers together and to take one logarithm a customer. Parameters have to agree.

Then the whole valuation of a run is measured in the database, on customers whose facts
stand there already: its seconds, and those of a second one that may not write
anything, go to stderr.
"""

import io
import itertools
import json
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from odoo.tools import SQL

from odoo.addons.crm_loyalty.lib import gammagamma, nbd, nbd_fit, valuation

from .. import toolbox
from ..cache import Cache
from . import median_seconds

DEFAULT_SIZE = 1_000_000
PEER = "lifetimes 0.11.3"
LIMIT = "group the rows, one logarithm each"

ROOT = Path(__file__).parents[2]
TRUE = nbd.Parameters(0.5248, 6.183, 0.8914, 1.614)  # CDNOW, in weeks
SPEND = gammagamma.GammaGamma(6.25, 3.74, 15.44)
OUTLOOK = valuation.Outlook(360, 1.01**12 - 1)
DAYS = 730
BATCH = 100_000  # rows of one COPY
TODAY = date.today()


def run(env, size):
    x, t_x, T, value = rows = _simulate(size)
    limit = median_seconds(lambda: (nbd_fit.group(x, t_x, T), np.log(T + 1)))
    found = []
    ours = median_seconds(lambda: found.append(_fit_and_score(*rows)))
    purchases, spend, scores = found[-1]
    _check(purchases, scores, size)
    peer = _run_peer(rows)
    _compare(purchases, spend, scores, peer)
    _say("ours", ours)
    _say("peer, fit", peer["fit_s"])
    _say("peer, scores", peer["score_s"])
    _measure_in_database(env, rows)
    return {
        "ours_s": ours,
        "peer_s": peer["fit_s"] + peer["score_s"],
        "limit_s": limit,
    }


def _simulate(size):
    """x, t_x, T in weeks and mean repeat value, of customers like the model's."""
    rng = np.random.default_rng(2026)
    rate = rng.gamma(TRUE.r, 1 / TRUE.alpha, size)
    stop = rng.beta(TRUE.a, TRUE.b, size)
    T = rng.integers(1, DAYS, size) / 7
    x, last, now = np.zeros(size), np.zeros(size), np.zeros(size)
    active = np.flatnonzero(rng.random(size) > stop)
    while len(active):
        now[active] += rng.exponential(1 / rate[active])
        active = active[now[active] <= T[active]]
        x[active] += 1
        last[active] = now[active]
        active = active[rng.random(len(active)) > stop[active]]
    last = np.where(x > 0, np.maximum(np.floor(last * 7), 1), 0) / 7
    means = rng.gamma(SPEND.q, 1 / SPEND.gamma, size)
    times = np.maximum(x, 1)
    value = rng.gamma(SPEND.p * times, 1 / (means * times))
    return x, last, T, np.where(x > 0, np.maximum(value.round(2), 0.01), 0)


def _fit_and_score(x, t_x, T, value):
    purchases = nbd_fit.fit("mbgnbd", nbd_fit.group(x, t_x, T))
    spend = gammagamma.fit(x, value)
    estimate = valuation.Estimate("mbgnbd", purchases.params, "week", spend.params)
    return purchases, spend, valuation.score(estimate, OUTLOOK, x, t_x, T, value)


def _check(purchases, scores, size):
    """Refuse a wrong answer: the parameters that the data were made with."""
    if size >= 100_000 and not np.allclose(purchases.params, TRUE, rtol=0.1):
        raise AssertionError(f"{purchases.params} found, {TRUE} put in")
    for name, column in scores._asdict().items():
        if len(column) != size or not np.isfinite(column).all():
            raise AssertionError(f"{name} is missing somewhere")


def _run_peer(rows):
    python = toolbox.python_tools(
        ROOT, Cache.from_environment(), "tools/peers/lifetimes.txt"
    )
    with tempfile.TemporaryDirectory() as directory:
        data, result = Path(directory) / "data.npz", Path(directory) / "result.json"
        np.savez(data, **dict(zip(("x", "t_x", "T", "value"), rows, strict=True)))
        script = ROOT / "tools" / "peers" / "lifetimes_peer.py"
        subprocess.run([python / "python", script, data, result], check=True)
        return json.loads(result.read_text())


def _compare(purchases, spend, scores, peer):
    """The peer, which stops sooner, finds the same to a part in two hundred."""
    for ours, theirs in (
        (purchases.params, peer["params"]),
        (spend.params, peer["spend"]),
        ([scores.expected_purchases.sum()], [peer["expected"]]),
    ):
        if not np.allclose(ours, theirs, rtol=0.005):
            raise AssertionError(f"the peer says {theirs}, we say {ours}")


def _measure_in_database(env, rows):
    policy = env["crm.loyalty.policy"].search(
        [("company_id", "=", env.company.root_id.id)]
    )
    policy = policy or policy.create({})
    _make_customers(env, rows)
    for name in ("whole run in Odoo", "the same run again"):
        env.flush_all()
        began = time.perf_counter()
        done = policy._run()
        _say(name, time.perf_counter() - began)
        _say("  of which the valuation", done.value_duration)
        if done.value_status != "ok" or done.valued_count != len(rows[0]):
            raise AssertionError(f"the run says {done.value_status}")
        env.cr.commit()
    if done.value_changed_count:
        raise AssertionError("a second run wrote although nothing changed")


def _make_customers(env, rows):
    """COPY contacts and customers with the facts of the simulated purchases."""
    company, stage = env.company.root_id, env["crm.lifecycle.stage"].search([], limit=1)
    start = 1_000_000
    columns = "id, name, commercial_partner_id, active, autopost_bills"
    contacts = (
        (start + n, f"Customer {n}", start + n, "t", "ask") for n in range(len(rows[0]))
    )
    _copy(env, f"res_partner ({columns})", contacts)
    columns = (
        "id, partner_id, company_id, stage_id, active, service_standing,"
        " first_purchase_date, last_purchase_date, purchase_count, purchase_revenue,"
        " first_purchase_amount"
    )
    customers = (
        (
            *(start + n, start + n, company.id, stage.id, "t", "none"),
            TODAY - timedelta(days=round(T * 7)),
            TODAY - timedelta(days=round((T - t_x) * 7)),
            *(int(x) + 1, round(x * value + 30, 2), 30),
        )
        for n, (x, t_x, T, value) in enumerate(zip(*rows, strict=True))
    )
    _copy(env, f"crm_customer ({columns})", customers)
    env.cr.commit()
    env.cr.execute(SQL("ANALYZE res_partner, crm_customer"))
    env.cr.commit()


def _copy(env, target, rows):
    while batch := list(itertools.islice(rows, BATCH)):
        text = "".join("\t".join(map(str, row)) + "\n" for row in batch)
        env.cr.copy_expert(f"COPY {target} FROM STDIN", io.StringIO(text))


def _say(name, seconds):
    print(f"loyalty: {name} {seconds:.3f} s", file=sys.stderr)
