"""The movement of customer equity within a month, as SQL.

Each customer's lifetime value now is compared with what it was at the opening of the
month. Who has none at the opening is acquired, who has none now is lost; of all others
the value has grown or shrunk. A customer who went to another segment or class takes the
value of the opening along (`moved`), so that each row continues the one of the month
before, and the moves of a company add up to nothing:

    closing = opening + moved + acquired + grown - shrunk - lost
"""

from odoo.tools import SQL

AMOUNTS = ("opening", "moved", "acquired", "grown", "shrunk", "lost", "closing")
COUNTS = ("customer_count", "acquired_count", "lost_count")


def movement(company_id) -> SQL:
    """Rows (rfm_segment, abc_class, AMOUNTS, COUNTS) of a company, as of now.

    A customer who was merged has several openings: they add up.
    """
    return SQL(
        """
        WITH opened AS (
            SELECT customer_id, rfm_segment, abc_class, clv
              FROM crm_loyalty_equity_opening WHERE company_id = %(company)s
        ), before AS (
            SELECT customer_id, SUM(clv) AS clv FROM opened
             WHERE customer_id IS NOT NULL GROUP BY customer_id
        ), present AS (
            SELECT id, rfm_segment, abc_class, clv FROM crm_customer
             WHERE company_id = %(company)s AND clv > 0
        ), entry AS (
            -- what was there, or is gone
            SELECT opened.rfm_segment, opened.abc_class, opened.clv AS opening,
                   CASE WHEN present.id IS NOT NULL
                         AND (opened.rfm_segment, opened.abc_class)
                             IS DISTINCT FROM (present.rfm_segment, present.abc_class)
                        THEN -opened.clv ELSE 0 END AS moved,
                   0 AS acquired, 0 AS grown, 0 AS shrunk,
                   CASE WHEN present.id IS NULL THEN opened.clv ELSE 0 END AS lost,
                   0 AS closing, 0 AS customers, 0 AS came,
                   CASE WHEN present.id IS NULL THEN 1 ELSE 0 END AS went
              FROM opened LEFT JOIN present ON present.id = opened.customer_id
             UNION ALL
            -- what came in from another segment or class
            SELECT present.rfm_segment, present.abc_class, 0, opened.clv,
                   0, 0, 0, 0, 0, 0, 0, 0
              FROM opened JOIN present ON present.id = opened.customer_id
             WHERE (opened.rfm_segment, opened.abc_class)
                   IS DISTINCT FROM (present.rfm_segment, present.abc_class)
             UNION ALL
            -- what is there now
            SELECT present.rfm_segment, present.abc_class, 0, 0,
                   CASE WHEN before.clv IS NULL THEN present.clv ELSE 0 END,
                   GREATEST(present.clv - COALESCE(before.clv, present.clv), 0),
                   GREATEST(COALESCE(before.clv, present.clv) - present.clv, 0),
                   0, present.clv, 1,
                   CASE WHEN before.clv IS NULL THEN 1 ELSE 0 END, 0
              FROM present LEFT JOIN before ON before.customer_id = present.id
        )
        SELECT rfm_segment, abc_class, SUM(opening) AS opening, SUM(moved) AS moved,
               SUM(acquired) AS acquired, SUM(grown) AS grown, SUM(shrunk) AS shrunk,
               SUM(lost) AS lost, SUM(closing) AS closing,
               SUM(customers)::int AS customer_count, SUM(came)::int AS acquired_count,
               SUM(went)::int AS lost_count
          FROM entry GROUP BY rfm_segment, abc_class
        """,
        company=company_id,
    )


def month_update(company_id, month, run_id, uid) -> SQL:
    """Write the rows of a month that differ, add those that lack, drop those gone."""
    names = [SQL.identifier(name) for name in (*AMOUNTS, *COUNTS)]
    columns = SQL(", ").join(names)
    found = SQL(
        "(old.rfm_segment, old.abc_class) IS NOT DISTINCT FROM"
        " (new.rfm_segment, new.abc_class)"
    )
    return SQL(
        """
        WITH new AS MATERIALIZED (%(movement)s), old AS (
            SELECT * FROM crm_loyalty_equity
             WHERE company_id = %(company)s AND month = %(month)s
        ), written AS (
            UPDATE crm_loyalty_equity target
               SET %(assigned)s, run_id = %(run)s, write_uid = %(uid)s,
                   write_date = now() AT TIME ZONE 'UTC'
              FROM old, new
             WHERE target.id = old.id AND %(found)s
               AND (%(old)s) IS DISTINCT FROM (%(new)s)
         RETURNING target.id
        ), dropped AS (
            DELETE FROM crm_loyalty_equity
             WHERE id IN (SELECT id FROM old
                           WHERE NOT EXISTS (SELECT FROM new WHERE %(found)s))
         RETURNING id
        ), added AS (
            INSERT INTO crm_loyalty_equity (
                company_id, month, rfm_segment, abc_class, %(columns)s, run_id,
                create_uid, write_uid, create_date, write_date)
            SELECT %(company)s, %(month)s, rfm_segment, abc_class, %(columns)s, %(run)s,
                   %(uid)s, %(uid)s,
                   now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
              FROM new WHERE NOT EXISTS (SELECT FROM old WHERE %(found)s)
         RETURNING id
        )
        SELECT (SELECT COUNT(*) FROM written) + (SELECT COUNT(*) FROM dropped)
               + (SELECT COUNT(*) FROM added)
        """,
        movement=movement(company_id),
        company=company_id,
        month=month,
        run=run_id,
        uid=uid,
        columns=columns,
        assigned=SQL(", ").join(SQL("%s = new.%s", name, name) for name in names),
        found=found,
        old=SQL(", ").join(SQL("old.%s", name) for name in names),
        new=SQL(", ").join(SQL("new.%s", name) for name in names),
    )
