"""Make one chain of each customer's history, as the new constraints demand.

Version 19.0.1.0.0 kept intervals from overlapping by an EXCLUDE constraint, which
allowed gaps, intervals of no length and histories without an open end.
"""

import logging

from odoo.tools import SQL

_logger = logging.getLogger(__name__)

OLD_OBJECTS = (
    "ALTER TABLE crm_lifecycle_history"
    " DROP CONSTRAINT IF EXISTS crm_lifecycle_history_no_overlap",
    "ALTER TABLE crm_lifecycle_history"
    " DROP CONSTRAINT IF EXISTS crm_lifecycle_history_order_of_dates",
    "DROP INDEX IF EXISTS crm_lifecycle_history_one_open",
    "DROP INDEX IF EXISTS crm_lifecycle_history__customer_id_index",
)

DELETE_EMPTY = """
    DELETE FROM crm_lifecycle_history WHERE date_to <= date_from
"""
# of several that begin together the one that lasts longest tells the most
DELETE_TWINS = """
    DELETE FROM crm_lifecycle_history twin
     USING (SELECT id, row_number() OVER (
                       PARTITION BY customer_id, date_from
                       ORDER BY date_to DESC NULLS FIRST, id DESC) AS number
              FROM crm_lifecycle_history) ranked
     WHERE ranked.id = twin.id AND ranked.number > 1
"""
# where the last interval was closed, the customer went into his present stage then
OPEN_PRESENT = """
    INSERT INTO crm_lifecycle_history (
        customer_id, company_id, stage_id, date_from,
        create_uid, write_uid, create_date, write_date)
    SELECT customer.id, customer.company_id, customer.stage_id,
           COALESCE(last.date_to, customer.stage_since, customer.create_date,
                    now() AT TIME ZONE 'UTC'),
           customer.create_uid, customer.write_uid,
           now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
      FROM crm_customer customer
      LEFT JOIN LATERAL (
           SELECT stage_id, date_to FROM crm_lifecycle_history history
            WHERE history.customer_id = customer.id
            ORDER BY date_from DESC LIMIT 1) last ON TRUE
     WHERE last.stage_id IS NULL
        OR (last.date_to IS NOT NULL AND last.stage_id != customer.stage_id)
"""
# each lasts until the next begins, the last one until today
CLOSE_GAPS = """
    UPDATE crm_lifecycle_history history
       SET date_to = chain.next_from
      FROM (SELECT id, lead(date_from) OVER (
                       PARTITION BY customer_id ORDER BY date_from) AS next_from
              FROM crm_lifecycle_history) chain
     WHERE chain.id = history.id
       AND history.date_to IS DISTINCT FROM chain.next_from
"""
# the open interval is the present stage, since when the customer is in it
MATCH_STAGE = """
    UPDATE crm_lifecycle_history history
       SET stage_id = customer.stage_id
      FROM crm_customer customer
     WHERE customer.id = history.customer_id AND history.date_to IS NULL
       AND history.stage_id != customer.stage_id
"""
MATCH_DATE = """
    UPDATE crm_customer customer
       SET stage_since = history.date_from
      FROM crm_lifecycle_history history
     WHERE history.customer_id = customer.id AND history.date_to IS NULL
       AND customer.stage_since IS DISTINCT FROM history.date_from
"""
STEPS = (
    DELETE_EMPTY,
    DELETE_TWINS,
    OPEN_PRESENT,
    CLOSE_GAPS,
    MATCH_STAGE,
    MATCH_DATE,
)


def migrate(cr, version):
    if not version:
        return
    cr.execute(SQL("SET CONSTRAINTS ALL IMMEDIATE"))
    for statement in OLD_OBJECTS:
        cr.execute(SQL(statement))
    mended = 0
    for statement in STEPS:
        cr.execute(SQL(statement))
        mended += cr.rowcount
    _logger.info("History of customers: %s rows mended", mended)
