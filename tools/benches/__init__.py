"""Entries of `./dev bench`: one module each, `tools/benches/<name>.py`.

A bench module is loaded inside an Odoo process (so it may import odoo) on a scratch
database with the suite installed, no demo data, thrown away afterwards. It defines

    DEFAULT_SIZE     rows of the main input; `--size N` overrides it
    PEER, LIMIT      what the figures are compared with, in a few words each; PEER is
                     None where no peer exists, LIMIT is the bare work that no program
                     can save (one GROUP BY, one INSERT ...)
    run(env, size)   makes its input (it may commit), measures, and returns
                     {"ours_s": seconds, "peer_s": seconds or None, "limit_s": seconds}

Peer and limit are measured in the same run on the same data. Take medians of several
runs, `ANALYZE` after bulk loading, and check that the results are right: a wrong
answer raises, so that it never becomes a figure. `median_seconds` helps.

`./dev bench` prints one JSON object a line:

    {"bench", "size", "ours_s", "peer", "peer_s", "limit", "limit_s", "vs_peer",
     "vs_limit"}        vs_peer = peer_s / ours_s (how many times faster than the peer),
                        vs_limit = ours_s / limit_s (how many times the bare work)
"""

import statistics
import time


def median_seconds(work, times=3, before=None):
    """Median of the seconds that `work()` takes; `before()` runs untimed each time."""
    seconds = []
    for _ in range(times):
        if before:
            before()
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)
