from odoo import fields, models
from odoo.tools import SQL

MEASURES = [
    ("importance", "Importance"),
    ("satisfaction", "Satisfaction"),
    ("effort", "Effort"),
]


class CrmProcessAnswer(models.Model):
    """What one customer answered about one process: rows of completed surveys.

    Only finished answers count, and none from trying out the survey.
    """

    _name = "crm.process.answer"
    _description = "Customer's Answer about a Process"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "process_id"
    _depends = {
        "survey.user_input": [
            "state",
            "test_entry",
            "partner_id",
            "end_datetime",
        ],
        "survey.user_input.line": [
            "user_input_id",
            "question_id",
            "matrix_row_id",
            "suggested_answer_id",
        ],
        "survey.question": ["crm_measure"],
        "survey.question.answer": ["crm_process_id", "crm_value"],
        "crm.process": ["company_id"],
        "crm.customer": ["partner_id", "company_id"],
        "res.partner": ["commercial_partner_id"],
    }

    process_id = fields.Many2one("crm.process", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    customer_id = fields.Many2one("crm.customer", readonly=True)
    partner_id = fields.Many2one("res.partner", "Contact", readonly=True)
    measure = fields.Selection(MEASURES, "Question", readonly=True)
    value = fields.Integer("Answer", readonly=True, aggregator="avg", help="1 to 5.")
    date = fields.Date("Answered on", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT line.id, asked.crm_process_id AS process_id, process.company_id,
                   customer.id AS customer_id, input.partner_id,
                   question.crm_measure AS measure, choice.crm_value AS value,
                   COALESCE(input.end_datetime, line.create_date)::date AS date
              FROM survey_user_input_line line
              JOIN survey_user_input input ON input.id = line.user_input_id
              JOIN survey_question question ON question.id = line.question_id
              JOIN survey_question_answer asked ON asked.id = line.matrix_row_id
              JOIN survey_question_answer choice
                ON choice.id = line.suggested_answer_id
              JOIN crm_process process ON process.id = asked.crm_process_id
              LEFT JOIN res_partner contact ON contact.id = input.partner_id
              LEFT JOIN crm_customer customer
                ON customer.partner_id = contact.commercial_partner_id
               AND customer.company_id = process.company_id
             WHERE input.state = 'done' AND input.test_entry IS NOT TRUE
               AND question.crm_measure IS NOT NULL AND choice.crm_value > 0
            """
        )


class CrmProcessScore(models.Model):
    """Mean answers per process and segment in the months that the company looks back.

    Without a segment: of all customers. Where nobody answered there is no row.
    """

    _name = "crm.process.score"
    _description = "Process Score by Segment"
    _auto = False
    _order = "process_id, measure, segment_id"
    _rec_name = "process_id"
    _depends = {
        "crm.process.answer": ["process_id", "customer_id", "measure", "value"],
        "crm.segment": ["customer_ids"],
        "res.company": ["process_window_months"],
    }

    process_id = fields.Many2one("crm.process", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    segment_id = fields.Many2one(
        "crm.segment", readonly=True, help="Empty: all customers who answered."
    )
    measure = fields.Selection(MEASURES, "Question", readonly=True)
    score = fields.Float(
        "Mean answer", readonly=True, digits=(3, 1), aggregator="avg", help="1 to 5."
    )
    answer_count = fields.Integer("Answers", readonly=True, aggregator="sum")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT row_number() OVER (
                       ORDER BY answer.process_id, answer.measure,
                                member.segment_id NULLS FIRST) AS id,
                   answer.process_id, answer.company_id, member.segment_id,
                   answer.measure, AVG(answer.value) AS score,
                   COUNT(*) AS answer_count
              FROM (%s) answer
              JOIN res_company owner ON owner.id = answer.company_id
             CROSS JOIN LATERAL (
                   SELECT NULL::int AS segment_id
                    UNION ALL
                   SELECT rel.segment_id FROM crm_segment_customer_rel rel
                    WHERE rel.customer_id = answer.customer_id) member
             WHERE answer.date >= %s
             GROUP BY answer.process_id, answer.company_id, member.segment_id,
                      answer.measure
            """,
            self.env["crm.process.answer"]._table_query,
            self.env["crm.process"]._sql_window_start(),
        )
