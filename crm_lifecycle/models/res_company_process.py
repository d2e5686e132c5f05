from odoo import fields, models

from .crm_process_survey import TEMPLATE


class ResCompany(models.Model):
    """With which survey a company asks about processes, and how far it looks back."""

    _inherit = "res.company"

    process_survey_id = fields.Many2one(
        "survey.survey", "Survey about processes", copy=False, ondelete="set null"
    )
    process_window_months = fields.Integer(
        "Months of answers that count",
        required=True,
        default=12,
        help="Answers and ratings about processes count for so many months.",
    )

    _process_window_positive = models.Constraint(
        "CHECK (process_window_months > 0)",
        "Answers have to count for at least one month.",
    )

    def _get_process_survey(self):
        """Return the survey of a root company, a copy of the shipped one."""
        self.ensure_one()
        template = self.env.ref(TEMPLATE, raise_if_not_found=False)
        if template and not self.process_survey_id:
            survey = template.copy({"active": True})
            survey.question_ids.matrix_row_ids.unlink()  # other companies' processes
            titles = template._fields["title"]._get_stored_translations(template)
            survey.update_field_translations("title", titles)
            self.process_survey_id = survey
        return self.process_survey_id

    def _translate_process_survey(self):
        """Take over questions and answers in languages installed since the copy."""
        template = self.env.ref(TEMPLATE, raise_if_not_found=False)
        survey = self.process_survey_id
        if not template or not survey:
            return
        pairs = [(template, survey, "title")]
        own = {q.crm_measure: q for q in survey.question_ids if q.crm_measure}
        for question in template.question_ids.filtered(lambda q: q.crm_measure in own):
            copied = own[question.crm_measure]
            pairs.append((question, copied, "title"))
            choices = {a.crm_value: a for a in copied.suggested_answer_ids}
            pairs += [
                (answer, choices[answer.crm_value], "value")
                for answer in question.suggested_answer_ids
                if answer.crm_value in choices
            ]
        for source, target, name in pairs:
            field = source._fields[name]
            texts = field._get_stored_translations(source) or {}
            known = field._get_stored_translations(target) or {}
            fresh = {code: texts[code] for code in texts.keys() - known.keys()}
            if fresh:
                target.update_field_translations(name, fresh)
