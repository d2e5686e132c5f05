"""What the valuation reads and writes, as SQL.

`crm_loyalty_behaviour` has one row for each customer to value: a purchase pattern in
days, or a contract. `crm_loyalty_score` takes what was computed of them. Both are
temporary tables, moved in binary between the database and numpy.
"""

from odoo.tools import SQL

from ..lib import pgcopy

BEHAVIOUR_COLUMNS = {
    "id": "int4",
    "x": "int4",
    "last_day": "int4",
    "age_day": "int4",
    "value": "float8",
}
SCORE_COLUMNS = {
    "id": "int4",
    "p_alive": "float8",
    "expected_purchases": "float8",
    "clv": "float8",
    "churn_risk": "float8",
    "contractual": "int4",
}
STORED_FACTS = SQL(
    """
    SELECT company_id, partner_id, first_purchase_date, last_purchase_date,
           purchase_count, purchase_revenue, first_purchase_amount
      FROM crm_customer
    """
)


def read_columns(cr, query, columns):
    """Run a SELECT of exactly `columns`; return {name: array}."""
    reader = pgcopy.Reader(columns)
    statement = SQL("COPY (%s) TO STDOUT (FORMAT binary)", query)
    cr.copy_expert(cr.mogrify(statement).decode(), reader)
    return reader.close()


def write_scores(cr, values):
    """Append rows to `crm_loyalty_score`; `values` are {column: array}."""
    statement = "COPY crm_loyalty_score FROM STDIN (FORMAT binary)"
    cr.copy_expert(statement, pgcopy.encode(SCORE_COLUMNS, values))


def make_score_table(cr):
    cr.execute(SQL("DROP TABLE IF EXISTS crm_loyalty_score"))
    columns = SQL(", ").join(
        SQL("%s %s NOT NULL", SQL.identifier(name), SQL(kind))
        for name, kind in SCORE_COLUMNS.items()
    )
    cr.execute(
        SQL("CREATE TEMPORARY TABLE crm_loyalty_score (%s) ON COMMIT DROP", columns)
    )


def make_behaviour_table(cr, company_id, as_of, today, facts=None):
    """Fill `crm_loyalty_behaviour`.

    `value` is the mean of the repeat purchases, under contract of all purchases;
    `place` numbers the customers so that equal ones stand together.

    :param facts: SQL of `purchase_facts`; None: as they stand on the customers
    """
    cr.execute(SQL("DROP TABLE IF EXISTS crm_loyalty_behaviour"))
    cr.execute(
        SQL(
            """
            CREATE TEMPORARY TABLE crm_loyalty_behaviour ON COMMIT DROP AS
            SELECT id, partner_id, contractual, purchases, x, last_day, age_day, late,
                   first_day,
                   CASE WHEN contractual THEN revenue / GREATEST(purchases, 1)
                        WHEN x > 0 THEN (revenue - first_amount) / x
                        ELSE 0 END::float8 AS value,
                   ROW_NUMBER() OVER (
                       PARTITION BY contractual ORDER BY x, age_day, last_day, id
                   )::int AS place
              FROM (%s) fact
            """,
            _measured(company_id, as_of, today, facts),
        )
    )
    cr.execute(SQL("CREATE INDEX ON crm_loyalty_behaviour (place)"))
    cr.execute(SQL("CREATE INDEX ON crm_loyalty_behaviour (partner_id)"))
    cr.execute(SQL("ANALYZE crm_loyalty_behaviour"))


def _measured(company_id, as_of, today, facts):
    """One row per customer with a purchase or a contract, times in days."""
    return SQL(
        """
        SELECT customer.id, customer.partner_id,
               %(contractual)s AS contractual,
               COALESCE(fact.purchase_count, 0) AS purchases,
               GREATEST(fact.purchase_count - 1, 0)::int AS x,
               COALESCE(fact.last_purchase_date - fact.first_purchase_date, 0)
                   AS last_day,
               COALESCE(GREATEST(fact.last_purchase_date, %(as_of)s)
                        - fact.first_purchase_date, 0) AS age_day,
               COALESCE(fact.last_purchase_date > %(as_of)s, FALSE) AS late,
               fact.first_purchase_date AS first_day,
               COALESCE(fact.purchase_revenue, 0) AS revenue,
               COALESCE(fact.first_purchase_amount, 0) AS first_amount
          FROM crm_customer customer
     LEFT JOIN (%(facts)s) fact
            ON fact.company_id = customer.company_id
           AND fact.partner_id = customer.partner_id
         WHERE customer.company_id = %(company)s
           AND (fact.purchase_count > 0 OR %(contractual)s)
        """,
        contractual=under_contract(as_of, as_of >= today),
        as_of=as_of,
        facts=facts or STORED_FACTS,
        company=company_id,
    )


def under_contract(day, now=False):
    """Condition that a customer is under contract on a day.

    The present is known best; of the past only what the dates of the contracts say.
    """
    current = SQL("COALESCE(customer.is_contractual, FALSE)")
    if now:
        return current
    return SQL(
        """
        CASE WHEN customer.contract_since IS NULL THEN %(current)s
             ELSE customer.contract_since <= %(day)s
                  AND COALESCE(customer.contract_until >= %(day)s, TRUE) END
        """,
        current=current,
        day=day,
    )


