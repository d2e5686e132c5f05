"""A page of the timeline of one heavy customer among all others.

size is the number of events: mails, calls, orders, invoices, payments, leads, meetings
and activities over five years, 200 per customer with three contacts each. One customer
has 20,000 of them (a tenth, if the size is small) with ten contacts. Ours is the
database time of the first page, all kinds, for a sales manager; the goal is 50 ms. The
limit is one indexed lookup. Median and best of the runs go to stderr: other work on the
machine shows in the first and hardly in the second. A page in the middle of the years,
pages by kind and by text, the head of the page and the page of an average customer go
to stderr, too, with the number of statements: it is the same for the heavy and the
average customer but for the kinds that a page happens to show.
"""

import statistics
import sys
import threading

from odoo.tools import SQL

DEFAULT_SIZE = 1_000_000
PEER = None
LIMIT = "one indexed lookup of 41 orders"

PER_CUSTOMER = 200
HEAVY = 20_000
START = 1_000_000  # first id of everything that is made here
ALLOWED = 0.050  # seconds of database time for a page
PAGE = 40
TABLES = (
    *("res_partner", "crm_customer", "mail_message", "mail_message_res_partner_rel"),
    *("crm_interaction", "sale_order", "account_move", "account_payment", "crm_lead"),
    *("calendar_event", "calendar_event_res_partner_rel"),
)


