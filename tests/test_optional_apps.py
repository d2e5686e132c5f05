"""Apps that the suite uses where they are installed, really installed.

Email and SMS Marketing write to customers; loyalty cards and partner levels are given
to classes. What happens without these apps is tested in the addons.
"""

import json
import subprocess
from pathlib import Path

import pytest

from tests.smtp_sink import receiving
from tests.suite import ROOT, open_context

APPS = ["mass_mailing", "mass_mailing_sms", "loyalty", "partnership"]


@pytest.fixture(scope="module")
def run():
    """A function that runs a script in Odoo's shell and returns what it saw."""
    context = open_context()
    database = context.databases.clone(context.databases.dependencies())
    try:
        context.databases.install(database, ["crm_loyalty", *APPS])
        yield lambda name, **values: run_script(context, database, name, values)
    finally:
        context.databases.drop(database)
        context.close()


@pytest.fixture(scope="module")
def mailed(run):
    with receiving() as (port, recipients):
        yield run("mailing_script.py", PORT=port) | {"received": list(recipients)}


def test_writing_to_a_segment_reaches_its_members_and_leaves_out_who_refused(mailed):
    assert mailed["model"] == "crm.customer"
    assert mailed["members"] == {
        "hormuz": "sent",
        "letters": "sent",
        "sms": "sent",
        "never": "mail_bl",
        "offers": "mail_bl",
        "blocked": "mail_bl",
        "silent": "mail_email_missing",
    }


def test_the_mails_that_arrive_are_those_of_people_who_may_be_written_to(mailed):
    arrived = {one for one in mailed["received"] if one.endswith("@customer.test")}
    assert arrived == {f"{name}@customer.test" for name in ("hormuz", "letters", "sms")}


def test_the_ledger_holds_where_the_blacklist_is_ignored(mailed):
    assert mailed["picked"] == {"hormuz": "sent", "never": "mail_bl"}


def test_a_mailing_starts_with_the_customers_of_its_authors_company(mailed):
    assert "('company_id', 'in', [1])" in mailed["start"]
    assert "('marketing_allowed', '=', True)" in mailed["start"]


def test_no_mailing_reaches_customers_whom_its_author_may_not_see(mailed):
    assert mailed["wide"]["bahar"] == "mail_bl"
    assert mailed["wide"]["letters"] == "sent"


def test_mailings_to_contacts_ask_the_ledger_too(mailed):
    assert mailed["people"] == {"hormuz": "sent", "never": "mail_bl"}


def test_a_mailing_by_sms_asks_for_that_channel(mailed):
    assert mailed["sms"]["sms"] == "sms_optout"
    assert mailed["sms"]["never"] == "sms_number_missing"  # its number is not told
    assert mailed["sms"]["bahar"] == "sms_optout"
    assert mailed["sms"]["offers"] == "outgoing"


@pytest.fixture(scope="module")
def given(run):
    return run("benefit_script.py")


def test_a_dry_run_tells_levels_and_cards_and_gives_none(given):
    assert given["tried"] == [
        ["gold", "card", "give"],
        ["gold", "grade", "give"],
        ["level", "card", "give"],
        ["level", "grade", "block"],
    ]
    assert given["after_try"] == {
        "gold": [False, 0],
        "level": ["S", 0],
        "plain": [False, 0],
    }


def test_a_class_gets_its_level_and_one_card_and_hand_set_levels_stay(given):
    expected = {"gold": ["G", 1], "level": ["S", 1], "plain": [False, 0]}
    assert given["started"] == expected
    assert given["again"] == expected


def test_a_level_does_not_replace_a_pricelist_that_was_set_by_hand(given):
    assert given["pricelist"] == "Dear"


def test_a_level_goes_after_the_time_of_grace_and_a_card_stays(given):
    assert given["in_grace"]["gold"] == ["G", 1]
    assert given["after_grace"]["gold"] == [False, 1]


def test_a_programme_of_another_company_is_refused(given):
    assert given["foreign"] == "ValidationError"


def run_script(context, database, name, values):
    """Run the script after its values; return what it printed as SEEN."""
    path = Path(__file__).with_name(name)
    given = "".join(f"{key} = {value!r}\n" for key, value in values.items())
    command = context.odoo_command(
        "shell", "-d", database, "--no-http", log_level="error"
    )
    done = subprocess.run(
        [str(part) for part in command],
        env=context.odoo_env(),
        cwd=ROOT,
        input=given + path.read_text(),
        capture_output=True,
        text=True,
    )
    for line in done.stdout.splitlines():
        if line.startswith("SEEN "):
            return json.loads(line.removeprefix("SEEN "))
    raise AssertionError(done.stdout + done.stderr)
