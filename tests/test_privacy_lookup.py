"""Odoo's privacy lookup, which is no dependency, finds what we know of a person."""

import subprocess

import pytest

from tests.suite import ROOT, open_context
from tools import addons

SCRIPT = """
partner = env["res.partner"].create({"name": "Mina Karimi", "email": "mina@k.example"})
customer = env["crm.customer"].create({"partner_id": partner.id})
talk = env["crm.interaction"].create({
    "name": "Call", "partner_id": partner.id,
    "channel_id": env.ref("crm_lifecycle.crm_channel_phone").id,
})
wizard = env["privacy.lookup.wizard"].create(
    {"name": partner.name, "email": partner.email})
wizard.action_lookup()
found = {(line.res_model, line.res_id) for line in wizard.line_ids}
assert {("crm.customer", customer.id), ("crm.interaction", talk.id)} <= found, found
request = env["crm.erasure.request"].create({"partner_id": partner.id})
request.action_approve()
request.action_erase()
wizard = env["privacy.lookup.wizard"].create(
    {"name": "Mina Karimi", "email": "mina@k.example"})
wizard.action_lookup()
left = {(line.res_model, line.res_id) for line in wizard.line_ids}
assert not left & found, left & found
print("privacy lookup understood")
env.cr.rollback()
"""


@pytest.fixture(scope="module")
def context():
    context = open_context()
    yield context
    context.close()


def test_the_lookup_finds_customers_and_interactions(context):
    databases = context.databases
    modules = addons.external_dependencies(ROOT, ["crm_lifecycle"])
    database = databases.clone(databases.template(modules, base=databases.minimal()))
    databases.install(database, ["crm_lifecycle", "privacy_lookup"])
    command = context.odoo_command("shell", "-d", database, "--no-http")
    done = subprocess.run(
        [str(part) for part in command],
        env=context.odoo_env(),
        input=SCRIPT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "privacy lookup understood" in done.stdout, done.stdout + done.stderr
    databases.drop(database)
