"""What `./dev test` runs: the arguments become stages, one pytest process each.

    pure    lib/ of the addons: doctests, and the test modules of an addon that import
            neither odoo nor anything of their addon but `lib` and helpers beside them
            of which the same is true; Odoo cannot be imported
    tools   tools/tests, and the modules of tests/ that do not import odoo: they start
            what they need by themselves
    odoo    all other tests of one addon, or of tests/: on a database of their own

A test module declares itself pure by what it imports; nothing else marks it.
"""

import ast
from pathlib import Path
from typing import NamedTuple

from . import addons
from .errors import UserError

PURE, TOOLS, ODOO = "pure", "tools", "odoo"
TOOLS_TESTS = "tools/tests"
SUITE_TESTS = "tests"  # what crosses addons


class Stage(NamedTuple):
    name: str
    kind: str
    paths: tuple  # for pytest, relative to the root; may carry ::node ids
    ignored: tuple = ()  # files below `paths` that another stage runs


def plan(root, asked=()):
    """The stages for the addons and paths `asked`; for everything when empty."""
    paths = [_located(root, text) for text in asked] or _everything(root)
    pure, tools, suite, by_owner = [], [], [], {}
    for path in paths:
        owner = Path(path.partition("::")[0]).parts[0]
        if path.startswith(TOOLS_TESTS) or path == "tools":
            tools.append(path if path != "tools" else TOOLS_TESTS)
        elif owner in addons.NAMES:
            found, rest = _split(root, path)
            pure += found
            if rest:
                by_owner.setdefault(owner, []).append(rest)
        else:
            outside, rest = _split(root, path)
            suite += outside
            if rest:
                by_owner.setdefault(owner, []).append(rest)
    stages = [Stage(PURE, PURE, _unique(pure))] if pure else []
    for owner, chosen in by_owner.items():
        ignored = [
            module
            for module in pure_modules(root, owner)
            if any(module.startswith(f"{path}/") for path in chosen)
        ]
        stages.append(Stage(owner, ODOO, _unique(chosen), tuple(ignored)))
    # The long ones first, so that the short ones fill the gaps at the end.
    if suite:
        stages.insert(1 if pure else 0, Stage("whole suite", TOOLS, _unique(suite)))
    if tools:
        stages.append(Stage(TOOLS, TOOLS, _unique(tools)))
    return stages


def _everything(root):
    paths = addons.present(root)
    paths += [name for name in (SUITE_TESTS, TOOLS_TESTS) if _has_tests(root / name)]
    return paths


def _located(root, text):
    """An argument as a path relative to the root, its ::node id kept."""
    path, colons, node = text.partition("::")
    absolute = (root / path).resolve()
    if not absolute.exists():
        absolute = Path(path).resolve()
    if not absolute.exists() or not absolute.is_relative_to(root):
        raise UserError(f"no addon, directory or file called {path} in this checkout")
    return f"{absolute.relative_to(root)}{colons}{node}"


def _split(root, path):
    """(what is pure below a path of an addon, what remains for Odoo or "")."""
    base = Path(path.partition("::")[0])
    parts = base.parts
    if "lib" in parts[1:2]:
        return [path], ""
    if base.suffix == ".py":
        return ([path], "") if is_pure(root / base) else ([], path)
    pure = [one for one in pure_modules(root, parts[0]) if one.startswith(f"{base}/")]
    if len(parts) == 1 and (root / base / "lib").is_dir():
        pure.insert(0, f"{base}/lib")
    tests = base / "tests" if parts[0] in addons.NAMES and len(parts) == 1 else base
    rest = [file for file in _test_files(root / tests) if not is_pure(file)]
    return pure, str(tests) if rest else ""


def pure_modules(root, owner):
    """The modules below an addon's tests/, or below tests/, that need no Odoo."""
    tests = root / owner / "tests" if owner in addons.NAMES else root / owner
    return [str(file.relative_to(root)) for file in _test_files(tests) if is_pure(file)]


def is_pure(file):
    """Whether a test module imports neither odoo nor its addon beyond lib.

    Helpers beside it count with what they import.
    """
    for node in ast.walk(ast.parse(file.read_text(), str(file))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level:
            names = [node.module or alias.name for alias in node.names]
            if not all(_is_pure_part(file, node.level, name) for name in names):
                return False
            continue
        elif isinstance(node, ast.ImportFrom):
            names = [node.module]
        else:
            continue
        if any(name.split(".")[0] == "odoo" for name in names):
            return False
    return True


def _is_pure_part(file, level, name):
    """Whether a relative import of `file` names lib, or a pure helper beside it."""
    if level == 1:
        helper = file.with_name(f"{name}.py")
        return helper != file and helper.is_file() and is_pure(helper)
    return level == 2 and name.split(".")[0] == "lib"


def _test_files(directory):
    return sorted(directory.rglob("test_*.py")) if directory.is_dir() else []


def _has_tests(directory):
    return bool(_test_files(directory))


def _unique(paths):
    return tuple(dict.fromkeys(paths))
