from odoo import fields, models

from .crm_process_answer import MEASURES


class SurveyQuestion(models.Model):
    """A matrix question that asks about each process of the register."""

    _inherit = "survey.question"

    crm_measure = fields.Selection(
        MEASURES,
        "Asks about processes",
        index="btree_not_null",
        help="The rows of the question follow the register of processes.",
    )


class SurveyQuestionAnswer(models.Model):
    """A row that stands for a process, or a column that stands for 1 to 5."""

    _inherit = "survey.question.answer"

    crm_process_id = fields.Many2one(
        "crm.process",
        "Process",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    crm_value = fields.Integer("Counts as", help="1 to 5, in the order of the columns.")
