"""pytest plugin for tests of `lib/`: no Odoo at all.

An addon's `__init__.py` imports models, so `import crm_loyalty.lib.rfm` would need
Odoo. Here the addon and its `tests` are known without running their `__init__.py`, and
importing odoo fails: what passes has no part of Odoo in it.
"""

import sys
import types
from pathlib import Path

from hypothesis import HealthCheck, settings

from . import addons

ROOT = Path(__file__).parent.parent


def pytest_configure():
    # a busy machine draws examples slowly; that says nothing about the code. The same
    # examples in each run: what is red once can be looked at again.
    settings.register_profile(
        "suite",
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("suite")
    sys.modules["odoo"] = None
    for name in addons.present(ROOT):
        for package in (name, f"{name}.tests"):
            module = types.ModuleType(package)
            directory = ROOT.joinpath(*package.split("."))
            module.__path__ = [str(directory)]
            module.__file__ = str(directory / "__init__.py")
            sys.modules[package] = module
