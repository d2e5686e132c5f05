"""Each addon installs and uninstalls alone, with just what it depends on.

What an installation added to the database is gone after the uninstallation: tables,
columns, indexes, constraints, sequences, and the records that Odoo keeps for a module
(crons, menus, filters, groups, actions, views, settings).
"""

import pytest

from tests.suite import ROOT, open_context
from tools import addons, processes

# What of a database may not outlive an addon, as one text column each. External ids of
# other modules are not looked at: `portal` notes an id for each model that has a
# chatter, and Odoo leaves it there.
TRACES = {
    "table": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
    "column": "SELECT table_name || '.' || column_name"
    " FROM information_schema.columns WHERE table_schema = 'public'",
    "index": "SELECT tablename || '.' || indexname FROM pg_indexes"
    " WHERE schemaname = 'public'",
    "constraint": "SELECT conrelid::regclass || '.' || conname FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "sequence": "SELECT relname FROM pg_class WHERE relkind = 'S'",
    "function": "SELECT proname FROM pg_proc"
    " WHERE pronamespace = 'public'::regnamespace",
    "trigger": "SELECT tgrelid::regclass || '.' || tgname FROM pg_trigger"
    " WHERE NOT tgisinternal",
    "external id": "SELECT module || '.' || name FROM ir_model_data"
    f" WHERE module IN ({', '.join(repr(name) for name in addons.NAMES)})",
    "model": "SELECT model FROM ir_model",
    "field": "SELECT model || '.' || name FROM ir_model_fields",
    "cron": "SELECT cron_name FROM ir_cron",
    "menu": "SELECT id || ' ' || (name->>'en_US') FROM ir_ui_menu",
    "filter": "SELECT model_id || ' ' || name FROM ir_filters",
    "view": "SELECT id || ' ' || name FROM ir_ui_view",
    "action": "SELECT id || ' ' || (name->>'en_US') FROM ir_actions",
    "group": "SELECT id || ' ' || (name->>'en_US') FROM res_groups",
    "record rule": "SELECT id || ' ' || name FROM ir_rule",
    "number sequence": "SELECT id || ' ' || name FROM ir_sequence",
    "setting": "SELECT key FROM ir_config_parameter",
}
# Left by Odoo itself whenever any module was installed once.
ODOO_KEEPS = {("setting", "base.partially_updated_database")}
# A person may save a filter on a field of ours; it must not break the list afterwards.
SAVED_FILTER = (
    "INSERT INTO ir_filters (name, model_id, domain, context, sort, active)"
    """ VALUES ('by stage', 'res.partner',"""
    " '[(\"crm_customer_id.stage_id.code\", \"=\", \"develop\")]', '{}', '[]', true)"
)


@pytest.fixture(scope="module")
def context():
    context = open_context()
    yield context
    context.close()


@pytest.mark.parametrize("name", addons.present(ROOT))
def test_an_addon_leaves_nothing_behind(context, name):
    below = addons.with_dependencies(ROOT, [name])[:-1]
    database = context.databases.clone(dependencies_of(context, name))
    if below:
        context.databases.install(database, below)
    before = traces(context, database)
    context.databases.install(database, [name])
    assert state(context, database, name) == "installed"
    if name == "crm_lifecycle":
        context.postgres.psql(SAVED_FILTER, database=database)
    uninstall(context, database, name)
    assert state(context, database, name) == "uninstalled"
    left = traces(context, database) - before - ODOO_KEEPS
    assert not left, "\n".join(f"{kind}: {what}" for kind, what in sorted(left))
    context.databases.drop(database)


def test_the_strategy_needs_no_manufacturing(context):
    """Measures of apps that are not installed must not stop the installation."""
    below = addons.external_dependencies(ROOT, ["crm_strategy_kpi"])
    assert not {"mrp", "stock"}.intersection(below)


def dependencies_of(context, name):
    """Template with what an addon and those below it need of Odoo, and no more."""
    databases = context.databases
    modules = addons.external_dependencies(ROOT, [name])
    minimal = databases.minimal()
    if modules == addons.external_dependencies(ROOT, ["crm_lifecycle"]):
        return minimal
    return databases.template(modules, base=minimal)


def traces(context, database):
    """{(kind, what)} of everything in `database` that TRACES knows."""
    found = set()
    for kind, query in TRACES.items():
        lines = context.postgres.psql(query, database=database).splitlines()
        found.update((kind, line) for line in lines)
    return found


def state(context, database, name):
    query = f"SELECT state FROM ir_module_module WHERE name = '{name}'"
    return context.postgres.psql(query, database=database)


def uninstall(context, database, name):
    """As a user does on the command line; what Odoo logs tells why it failed."""
    command = [context.python, "-m", "odoo", "module", "uninstall"]
    command += ["-c", context.odoo_config(log_level="warn"), "-d", database, name]
    log = context.log_path(f"uninstall-{name}")
    with open(log, "wb") as output:
        child = processes.spawn(
            command,
            env=context.odoo_env(),
            cwd=ROOT,
            stdout=output,
            stderr=output,
        )
        try:
            code = child.wait()
        finally:
            processes.stop(child)
    said = log.read_text(errors="replace")
    assert code == 0, said
    assert " ERROR " not in said, said
