"""The wheels of `./dev build`, as someone installs them: with pip, without us."""

import shutil
import subprocess

import pytest

from tests.suite import ROOT, open_context
from tools import addons, building

# Loads the installed suite; prints where each addon came from, and that it works.
LOAD = """
import sys, odoo.api, odoo.tools, odoo.modules.registry as registries
odoo.tools.config.parse_config(["-c", sys.argv[1], "-d", sys.argv[2], "--no-http"])
registry = registries.Registry(sys.argv[2])
for name in sys.argv[3:]:
    print(sys.modules["odoo.addons." + name].__file__)
with registry.cursor() as cursor:
    env = odoo.api.Environment(cursor, odoo.api.SUPERUSER_ID, {})
    env["crm.customer"].search([], limit=1)
    print("models", len({"crm.customer", "service.contract", "crm.kpi"} & set(env)))
"""


@pytest.fixture(scope="module")
def context():
    context = open_context()
    yield context
    context.close()


@pytest.fixture(scope="module")
def wheels(context, tmp_path_factory):
    return building.build(context, tmp_path_factory.mktemp("wheels"))


@pytest.fixture(scope="module")
def clean_python(context, wheels, tmp_path_factory):
    """A new environment with our wheels, which borrows only Odoo's requirements."""
    directory = tmp_path_factory.mktemp("clean")
    run([context.python, "-m", "venv", directory])
    (packages,) = directory.glob("lib/python3.*/site-packages")
    (borrowed,) = context.python.parents[1].glob("lib/python3.*/site-packages")
    (packages / "requirements.pth").write_text(f"{borrowed}\n")
    python = directory / "bin" / "python"
    run([python, "-m", "pip", "install", "--no-deps", "--no-index", *wheels])
    yield python
    shutil.rmtree(directory)


def test_every_addon_has_a_wheel_of_its_version(wheels):
    expected = {
        f"odoo_addon_{name}-{addons.manifest(ROOT, name)['version']}-py3-none-any.whl"
        for name in addons.present(ROOT)
    }
    assert {wheel.name for wheel in wheels} == expected


def test_odoo_loads_the_addons_from_the_installed_wheels(context, clean_python):
    database = context.databases.clone(context.databases.with_addons())
    core = ",".join(str(path) for path in context.odoo.addons_paths)
    config = context.odoo_config(addons_path=core, log_level="warn")
    names = addons.present(ROOT)
    command = [clean_python, "-c", LOAD, config, database, *names]
    *files, models = run(command, env=context.odoo_env(), cwd="/").splitlines()
    site = str(clean_python.parents[1])
    assert len(files) == len(names)
    assert all(file.startswith(site) for file in files), files
    assert models == "models 3"
    context.databases.drop(database)


def run(command, **options):
    """stdout of a program that has to succeed."""
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
