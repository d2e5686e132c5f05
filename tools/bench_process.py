"""The Odoo process of one bench.

python -m tools.bench_process NAME SIZE DATABASE CONFIG RESULT

SIZE 0 means the bench's own default. RESULT is a file that gets the figures as JSON;
stdout and stderr are the log.
"""

import importlib
import json
import sys
from pathlib import Path

_DIGITS = 4


def main(name, size, database, config, result):
    _configure(database, config)  # before the bench, which may import addons
    bench = importlib.import_module(f"tools.benches.{name}")
    size = int(size) or bench.DEFAULT_SIZE
    figures = _run(bench, size, database)
    measured = {"size": size, "peer": bench.PEER, "limit": bench.LIMIT}
    for key in ("ours_s", "peer_s", "limit_s"):
        seconds = figures.get(key)
        measured[key] = None if seconds is None else round(seconds, _DIGITS)
    Path(result).write_text(json.dumps(measured))


def _configure(database, config):
    import odoo.modules.module
    import odoo.tools

    odoo.tools.config.parse_config(["-c", config, "-d", database, "--no-http"])
    odoo.modules.module.initialize_sys_path()


def _run(bench, size, database):
    import odoo.api
    import odoo.modules.registry

    registry = odoo.modules.registry.Registry(database)
    with registry.cursor() as cursor:
        env = odoo.api.Environment(cursor, odoo.api.SUPERUSER_ID, {})
        return bench.run(env, size)


if __name__ == "__main__":
    main(*sys.argv[1:])
