"""`./dev test [addon|path ...]`: all tests, or those of some addons and paths.

Stages (test_plan.py) run as pytest processes, two at a time, each Odoo stage on its own
clone of the cached template. The last line is pytest's closing line for all of them
together; the exit code is 0 only if tests ran and none failed, and no browser test
(tour) was skipped. Failed tours leave pictures, whose paths are printed.
"""

import json
import os
import shutil
import sys
import time
from typing import NamedTuple

from . import processes, progress, system_packages, test_plan
from .pytest_guard import COUNTED, COUNTS_FILE

PARALLEL = 2
NOTHING_COLLECTED = 5  # pytest's exit code
_POLL = 0.2
_KEPT_SECONDS = 7 * 86_400  # logs and pictures of earlier runs
_WIDTH = 80


class Running(NamedTuple):
    stage: test_plan.Stage
    child: object
    began: float
    counts: object  # file that pytest_guard writes
    log: object  # file with the output; None: shown as it comes
    pictures: object  # directory of failed tours' screenshots
    database: object


class Result(NamedTuple):
    code: int
    counts: dict


def add_arguments(parser):
    parser.add_argument(
        "path", nargs="*", help="addon, directory, file or file::test; default: all"
    )
    parser.add_argument(
        "-k", metavar="WORDS", help="only tests that match (see pytest)"
    )
    parser.add_argument(
        "-x", "--exitfirst", action="store_true", help="stop at the first failure"
    )


def main(args, context):
    began = time.monotonic()
    stages = test_plan.plan(context.root, args.path)
    results = Runner(context, args).run(stages)
    return close(results, time.monotonic() - began, filtered=bool(args.k))


class Runner:
    def __init__(self, context, args):
        self.context = context
        self.options = [*(["-k", args.k] if args.k else [])]
        self.options += ["--exitfirst"] if args.exitfirst else []
        self.options += ["--color=yes"] if sys.stdout.isatty() else []
        self.exit_first = args.exitfirst
        self.odoo, self.db_url = args.odoo, args.db_url
        _forget_old_logs(context.cache.directory("tests"))
        self.directory = context.cache.directory("tests", str(time.time_ns()))

    def run(self, stages):
        """Run the stages, the quick ones first; a Result for each that ran."""
        quick = [stage for stage in stages if stage.kind == test_plan.PURE]
        others = [stage for stage in stages if stage.kind != test_plan.PURE]
        results = self._run_all(quick, 1)
        if self.exit_first and any(result.code for result in results):
            return results
        if any(stage.kind == test_plan.ODOO for stage in others):
            system_packages.ensure(self.context.cache)
            self.template = self.context.databases.with_addons()
        return results + self._run_all(others, PARALLEL)

    def _run_all(self, stages, parallel):
        waiting, running, results = list(stages), [], []
        alone = len(stages) == 1
        try:
            while waiting or running:
                while waiting and len(running) < parallel:
                    running.append(self._start(waiting.pop(0), alone))
                time.sleep(_POLL)
                for one in [one for one in running if one.child.poll() is not None]:
                    running.remove(one)
                    results.append(self._finish(one))
                    if self.exit_first and results[-1].code:
                        return results
        finally:
            for one in running:
                processes.stop(one.child)
        return results

    def _start(self, stage, alone):
        database = None
        pictures = self.directory / f"{stage.name}-pictures"
        if stage.kind == test_plan.ODOO:
            database = self.context.databases.clone(self.template)
        command = self._command(stage, database, pictures)
        log = None if alone else self.directory / f"{stage.name}.log"
        counts = self.directory / f"{stage.name}.json"
        env = self._env(stage) | {COUNTS_FILE: str(counts)}
        progress.say(f"  tests of {stage.name} ...")
        with open(log or "/dev/null", "wb") as output:
            streams = {"stdout": output, "stderr": output} if log else {}
            child = processes.spawn(command, cwd=self.context.root, env=env, **streams)
        began = time.monotonic()
        return Running(stage, child, began, counts, log, pictures, database)

    def _env(self, stage):
        if stage.kind == test_plan.ODOO:
            return self.context.odoo_env()
        env = dict(os.environ)  # where such tests find what --odoo and --db-url named
        env |= {"PEYVAND_ODOO": self.odoo} if self.odoo else {}
        env |= {"PEYVAND_DB_URL": self.db_url} if self.db_url else {}
        return env

    def _command(self, stage, database, pictures):
        command = [self.context.python, "-m", "pytest", "-p", "tools.pytest_guard"]
        command += ["-p", "no:cacheprovider", "-q", "-rsxXfE", *self.options]
        if stage.kind == test_plan.ODOO:
            config = self.context.odoo_config(screenshots=pictures)
            command += [f"--odoo-database={database}", f"--odoo-config={config}"]
            command += ["--odoo-http", "--odoo-log-level=warn"]
        else:
            command += ["-p", "no:odoo"]
        if stage.kind == test_plan.PURE:
            command += ["-p", "tools.pytest_pure", "--doctest-modules"]
        command += [f"--ignore={path}" for path in stage.ignored]
        return command + list(stage.paths)

    def _finish(self, one):
        seconds = time.monotonic() - one.began
        code = one.child.returncode
        if one.log:
            print(f"\n── {one.stage.name} ({seconds:.0f} s) ──")
            print(one.log.read_text(errors="replace").rstrip(), flush=True)
        if code:
            for picture in sorted(one.pictures.rglob("*.png")):
                print(f"picture of a failure: {picture}", flush=True)
        if one.database:
            self.context.databases.drop(one.database)
        return Result(code, _read_counts(one.counts, one.stage, code))


def _forget_old_logs(directory):
    for run in directory.iterdir():
        if time.time() - run.stat().st_mtime > _KEPT_SECONDS:
            shutil.rmtree(run, ignore_errors=True)


def _read_counts(path, stage, code):
    """Counts of a stage; a process that died before it wrote them is one error."""
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        print(f"{stage.name}: pytest ended with code {code} before its end")
        return {"error": 1}


def close(results, seconds, filtered=False):
    """Print the closing line for all stages; the exit code.

    filtered: with -k a stage may be empty, as long as not all are.
    """
    total = {name: sum(r.counts.get(name, 0) for r in results) for name in COUNTED}
    print(closing_line(total, seconds), flush=True)
    harmless = (0, NOTHING_COLLECTED) if filtered else (0,)
    broken = any(result.code not in harmless for result in results)
    if broken or total["failed"] or total["error"]:
        return 1
    ran = total["passed"] + total["xfailed"] + total["xpassed"]
    return 0 if ran else NOTHING_COLLECTED


def closing_line(total, seconds):
    """As pytest words it: '=== 1 failed, 41 passed, 2 skipped in 12.30s ==='."""
    parts = [f"{count} {_word(name, count)}" for name, count in total.items() if count]
    text = f" {', '.join(parts) or 'no tests ran'} in {seconds:.2f}s "
    return text.center(_WIDTH, "=")


def _word(name, count):
    return "errors" if name == "error" and count != 1 else name
