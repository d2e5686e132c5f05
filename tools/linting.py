"""`./dev lint [addon ...]`: every linter and formatter, pinned, side by side.

    ruff, ruff format           Python, everywhere
    pylint (pylint_odoo)        Python of the addons
    oca-checks-odoo-module, -po XML, CSV, manifest and translations of the addons
    prettier (+ plugin-xml)     XML, SCSS and JavaScript of the addons
    eslint                      JavaScript of the addons

Each runs as a job of its own; the exit code is 0 only when all of them are clean.
Versions come from requirements-lint.txt and package-lock.json: see toolbox.py.
"""

import concurrent.futures
import os
import subprocess
import time
from typing import NamedTuple

from . import addons, toolbox
from .errors import UserError

# Checked with the addons when no addon is named.
OTHER_PYTHON = ("dev", "tools", "tests", "data")
FRONT_END = ("xml", "scss", "js")
WORKERS = os.cpu_count() or 2


class Job(NamedTuple):
    name: str
    command: list
    env: dict = {}  # added to the environment


def add_arguments(parser):
    parser.add_argument("addon", nargs="*", help="only these addons; default: all")
    parser.add_argument(
        "--fix", action="store_true", help="let the formatters rewrite the files"
    )


def main(args, context):
    names = _chosen(context.root, args.addon)
    python_tools = toolbox.python_tools(context.root, context.cache)
    node_tools = toolbox.node_tools(context.root, context.cache)
    others = [] if args.addon else _others(context.root)
    given = (context.root, names, others, python_tools, node_tools)
    if args.fix:  # they rewrite the same files, so one after another
        for job in fixers(*given):
            _run(context.root, job)
    jobs = list_jobs(*given)
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        return report(pool.map(lambda job: _run(context.root, job), jobs))


def _chosen(root, asked):
    present = addons.present(root)
    names = [name.rstrip("/") for name in asked] or present
    unknown = [name for name in names if name not in present]
    if unknown:
        raise UserError(
            f"no addon called {', '.join(unknown)} here; there are {', '.join(present)}"
        )
    return names


def _others(root):
    """Python outside the addons; `dev` counts once it is Python."""
    return [
        name
        for name in OTHER_PYTHON
        if (root / name).is_dir()
        or (root / name).is_file()
        and "python" in (root / name).read_text().partition("\n")[0]
    ]


def list_jobs(root, names, others, python_tools, node_tools):
    """The checks of the addons `names` and the Python paths `others`, slowest first."""
    return [
        *_odoo_jobs(root, names, python_tools),
        *_front_end_jobs(root, names, node_tools, "--check"),
        *_ruff_jobs([*names, *others], python_tools, "--no-fix", "--check"),
    ]


def fixers(root, names, others, python_tools, node_tools):
    """The jobs that rewrite what they can."""
    return [
        *_translation_jobs(root, names, python_tools, "--fix"),
        *_front_end_jobs(root, names, node_tools, "--write", "--fix"),
        *_ruff_jobs([*names, *others], python_tools, "--fix"),
    ]


def _odoo_jobs(root, names, programs):
    for name in names:
        # one idea a file: a model of several ideas is extended in several files
        options = ["--rcfile=.pylintrc", "--disable=consider-merging-classes-inherited"]
        yield Job(f"pylint {name}", [programs / "pylint", *options, name])
    for name in names:
        yield Job(f"oca-checks {name}", [programs / "oca-checks-odoo-module", name])
    yield from _translation_jobs(root, names, programs)


def _translation_jobs(root, names, programs, *options):
    files = [
        path.relative_to(root)
        for name in names
        for path in sorted((root / name / "i18n").glob("*.po*"))
    ]
    if files:
        yield Job("oca-checks-po", [programs / "oca-checks-po", *options, *files])


def _front_end_jobs(root, names, node_modules, prettier_mode, *eslint_options):
    if not names:
        return
    plugin = node_modules / "@prettier" / "plugin-xml" / "src" / "plugin.js"
    prettier = [
        *("node", node_modules / "prettier" / "bin" / "prettier.cjs"),
        *(prettier_mode, "--log-level=warn", f"--plugin={plugin}"),
        "--no-error-on-unmatched-pattern",
        *[f"{name}/**/*.{suffix}" for name in names for suffix in FRONT_END],
    ]
    # Without this it makes a node_modules directory in the checkout.
    yield Job("prettier", prettier, {"CACHE_DIR": str(node_modules / ".cache")})
    if any(any((root / name / "static").rglob("*.js")) for name in names):
        eslint = [
            *("node", node_modules / "eslint" / "bin" / "eslint.js"),
            *("--max-warnings=0", "--no-error-on-unmatched-pattern", *eslint_options),
            *[f"{name}/**/*.js" for name in names],
        ]
        yield Job("eslint", eslint, {"NODE_PATH": str(node_modules)})


def _ruff_jobs(paths, programs, check_mode, *format_options):
    if not paths:
        return
    ruff = programs / "ruff"
    yield Job("ruff", [ruff, "check", "--quiet", check_mode, *paths])
    yield Job("ruff format", [ruff, "format", "--quiet", *format_options, *paths])


def _run(root, job):
    """(job, seconds, exit code, output); a job that cannot start counts as failed."""
    start = time.monotonic()
    done = subprocess.run(
        [str(part) for part in job.command],
        cwd=root,
        env=os.environ | job.env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return job, time.monotonic() - start, done.returncode, done.stdout


def report(results):
    """Print each job as it ends, findings below it; 1 when any had findings."""
    failed = []
    for job, seconds, code, output in results:
        print(f"{'ok  ' if code == 0 else 'FAIL'}  {job.name:32} {seconds:5.1f} s")
        if code:
            failed.append(job.name)
            print(output.rstrip() or f"exit code {code}", flush=True)
    print(f"lint: {', '.join(failed)} failed" if failed else "lint: 0 findings")
    return 1 if failed else 0
