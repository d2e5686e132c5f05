"""Search for duplicate contacts: keys, first search, and again with nothing changed.

size is the number of contacts, legal entities that COPY has put in place; one in twenty
is a twin of the one before it, spelled in another way. Ours is the first search over
everybody. The limit is one GROUP BY per key over the keys that stand there. The time to
fill the keys of all contacts and that of a second search, which has to write nothing,
go to stderr.
"""

import io
import itertools
import sys

from odoo.tools import SQL

from . import median_seconds

DEFAULT_SIZE = 200_000
PEER = None
LIMIT = "GROUP BY of each of four keys"

BATCH = 100_000  # rows of one COPY
START = 1_000_000  # id of the first contact
TWINS = 20  # one in so many
KEYS = ("crm_vat_key", "crm_mail_key", "crm_phone_key", "crm_name_key")


def run(env, size):
    _make_contacts(env, size)
    parts = {"keys": median_seconds(env["res.partner"]._fill_keys, times=1)}
    env.cr.commit()
    env.cr.execute("ANALYZE res_partner")
    env.cr.commit()
    limit = median_seconds(lambda: _group_by(env))
    Duplicate = env["crm.duplicate"]
    ours = parts["first search"] = median_seconds(Duplicate._refresh, times=1)
    env.cr.commit()
    _check(env, size)
    before = _versions(env)
    parts["nothing changed"] = median_seconds(Duplicate._refresh)
    if _versions(env) != before:
        raise AssertionError("a second search wrote although nothing changed")
    few = list(range(START, START + 100))
    parts["100 contacts"] = median_seconds(lambda: Duplicate._refresh(few))
    for name, seconds in {"GROUP BY": limit, **parts}.items():
        print(f"duplicates: {name} {seconds:.3f} s", file=sys.stderr)
    return {"ours_s": ours, "peer_s": None, "limit_s": limit}


def _make_contacts(env, size):
    columns = (
        "id, name, complete_name, commercial_partner_id, active, is_company,"
        " autopost_bills, phone, email, vat"
    )
    contacts = (_contact(number) for number in range(size))
    while batch := list(itertools.islice(contacts, BATCH)):
        text = "".join("\t".join(map(str, row)) + "\n" for row in batch)
        env.cr.copy_expert(
            f"COPY res_partner ({columns}) FROM STDIN", io.StringIO(text)
        )
    env.cr.commit()


def _contact(number):
    """One legal entity; the twin has another spelling and keeps phone or tax number."""
    twin = number % TWINS == TWINS - 1
    same = number - 1 if twin else number
    name = f"Works {same:x} GmbH" if not twin else f"WORKS {same:x} Gmbh."
    phone = f"+98 21 {10_000_000 + same}" if not twin else f"021-{10_000_000 + same}"
    mail = f"office{same}@works.example" if not twin else "\\N"
    tax = f"IR{20_000_000 + same}" if same % 2 else "\\N"
    key = START + number
    return key, name, name, key, "t", "t", "ask", phone, mail, tax


def _group_by(env):
    for key in KEYS:
        env.execute_query(
            SQL(
                "SELECT %(key)s, array_agg(id) FROM res_partner"
                " WHERE %(key)s IS NOT NULL GROUP BY 1 HAVING count(*) > 1",
                key=SQL.identifier(key),
            )
        )


def _check(env, size):
    """Refuse a wrong answer: every twin is found, and nobody else."""
    query = "SELECT count(*) FROM crm_duplicate"
    found = env.execute_query(SQL(query))[0][0]
    if found != size // TWINS:
        raise AssertionError(f"{found} sets found of {size // TWINS}")


def _versions(env):
    """A fingerprint of every row that the search writes."""
    return env.execute_query(
        SQL(
            """
            SELECT sum(xmin::text::bigint * (id %% 1009)), count(*),
                   (SELECT count(*) FROM crm_duplicate_partner_rel)
              FROM crm_duplicate
            """
        )
    )