def run(env, size):
    env = env["base"].with_user(env.ref("base.user_admin")).env
    heavy = min(HEAVY, size // 10)
    _make_partners(env, max(1, (size - heavy) // PER_CUSTOMER))
    _make_events(env, size, heavy)
    customers = _get_customers(env)
    heavy_id, average_id = customers[START], customers[START + 100]
    _check(env, heavy_id, heavy)
    middle = _get_middle(env, heavy_id)
    pages = {
        "first page": {"customer_id": heavy_id},
        "page in the middle": {"customer_id": heavy_id, "after": middle},
        "mails only": {"customer_id": heavy_id, "kinds": ["mail"]},
        "one year": {"customer_id": heavy_id, "date_to": middle[0][:10]},
        "search": {"customer_id": heavy_id, "search": "Subject 77"},
        "average customer": {"customer_id": average_id},
    }
    times, best, counts = {}, {}, {}
    Timeline = env["crm.customer.timeline"]
    for name, asked in pages.items():
        times[name], best[name], counts[name] = _measure(
            env, lambda asked=asked: Timeline.get_page(**asked)
        )
    times["head"], best["head"], counts["head"] = _measure(
        env, lambda: env["crm.customer"].browse(heavy_id).get_header()
    )
    limit, _best, _count = _measure(env, lambda: _look_up(env))
    for name, seconds in times.items():
        print(
            f"timeline: {name} {1000 * seconds:.1f} ms (best {1000 * best[name]:.1f}),"
            f" {counts[name]} statements",
            file=sys.stderr,
        )
    # a page with other kinds asks other tables
    if abs(counts["first page"] - counts["average customer"]) > 3:
        raise AssertionError(f"statements grow with the events: {counts}")
    print(
        f"timeline: the goal of {1000 * ALLOWED:.0f} ms for the first page is"
        f" {'met' if times['first page'] <= ALLOWED else 'missed'}",
        file=sys.stderr,
    )
    return {"ours_s": times["first page"], "peer_s": None, "limit_s": limit}


def _measure(env, work, times=15):
    """Return median and best seconds in the database, and the number of statements."""
    thread = threading.current_thread()
    seconds, count = [], 0
    work()  # loads access rules, languages and the like
    for _turn in range(times):
        env.invalidate_all()
        thread.query_count, thread.query_time = 0, 0
        work()
        seconds.append(thread.query_time)
        count = thread.query_count
    return statistics.median(seconds), min(seconds), count


def _look_up(env):
    return env.execute_query(
        SQL(
            """
            SELECT date_order, id FROM sale_order WHERE partner_id = %s
             ORDER BY date_order DESC, id DESC LIMIT %s
            """,
            START,
            PAGE + 1,
        )
    )


# ----------------------------------------------------------------------
# Input
# ----------------------------------------------------------------------
def _make_partners(env, customers):
    """A hundred ids for each customer: the company first, then its people."""
    env.cr.execute(
        SQL(
            """
            INSERT INTO res_partner (id, name, active, autopost_bills, parent_id,
                                     commercial_partner_id, is_company)
            SELECT %(start)s + 100 * c + p, 'Contact ' || c || '.' || p, TRUE, 'ask',
                   CASE WHEN p > 0 THEN %(start)s + 100 * c END,
                   %(start)s + 100 * c, p = 0
              FROM generate_series(0, %(customers)s) c,
                   generate_series(0, CASE WHEN c = 0 THEN 9 ELSE 2 END) p
            """,
            start=START,
            customers=customers,
        )
    )
    env.cr.execute(
        SQL(
            """
            INSERT INTO crm_customer (partner_id, company_id, stage_id, stage_since,
                                      service_standing, active)
            SELECT id, %s, %s, now(), 'none', TRUE
              FROM res_partner WHERE id >= %s AND is_company
            """,
            env.company.id,
            env["crm.customer"]._get_entry_stage(env.company.id),
            START,
        )
    )
    env.cr.execute(
        SQL(
            """
            CREATE TEMP TABLE person AS
            SELECT partner.id AS contact, partner.commercial_partner_id AS partner,
                   customer.id AS customer,
                   (partner.commercial_partner_id - %(start)s) / 100 AS number,
                   partner.id - partner.commercial_partner_id AS place
              FROM res_partner partner
              JOIN crm_customer customer
                ON customer.partner_id = partner.commercial_partner_id
             WHERE partner.id >= %(start)s
            """,
            start=START,
        )
    )


def _make_events(env, size, heavy):
    """Spread the events over customers, contacts, five years and tables."""
    env.cr.execute(
        SQL(
            """
            CREATE TEMP TABLE event AS
            SELECT n, n %% 20 AS kind, person.contact, person.partner, person.customer,
                   now() AT TIME ZONE 'UTC' - interval '1 hour'
                       - (n::bigint * 7919 %% 43800) * interval '1 hour' AS date
              FROM (SELECT n, n / 20 AS turn,
                           CASE WHEN n < %(heavy)s THEN 0
                                ELSE 1 + n / 20 %% %(customers)s END AS number
                      FROM generate_series(0, %(size)s - 1) n) numbered
              JOIN person ON person.number = numbered.number
               AND person.place = turn %% (CASE WHEN numbered.number = 0 THEN 10
                                           ELSE 3 END)
            """,
            heavy=heavy,
            size=size,
            customers=max(1, (size - heavy) // PER_CUSTOMER),
        )
    )
    user, company = env.user, env.company
    ids = {
        "start": START,
        "company": company.id,
        "currency": company.currency_id.id,
        "user": user.id,
        "author": user.partner_id.id,
        "journal": env["account.journal"]
        .sudo()
        .create({"name": "Bench", "code": "BENCH", "type": "general"})
        .id,
        "channel": env.ref("crm_lifecycle.crm_channel_phone").id,
        "activity": env.ref("mail.mail_activity_data_call").id,
        "subtype": env.ref("mail.mt_comment").id,
    }
    env.flush_all()
    for statement in _STATEMENTS:
        env.cr.execute(SQL(statement, **ids))
    if "picking_policy" in env["sale.order"]._fields:
        env.cr.execute("ALTER TABLE sale_order ALTER picking_policy DROP DEFAULT")
    env.cr.commit()
    for table in TABLES:
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
    env.cr.commit()


_STATEMENTS = (
    "ALTER TABLE sale_order ALTER picking_policy SET DEFAULT 'direct'",
    """
    INSERT INTO mail_message (id, message_type, subtype_id, model, res_id, date,
                              author_id, record_company_id, subject, body,
                              create_uid, create_date)
    SELECT %(start)s + n, CASE WHEN n %% 2 = 0 THEN 'email' ELSE 'comment' END,
           %(subtype)s, 'res.partner', contact, date,
           CASE WHEN n %% 2 = 0 THEN contact ELSE %(author)s END, %(company)s,
           'Subject ' || n, '<p>Body</p>', %(user)s, date
      FROM event WHERE kind < 8
    """,
    """
    INSERT INTO mail_message_res_partner_rel (mail_message_id, res_partner_id)
    SELECT %(start)s + n, contact FROM event WHERE kind < 8 AND n %% 2 = 1
    """,
    """
    INSERT INTO crm_interaction (id, partner_id, customer_id, company_id, channel_id,
                                 name, direction, date, user_id)
    SELECT %(start)s + n, contact, customer, %(company)s, %(channel)s, 'Call ' || n,
           'in', date, %(user)s
      FROM event WHERE kind IN (8, 9)
    """,
    """
    INSERT INTO sale_order (id, company_id, partner_id, partner_invoice_id,
                            partner_shipping_id, name, date_order, state, user_id,
                            currency_id, amount_total)
    SELECT %(start)s + n, %(company)s, contact, contact, contact, 'SO' || n, date,
           CASE WHEN n %% 3 = 0 THEN 'draft' ELSE 'sale' END, %(user)s, %(currency)s,
           100
      FROM event WHERE kind IN (10, 11)
    """,
    """
    INSERT INTO account_move (id, journal_id, currency_id, company_id, state, move_type,
                              auto_post, date, invoice_date, partner_id,
                              commercial_partner_id, name, payment_state,
                              invoice_user_id)
    SELECT %(start)s + n, %(journal)s, %(currency)s, %(company)s, 'posted',
           CASE WHEN n %% 9 = 0 THEN 'out_refund' ELSE 'out_invoice' END, 'no',
           date::date, date::date, contact, partner, 'INV' || n, 'paid', %(user)s
      FROM event WHERE kind IN (12, 13)
    """,
    """
    INSERT INTO account_payment (id, journal_id, company_id, state, payment_type,
                                 partner_type, date, partner_id, currency_id, amount,
                                 name)
    SELECT %(start)s + n, %(journal)s, %(company)s, 'paid', 'inbound', 'customer',
           date::date, partner, %(currency)s, 100, 'PAY' || n
      FROM event WHERE kind IN (14, 15)
    """,
    """
    INSERT INTO crm_lead (id, name, type, active, partner_id, company_id, user_id,
                          create_date, create_uid)
    SELECT %(start)s + n, 'Lead ' || n, 'opportunity', TRUE, contact, %(company)s,
           %(user)s, date, %(user)s
      FROM event WHERE kind IN (16, 17)
    """,
    """
    INSERT INTO calendar_event (id, name, show_as, start, stop, active, user_id,
                                create_uid)
    SELECT %(start)s + n, 'Meeting ' || n, 'busy', date, date, TRUE, %(user)s, %(user)s
      FROM event WHERE kind = 18
    """,
    """
    INSERT INTO calendar_event_res_partner_rel (calendar_event_id, res_partner_id)
    SELECT %(start)s + n, contact FROM event WHERE kind = 18
    """,
    """
    INSERT INTO mail_message (id, message_type, model, res_id, date, author_id,
                              record_company_id, mail_activity_type_id, body,
                              create_uid, create_date)
    SELECT %(start)s + n, 'notification', 'res.partner', contact, date, %(author)s,
           %(company)s, %(activity)s, '<p>Done</p>', %(user)s, date
      FROM event WHERE kind = 19
    """,
)


# ----------------------------------------------------------------------
# Answers
# ----------------------------------------------------------------------
def _get_customers(env):
    rows = env.execute_query(
        SQL("SELECT partner_id, id FROM crm_customer WHERE partner_id >= %s", START)
    )
    return dict(rows)


def _get_middle(env, customer_id):
    """Return the place in the middle of the years, as a page hands it out."""
    row = env.execute_query(
        SQL(
            """
            SELECT date, %s + n FROM event WHERE customer = %s AND kind = 8
             ORDER BY date LIMIT 1 OFFSET
                   (SELECT count(*) / 2 FROM event WHERE customer = %s AND kind = 8)
            """,
            START,
            customer_id,
            customer_id,
        )
    )[0]
    return [row[0].isoformat(), "call", row[1]]


def _check(env, customer_id, heavy):
    """Refuse a wrong answer: the newest page is that of the events, all are there."""
    expected = env.execute_query(
        SQL(
            """
            SELECT CASE WHEN kind BETWEEN 12 AND 15 THEN date_trunc('day', date)
                        ELSE date_trunc('second', date) END AS at
              FROM event WHERE customer = %s ORDER BY at DESC LIMIT %s
            """,
            customer_id,
            PAGE,
        )
    )
    page = env["crm.customer.timeline"].get_page(customer_id, limit=PAGE)
    found = [entry["date"] for entry in page["entries"]]
    if found != [date.strftime("%Y-%m-%d %H:%M:%S") for (date,) in expected]:
        raise AssertionError(f"the first page is wrong: {found[:3]}, {expected[:3]}")
    after, count = None, 0
    while after is not False:
        page = env["crm.customer.timeline"].get_page(
            customer_id, limit=500, after=after
        )
        count, after = count + len(page["entries"]), page["next"]
    if count != heavy:
        raise AssertionError(f"{count} entries of the heavy customer, not {heavy}")
