from odoo import api, fields, models
from odoo.exceptions import ValidationError

SCALES = ("scale", "numerical_box")


class SurveyQuestion(models.Model):
    _inherit = "survey.question"

    crm_attitude = fields.Selection(
        [("satisfaction", "Satisfaction"), ("recommendation", "Recommendation")],
        "Tells the Customer's",
        help="Answers count as the attitude of the customer whose contact gave them, "
        "brought to a scale from 0 to 10.",
    )

    @api.constrains("crm_attitude", "question_type")
    def _check_crm_attitude(self):
        for question in self:
            if question.crm_attitude and question.question_type not in SCALES:
                raise ValidationError(
                    self.env._(
                        "“%(question)s” has no numbers as answers, so it cannot tell "
                        "satisfaction or recommendation. Make it a scale.",
                        question=question.title,
                    )
                )
            if (
                question.crm_attitude
                and question.question_type == "numerical_box"
                and not (
                    question.validation_required
                    and question.validation_max_float_value
                    > question.validation_min_float_value
                )
            ):
                raise ValidationError(
                    self.env._(
                        "Set the lowest and the highest answer of “%(question)s”, so "
                        "that answers can be brought to a scale from 0 to 10.",
                        question=question.title,
                    )
                )
