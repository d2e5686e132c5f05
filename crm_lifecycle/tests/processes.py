from .common import LifecycleCommon


class ProcessCommon(LifecycleCommon):
    """Adds two processes of Arvand, and answers to its survey."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Process = cls.env["crm.process"]
        cls.delivery, cls.invoicing = cls.Process.create(
            [
                {
                    "name": name,
                    "company_id": cls.arvand.id,
                    "owner_id": cls.omid.id,
                }
                for name in ("Delivery", "Invoicing")
            ]
        )
        cls.serve = cls.env.ref("crm_lifecycle.crm_process_goal_serve")
        cls.retain = cls.env.ref("crm_lifecycle.crm_process_goal_retain")

    def _answer(self, partner, answers, done=True, survey=None, **values):
        """Answer the survey.

        :param dict answers: {(measure, process): 1 to 5}
        """
        survey = survey or self.arvand.process_survey_id
        taken = survey._create_answer(partner=partner, check_attempts=False, **values)
        for measure in {measure for measure, _process in answers}:
            question = survey.question_ids.filtered(
                lambda q, m=measure: q.crm_measure == m
            )
            given = {}
            for (asked, process), value in answers.items():
                if asked != measure:
                    continue
                row = question.matrix_row_ids.filtered(
                    lambda r, p=process: r.crm_process_id == p
                )
                choice = question.suggested_answer_ids.filtered(
                    lambda c, v=value: c.crm_value == v
                )
                given[str(row.id)] = [str(choice.id)]
            taken._save_lines(question, given)
        if done:
            taken._mark_done()
        return taken

    def _measure(self):
        self.env.flush_all()
        self.Process._cron_measure()
        self.env.invalidate_all()

    def _judge(self, process, goal, effect):
        return self.env["crm.process.effect"].create(
            {
                "process_id": process.id,
                "goal_id": goal.id,
                "effect": str(effect),
                "reason": "We saw it",
            }
        )

    def _rows(self, survey=None):
        survey = survey or self.arvand.process_survey_id
        return {
            question.crm_measure: question.matrix_row_ids.mapped("value")
            for question in survey.question_ids
            if question.crm_measure
        }
