"""`./dev build [addon ...]`: a wheel of each addon in dist/.

whool makes them, as the addons' own pyproject.toml says: `odoo-addon-crm_lifecycle` and
so on, with the manifest's version. Built is what lies in the checkout, committed or
not.
"""

import shutil
import tempfile
from pathlib import Path

from . import addons, progress, toolbox
from .errors import UserError

REQUIREMENTS = "requirements-build.txt"
_BUILD = "import sys, whool.buildapi as api; print(api.build_wheel(sys.argv[1]))"


def add_arguments(parser):
    parser.add_argument("addon", nargs="*", help="only these addons; default: all")
    parser.add_argument(
        "--output", metavar="DIR", help="where the wheels go; default: dist/"
    )


def main(args, context):
    output = Path(args.output or context.root / "dist").absolute()
    for wheel in build(context, output, args.addon):
        print(wheel)
    return 0


def build(context, output, names=()):
    """Paths of the wheels of `names` (all), made anew in the directory `output`."""
    present = addons.present(context.root)
    names = [name.rstrip("/") for name in names] or present
    for name in names:
        if name not in present:
            raise UserError(f"no addon called {name}; there are {', '.join(present)}")
    python = toolbox.python_tools(context.root, context.cache, REQUIREMENTS) / "python"
    output.mkdir(parents=True, exist_ok=True)
    return [_build(context, python, name, output) for name in names]


def _build(context, python, name, output):
    pattern = f"odoo_addon_{name}-*.whl"
    for old in output.glob(pattern):
        old.unlink()
    # Outside git, where whool takes all files, and not only those that are committed.
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / name
        ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
        shutil.copytree(context.root / name, copy, ignore=ignored)
        progress.run(
            [python, "-c", _BUILD, output],
            f"wheel of {name}",
            log=context.log_path(f"build-{name}"),
            cwd=copy,
        )
    return next(output.glob(pattern))
