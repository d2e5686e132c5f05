"""The suite's addons as they lie in the checkout."""

import ast
import hashlib

from .errors import UserError

# In the order of installation; see design.md for who depends on whom.
NAMES = ("crm_lifecycle", "crm_loyalty", "crm_service_contract", "crm_strategy_kpi")

# Folders that never change what an installation writes to the database.
_NOT_INSTALLED = {"__pycache__", "tests", "readme", "description"}


def present(root):
    """Names of the suite's addons that are in the checkout."""
    return [name for name in NAMES if (root / name / "__manifest__.py").is_file()]


def manifest(root, name):
    path = root / name / "__manifest__.py"
    try:
        return ast.literal_eval(path.read_text())
    except (SyntaxError, ValueError) as error:
        raise UserError(f"{path} is not a literal dictionary: {error}") from None


def external_dependencies(root, names):
    """Modules outside the suite that `names` need directly, sorted."""
    needed, pending = set(), list(names)
    seen = set()
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        for dependency in manifest(root, name).get("depends", []):
            if (root / dependency / "__manifest__.py").is_file():
                pending.append(dependency)
            else:
                needed.add(dependency)
    return sorted(needed)


def with_dependencies(root, names):
    """`names` and the addons of the suite below them, in installation order."""
    wanted, pending = set(), list(names)
    while pending:
        name = pending.pop()
        if name not in wanted:
            wanted.add(name)
            depends = manifest(root, name).get("depends", [])
            pending += [one for one in depends if one in NAMES]
    return [name for name in NAMES if name in wanted]


def fingerprint(root, name):
    """Hash of the files of an addon that an installation reads."""
    digest = hashlib.sha256()
    base = root / name
    for path in sorted(base.rglob("*")):
        parts = path.relative_to(base).parts
        if path.is_file() and not _NOT_INSTALLED.intersection(parts):
            digest.update("/".join(parts).encode() + b"\0")
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