def patterns() -> SQL:
    """Different purchase patterns of customers without contract, in a fixed order."""
    return SQL(
        """
        SELECT x, last_day, age_day, COUNT(*)::int AS customers
          FROM crm_loyalty_behaviour
         WHERE NOT contractual
      GROUP BY x, last_day, age_day
      ORDER BY x, last_day, age_day
        """
    )


def values() -> SQL:
    """Different (x, mean value) of repeat customers without contract."""
    return SQL(
        """
        SELECT x, value, COUNT(*)::int AS customers
          FROM crm_loyalty_behaviour
         WHERE NOT contractual AND x > 0
      GROUP BY x, value
      ORDER BY x, value
        """
    )


def behaviour(contractual, first, last) -> SQL:
    """Rows first < place <= last."""
    return SQL(
        """
        SELECT %s FROM crm_loyalty_behaviour
         WHERE contractual = %s AND place > %s AND place <= %s
      ORDER BY place
        """,
        SQL(", ").join(map(SQL.identifier, BEHAVIOUR_COLUMNS)),
        contractual,
        first,
        last,
    )


def retention(company_id, year_ago) -> SQL:
    """Customers under contract a year ago, and how many of them still are."""
    return SQL(
        """
        SELECT COUNT(*), COUNT(*) FILTER (WHERE behaviour.contractual)
          FROM crm_customer customer
     LEFT JOIN crm_loyalty_behaviour behaviour ON behaviour.id = customer.id
         WHERE customer.company_id = %s
           AND customer.contract_since IS NOT NULL AND %s
        """,
        company_id,
        under_contract(year_ago),
    )


def contract_habits() -> SQL:
    """Of customers under contract: repeat purchases, days known, mean value."""
    return SQL(
        """
        SELECT COALESCE(SUM(x), 0), COALESCE(SUM(age_day), 0),
               AVG(value) FILTER (WHERE value > 0)
          FROM crm_loyalty_behaviour WHERE contractual
        """
    )


def births() -> SQL:
    """First purchases by day, of customers without contract."""
    return SQL(
        """
        SELECT first_day, COUNT(*) FROM crm_loyalty_behaviour
         WHERE NOT contractual GROUP BY first_day ORDER BY first_day
        """
    )


def purchases_by_day(days) -> SQL:
    """Purchases by day of the same customers; `days`: SQL of `purchase_days`."""
    return SQL(
        """
        SELECT day.day, COUNT(*)
          FROM (%s) day
          JOIN crm_loyalty_behaviour behaviour USING (partner_id)
         WHERE day.counts AND NOT behaviour.contractual
      GROUP BY day.day ORDER BY day.day
        """,
        days,
    )


def holdout(facts, cut) -> SQL:
    """Patterns as they were at the end of day `cut`, with what was bought later.

    :param facts: SQL of `purchase_facts` until that day
    """
    return SQL(
        """
        SELECT x, last_day, age_day, later, COUNT(*)::int AS customers
          FROM (SELECT fact.purchase_count::int - 1 AS x,
                       fact.last_purchase_date - fact.first_purchase_date AS last_day,
                       %(cut)s - fact.first_purchase_date AS age_day,
                       GREATEST(behaviour.purchases - fact.purchase_count, 0)::int
                           AS later
                  FROM (%(facts)s) fact
                  JOIN crm_loyalty_behaviour behaviour USING (partner_id)
                 WHERE NOT behaviour.contractual AND fact.purchase_count > 0) pattern
      GROUP BY x, last_day, age_day, later
      ORDER BY x, last_day, age_day, later
        """,
        cut=cut,
        facts=facts,
    )


def rounded_scores(medium, high, decimals, first, last) -> SQL:
    """Scores as they are stored: rounded, so that noise writes nothing.

    :return: SQL of id and the `VALUE_COLUMNS` of the customers first < id <= last
    """
    return SQL(
        """
        SELECT id, p_alive, expected_purchases, clv, churn_risk,
               CASE WHEN churn_risk >= %(high)s THEN 'high'
                    WHEN churn_risk >= %(medium)s THEN 'medium'
                    ELSE 'low' END AS churn_band,
               CASE contractual WHEN 1 THEN 'contract' ELSE 'purchases' END
                   AS value_method
          FROM (SELECT id, contractual, ROUND(p_alive::numeric, 4) AS p_alive,
                       ROUND(expected_purchases::numeric, 4) AS expected_purchases,
                       ROUND(NULLIF(clv, 'NaN')::numeric, %(decimals)s) AS clv,
                       ROUND(churn_risk::numeric, 4) AS churn_risk
                  FROM crm_loyalty_score
                 WHERE id > %(first)s AND id <= %(last)s) rounded
        """,
        medium=medium,
        high=high,
        decimals=decimals,
        first=first,
        last=last,
    )
