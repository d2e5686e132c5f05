"""Share of wallet and loyalty type of all customers, as SQL.

The rules are those of ``lib.loyalty_type``, said again in SQL; a property test holds
the two together. An unknown sign is NULL: LEAST passes over it, as the rules want.
"""

from odoo.fields import Date
from odoo.tools import SQL

TYPE_COLUMNS = (
    "wallet_share",
    "wallet_date",
    "wallet_basis",
    "competitor_share",
    "main_competitor_id",
    "purchase_rhythm",
    "behaviour_score",
    "attitude_score",
    "attitude_date",
    "loyalty_type",
)


def wallets(own, company_id, as_of, months) -> SQL:
    """One row per customer of whom something is known that still holds.

    Of each competitor the latest finding of a whole year counts, else the purchases of
    the window added up. A rank counts only where no amount is known.

    :param own: SQL of purchase facts of the same window
    :return: customer_id, wallet_share, wallet_date, wallet_basis, competitor_share,
        main_competitor_id
    """
    window = SQL(
        "finding.company_id = %s AND finding.date > %s AND finding.date <= %s",
        company_id,
        Date.subtract(as_of, months=months),
        as_of,
    )
    return SQL(
        """
        WITH amounts AS (
            SELECT customer_id, competitor_id, MAX(date) AS date,
                   COALESCE(
                       (ARRAY_AGG(amount ORDER BY date DESC, id DESC)
                            FILTER (WHERE basis = 'year'))[1],
                       SUM(amount) FILTER (WHERE basis = 'purchase')) AS amount
              FROM crm_competitor_purchase finding
             WHERE basis IN ('year', 'purchase') AND %(window)s
          GROUP BY customer_id, competitor_id
        ), spent AS (
            SELECT customer_id, MAX(date) AS date, SUM(amount) AS elsewhere,
                   MAX(amount) AS most,
                   (ARRAY_AGG(competitor_id
                              ORDER BY amount DESC, competitor_id))[1] AS competitor_id
              FROM amounts GROUP BY customer_id
        ), ranks AS (
            SELECT DISTINCT ON (customer_id) customer_id, date, own_rank,
                   supplier_count, competitor_id
              FROM crm_competitor_purchase finding
             WHERE basis = 'rank' AND %(window)s
          ORDER BY customer_id, date DESC, id DESC
        )
        SELECT spent.customer_id,
               (own.revenue / (own.revenue + spent.elsewhere))::float8 AS wallet_share,
               spent.date AS wallet_date, 'amount' AS wallet_basis,
               (spent.most / (own.revenue + spent.elsewhere))::float8
                   AS competitor_share,
               spent.competitor_id AS main_competitor_id
          FROM spent
          JOIN crm_customer customer ON customer.id = spent.customer_id
          LEFT JOIN (%(own)s) bought ON bought.partner_id = customer.partner_id
         CROSS JOIN LATERAL (
               SELECT GREATEST(COALESCE(bought.purchase_revenue, 0), 0) AS revenue) own
         UNION ALL
        SELECT customer_id,
               (1 - own_rank / (supplier_count + 1.0)) * 2 / supplier_count,
               date, 'rank',
               CASE WHEN supplier_count > 1
                    THEN (1 - CASE WHEN own_rank = 1 THEN 2 ELSE 1 END
                              / (supplier_count + 1.0)) * 2 / supplier_count
                    ELSE 0 END,
               competitor_id
          FROM ranks
         WHERE customer_id NOT IN (SELECT customer_id FROM spent)
        """,
        window=window,
        own=own,
    )


def typed(company_id, findings, thresholds, as_of, answers_since) -> SQL:
    """SELECT id and the TYPE_COLUMNS of all customers of a company.

    :param findings: SQL of `wallets`
    :param answers_since: older answers are not counted
    """
    return SQL(
        """
        SELECT id, ROUND(wallet_share::numeric, 6) AS wallet_share, wallet_date,
               wallet_basis, ROUND(competitor_share::numeric, 6) AS competitor_share,
               main_competitor_id, ROUND(rhythm::numeric, 2) AS purchase_rhythm,
               ROUND(behaviour::numeric, 6) AS behaviour_score,
               ROUND(attitude::numeric, 6) AS attitude_score, attitude_date,
               CASE WHEN behaviour IS NULL OR attitude IS NULL THEN 'unknown'
                    WHEN behaviour >= 0.5 AND attitude >= %(fond)s THEN 'loyal'
                    WHEN behaviour >= 0.5 OR attitude >= %(fond)s
                    THEN 'relatively_loyal'
                    WHEN competitor_share >= %(competitor)s THEN 'competitor_loyal'
                    ELSE 'disloyal' END AS loyalty_type
          FROM (
                SELECT signs.*,
                       CASE WHEN COALESCE(alive, rhythm, wallet_share) IS NOT NULL
                            THEN LEAST(1, alive / (2 * %(alive)s),
                                       CASE WHEN alive IS NULL
                                            THEN %(rhythm)s
                                                 / (2 * GREATEST(rhythm, 1e-9)) END,
                                       wallet_share / (2 * %(wallet)s)) END AS behaviour
                  FROM (%(signs)s) signs
               ) scored
        """,
        fond=thresholds.attitude / 10,
        competitor=thresholds.competitor,
        alive=thresholds.alive,
        rhythm=thresholds.rhythm,
        wallet=thresholds.wallet,
        signs=_signs(company_id, findings, as_of, answers_since),
    )


def _signs(company_id, findings, as_of, answers_since):
    """What is known of each customer, NULL where nobody knows.

    The rhythm needs two purchases. Whoever never bought has no probability to be alive.
    """
    return SQL(
        """
        SELECT customer.id, wallet.*,
               CASE WHEN customer.purchase_count > 0
                    THEN customer.p_alive::float8 END AS alive,
               CASE WHEN customer.purchase_count > 1
                     AND customer.last_purchase_date > customer.first_purchase_date
                    THEN (%(as_of)s - customer.last_purchase_date)::float8
                         * (customer.purchase_count - 1)
                         / (customer.last_purchase_date - customer.first_purchase_date)
               END AS rhythm,
               attitude.score AS attitude, attitude.date AS attitude_date
          FROM crm_customer customer
          LEFT JOIN (%(findings)s) wallet ON wallet.customer_id = customer.id
         CROSS JOIN LATERAL (
               SELECT (AVG(answer.score) / 10)::float8 AS score,
                      MAX(answer.date) AS date
                 FROM (VALUES
                          (customer.satisfaction, customer.satisfaction_date),
                          (customer.recommendation, customer.recommendation_date)
                      ) AS answer (score, date)
                WHERE answer.date > %(since)s AND answer.date <= %(as_of)s) attitude
         WHERE customer.company_id = %(company)s
        """,
        as_of=as_of,
        since=answers_since,
        findings=findings,
        company=company_id,
    )
