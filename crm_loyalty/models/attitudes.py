"""What customers said of us, as SQL: the latest satisfaction and recommendation.

Sources are answers to questions of any survey that are marked as such, and ratings of
documents that belong to a company. Scales are brought to 0 to 10. Whoever answered for
the customer last counts. Nobody asked is NULL, never a middle value.
"""

from odoo.tools import SQL

KINDS = ("satisfaction", "recommendation")
RATING_SCALE = (1, 5)


def survey_answers(scope) -> SQL:
    """Rows (company_id, partner_id, kind, day, score) of completed surveys.

    A survey tells every company that has the customer.
    """
    low, high = (
        SQL(
            "CASE question.question_type WHEN 'scale' THEN question.scale_%(end)s"
            " ELSE question.validation_%(end)s_float_value END",
            end=SQL(end),
        )
        for end in ("min", "max")
    )
    value = SQL(
        "CASE question.question_type WHEN 'scale' THEN line.value_scale"
        " ELSE line.value_numerical_box END"
    )
    return SQL(
        """
        SELECT customer.company_id, customer.partner_id,
               question.crm_attitude AS kind,
               COALESCE(input.end_datetime, input.write_date)::date AS day,
               10.0 * LEAST(1, GREATEST(0,
                   (%(value)s - %(low)s) / NULLIF(%(high)s - %(low)s, 0))) AS score
          FROM survey_user_input_line line
          JOIN survey_question question ON question.id = line.question_id
          JOIN survey_user_input input ON input.id = line.user_input_id
          JOIN res_partner contact ON contact.id = input.partner_id
          JOIN crm_customer customer
            ON customer.partner_id = contact.commercial_partner_id
         WHERE question.crm_attitude IS NOT NULL
           AND input.state = 'done' AND input.test_entry IS NOT TRUE
           AND line.skipped IS NOT TRUE
           AND %(scope)s
        """,
        value=value,
        low=low,
        high=high,
        scope=scope(SQL("customer.company_id"), SQL("customer.partner_id")),
    )


def rating_answers(tables, scope) -> SQL:
    """Rows of the ratings of documents that belong to a company.

    :param tables: (name of the model, its table) of the rated models with a company
    """
    branches = [
        SQL(
            """
            SELECT SPLIT_PART(company.parent_path, '/', 1)::int AS company_id,
                   contact.commercial_partner_id AS partner_id,
                   'satisfaction' AS kind,
                   rating.write_date::date AS day,
                   10.0 * (rating.rating - %(low)s) / %(span)s AS score
              FROM rating_rating rating
              JOIN %(table)s document ON document.id = rating.res_id
              JOIN res_company company ON company.id = document.company_id
              JOIN res_partner contact ON contact.id = rating.partner_id
             WHERE rating.res_model = %(model)s AND rating.consumed
               AND rating.rating >= %(low)s AND %(scope)s
            """,
            low=RATING_SCALE[0],
            span=RATING_SCALE[1] - RATING_SCALE[0],
            table=SQL.identifier(table),
            model=model,
            scope=scope(
                SQL("SPLIT_PART(company.parent_path, '/', 1)::int"),
                SQL("contact.commercial_partner_id"),
            ),
        )
        for model, table in tables
    ]
    return SQL(" UNION ALL ").join(branches)


def attitude_facts(answers) -> SQL:
    """One row per company and customer.

    :param answers: list of SQL of rows (company_id, partner_id, kind, day, score)
    :return: company_id, partner_id, satisfaction, satisfaction_date, recommendation,
        recommendation_date
    """
    columns = SQL(", ").join(
        SQL(
            "MAX(score) FILTER (WHERE kind = %(kind)s) AS %(name)s,"
            " MAX(day) FILTER (WHERE kind = %(kind)s) AS %(date)s",
            kind=kind,
            name=SQL.identifier(kind),
            date=SQL.identifier(f"{kind}_date"),
        )
        for kind in KINDS
    )
    return SQL(
        """
        SELECT company_id, partner_id, %s
          FROM (SELECT company_id, partner_id, kind, day,
                       ROUND(AVG(score)::numeric, 2)::float8 AS score,
                       ROW_NUMBER() OVER (
                           PARTITION BY company_id, partner_id, kind
                           ORDER BY day DESC) AS place
                  FROM (%s) answer
                 WHERE score IS NOT NULL
              GROUP BY company_id, partner_id, kind, day) latest
         WHERE place = 1
      GROUP BY company_id, partner_id
        """,
        columns,
        SQL(" UNION ALL ").join(answers),
    )
