from psycopg2.errors import UniqueViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import mute_logger

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


class TestProcessSurvey(ProcessCommon):
    def test_every_active_process_has_its_row_in_every_question(self):
        names = ["Delivery", "Invoicing"]
        self.assertEqual(
            self._rows(),
            {"importance": names, "satisfaction": names, "effort": names},
        )

    def test_rows_follow_the_register(self):
        self.Process.create({"name": "Advice", "owner_id": self.omid.id, "sequence": 1})
        self.invoicing.name = "Billing"
        self.assertEqual(self._rows()["effort"], ["Advice", "Delivery", "Billing"])
        self.delivery.active = False
        self.assertEqual(self._rows()["effort"], ["Advice", "Billing"])

    def test_answers_about_an_archived_process_come_back_with_it(self):
        self._answer(self.hormuz, {("importance", self.delivery): 4})
        self.delivery.active = False
        self._answer(self.caspian, {("importance", self.invoicing): 2})
        self.delivery.active = True
        self._measure()
        self.assertEqual(self.delivery.importance_count, 1)
        self.assertEqual(self.delivery.importance, 4.0)
        self.assertEqual(len(self._rows()["importance"]), 2)

    def test_syncing_again_changes_nothing(self):
        rows = self.arvand.process_survey_id.question_ids.matrix_row_ids
        before = rows.mapped("write_date")
        self.Process._cron_measure()
        self.env.flush_all()
        after = self.arvand.process_survey_id.question_ids.matrix_row_ids
        self.assertEqual((rows, before), (after, after.mapped("write_date")))

    def test_companies_ask_with_surveys_of_their_own(self):
        other = self.Process.create(
            {
                "name": "Theirs",
                "company_id": self.bahar_company.id,
                "owner_id": self.bahar.id,
            }
        )
        survey = self.bahar_company.process_survey_id
        self.assertNotEqual(survey, self.arvand.process_survey_id)
        self.assertEqual(self._rows(survey)["importance"], ["Theirs"])
        self.assertNotIn("Theirs", self._rows()["importance"])
        self.assertTrue(survey.active)
        template = self.env.ref("crm_lifecycle.crm_process_survey")
        self.assertFalse(template.active)
        self.assertEqual(survey.title, template.title)
        self._answer(self.hormuz, {("importance", other): 5}, survey=survey)
        self._measure()
        self.assertEqual(other.importance, 5.0)
        self.assertEqual(self.delivery.importance_count, 0)

    def test_the_survey_speaks_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        template = self.env.ref("crm_lifecycle.crm_process_survey")
        template.with_context(lang="fa_IR").title = "کدام فرایند؟"
        self.delivery.with_context(lang="fa_IR").name = "تحویل"
        self._measure()
        survey = self.arvand.process_survey_id.with_context(lang="fa_IR")
        self.assertEqual(survey.title, "کدام فرایند؟")
        row = survey.question_ids.matrix_row_ids.filtered(
            lambda r: r.crm_process_id == self.delivery
        )[:1]
        self.assertEqual(row.value, "تحویل")
        self.assertEqual(row.with_context(lang="en_US").value, "Delivery")

    def test_who_was_asked_about_cannot_be_deleted(self):
        self._answer(self.hormuz, {("effort", self.delivery): 4})
        with self.assertRaises(UserError):
            self.delivery.unlink()
        self.invoicing.unlink()
        self.assertEqual(self._rows()["effort"], ["Delivery"])

    def test_only_who_may_be_written_to_is_asked(self):
        self.hormuz.email = "h@example.com"
        self.caspian.email = "c@example.com"
        self.env["mail.blacklist"].create({"email": "c@example.com"})
        silent = self.env["res.partner"].create({"name": "Silent"})
        company = self.env["res.partner"].create({"name": "By contact"})
        contact = self.env["res.partner"].create(
            {"name": "C", "parent_id": company.id, "email": "x@example.com"}
        )
        partners = self.hormuz | self.caspian | silent | company
        self.assertEqual(
            self.Process._get_survey_recipients(partners), self.hormuz | contact
        )

    def test_a_segment_is_asked_by_mail(self):
        self.hormuz.email = "h@example.com"
        self.sara.email = "sara@example.com"
        self._make_lead(self.hormuz)
        self._make_lead(self.caspian)
        self._process()
        segment = self.env["crm.segment"].create(
            {"name": "All", "company_id": self.arvand.id}
        )
        wizard = (
            self.env["crm.process.ask"]
            .with_user(self.sara)
            .create({"company_id": self.arvand.id, "segment_id": segment.id})
        )
        self.assertEqual((wizard.recipient_count, wizard.refused_count), (1, 1))
        wizard.action_send()
        survey = self.arvand.process_survey_id
        self.assertEqual(survey.user_input_ids.partner_id, self.hormuz)
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertEqual(mail.recipient_ids, self.hormuz)
        self.assertIn(survey.user_input_ids.access_token, mail.body_html)

    def test_asking_nobody_or_about_nothing_is_refused(self):
        Ask = self.env["crm.process.ask"].with_user(self.sara)
        with self.assertRaises(UserError):
            Ask.create({"company_id": self.arvand.id}).action_send()
        self.hormuz.email = "h@example.com"
        (self.delivery | self.invoicing).active = False
        with self.assertRaises(UserError):
            Ask.create(
                {
                    "company_id": self.arvand.id,
                    "partner_ids": [Command.set(self.hormuz.ids)],
                }
            ).action_send()
        with self.assertRaises(AccessError):
            self.env["crm.process.ask"].with_user(self.omid).create({})


class TestProcessScores(ProcessCommon):
    def test_scores_are_means_of_what_customers_answered(self):
        self._answer(
            self.hormuz,
            {
                ("importance", self.delivery): 5,
                ("satisfaction", self.delivery): 2,
                ("effort", self.delivery): 4,
            },
        )
        self._answer(
            self.caspian,
            {("importance", self.delivery): 4, ("satisfaction", self.delivery): 5},
        )
        self._measure()
        self.assertEqual(self.delivery.importance, 4.5)
        self.assertEqual(self.delivery.importance_count, 2)
        self.assertEqual(self.delivery.satisfaction, 3.5)
        self.assertEqual((self.delivery.effort, self.delivery.effort_count), (4.0, 1))
        self.assertEqual(self.delivery.dissatisfaction, 50.0)
        self.assertEqual(self.delivery.dissatisfaction_count, 2)

    def test_what_nobody_was_asked_is_no_data_and_not_zero(self):
        self._measure()
        self.env.cr.execute(
            "SELECT importance, satisfaction, effort, dissatisfaction, priority, rank,"
            " level FROM crm_process WHERE id = %s",
            [self.delivery.id],
        )
        self.assertEqual(self.env.cr.fetchone(), (None,) * 6 + ("unknown",))
        self.assertEqual(self.delivery.importance_count, 0)
        groups = self.Process._read_group(
            [("id", "=", self.delivery.id)], [], ["importance:avg"]
        )
        self.assertFalse(groups[0][0])

    def test_unfinished_trial_and_old_answers_do_not_count(self):
        answers = {("importance", self.delivery): 5}
        self._answer(self.hormuz, answers, done=False)
        self._answer(self.hormuz, answers).test_entry = True
        old = self._answer(self.caspian, answers)
        old.end_datetime = fields.Datetime.subtract(fields.Datetime.now(), months=14)
        self._measure()
        self.assertEqual(self.delivery.importance_count, 0)
        self.arvand.process_window_months = 24
        self._measure()
        self.assertEqual(self.delivery.importance_count, 1)

    def test_a_finished_answer_wakes_the_measuring(self):
        cron = self.env.ref("crm_lifecycle.ir_cron_processes")
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count([("cron_id", "=", cron.id)])
        self._answer(self.hormuz, {("importance", self.delivery): 5})
        self.assertGreater(triggers.search_count([("cron_id", "=", cron.id)]), before)

    def test_priority_is_importance_times_effect_and_ranks(self):
        self._answer(
            self.hormuz,
            {("importance", self.delivery): 5, ("importance", self.invoicing): 4},
        )
        self._judge(self.delivery, self.serve, 3)
        self._judge(self.delivery, self.retain, 2)
        self._judge(self.invoicing, self.serve, 1)
        self._measure()
        self.assertEqual(self.delivery.effect, 2.5)
        self.assertEqual(self.delivery.priority, 12.5)
        self.assertEqual((self.delivery.rank, self.delivery.level), (1, "high"))
        self.assertEqual((self.invoicing.rank, self.invoicing.level), (2, "low"))
        self.retain.weight = 3
        self.assertEqual(self.delivery.effect, 2.25)
        self.invoicing.effect_ids.unlink()
        self.assertEqual(self.invoicing.level, "unknown")

    def test_among_equals_the_most_dissatisfying_comes_first(self):
        for process, satisfaction in ((self.delivery, 5), (self.invoicing, 1)):
            self._answer(
                self.hormuz,
                {("importance", process): 4, ("satisfaction", process): satisfaction},
            )
            self._judge(process, self.serve, 2)
        self._measure()
        ours = self.Process.search([("company_id", "=", self.arvand.id)])
        self.assertEqual(ours, self.invoicing | self.delivery)
        self.assertEqual(ours.mapped("rank"), [1, 2])

    def test_low_ratings_of_linked_documents_count_as_dissatisfaction(self):
        orders = {
            company: self._make_order(self.hormuz, confirm=False, company_id=company.id)
            for company in (self.arvand, self.bahar_company)
        }
        for company, value in (
            (self.arvand, 1),
            (self.arvand, 5),
            (self.bahar_company, 1),
        ):
            self._rate(orders[company], self.hormuz, value)
        self._rate(orders[self.arvand], self.hormuz, 1, consumed=False)
        self._measure()
        self.assertEqual(self.delivery.dissatisfaction_count, 0)
        self.delivery.rating_model_ids = self._rated("sale.order")
        self.assertEqual(self.delivery.dissatisfaction_count, 2)
        self.assertEqual(self.delivery.dissatisfaction, 50.0)

    def test_a_rating_without_company_belongs_to_the_only_one_that_knows_him(self):
        self._make_lead(self.hormuz)
        self._make_lead(self.caspian)
        self._make_lead(self.caspian, company_id=self.bahar_company.id)
        self._process()
        for partner in (self.hormuz, self.caspian):
            self._rate(partner, partner, 2)
        self.delivery.rating_model_ids = self._rated("res.partner")
        self.assertEqual(self.delivery.dissatisfaction_count, 1)
        self.assertEqual(self.delivery.dissatisfaction, 100.0)

    def _rated(self, model):
        Document = self.env["crm.rated.document"]
        return Document.search([("model", "=", model)]) or Document.create(
            {"model": model}
        )

    def test_managers_choose_among_what_can_be_rated(self):
        Document = self.env["crm.rated.document"]
        Document.create({"model": "gone.model"})
        Document._sync()
        self.assertNotIn("gone.model", Document.search([]).mapped("model"))
        for document in Document.search([]):
            self.assertIn("rating_ids", self.env[document.model]._fields)

    def test_a_manager_opens_everything_a_process_shows(self):
        """Not only readable fields: the models behind them as well."""
        self._judge(self.delivery, self.serve, 2)
        for user in (self.sara, self.omid):
            Process = self.env["crm.process"].with_user(user)
            view = Process.get_views([(False, "form"), (False, "list")])
            fields_ = view["models"]["crm.process"]["fields"]
            spec = {
                name: {"fields": {"display_name": {}}} if field.get("relation") else {}
                for name, field in fields_.items()
            }
            self.env.invalidate_all()
            Process.browse(self.delivery.id).web_read(spec)

    def _rate(self, document, partner, value, consumed=True):
        self.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id(document._name),
                "res_id": document.id,
                "partner_id": partner.id,
                "rating": value,
                "consumed": consumed,
            }
        )

    def test_scores_tell_segments_apart(self):
        self._make_lead(self.hormuz)
        self._make_lead(self.caspian)
        self._process()
        segment = self.env["crm.segment"].create(
            {
                "name": "List",
                "kind": "fixed",
                "company_id": self.arvand.id,
                "customer_ids": [Command.set(self._customer_of(self.hormuz).ids)],
            }
        )
        self._answer(self.hormuz, {("importance", self.delivery): 5})
        self._answer(self.caspian, {("importance", self.delivery): 2})
        scores = self.env["crm.process.score"].search(
            [("process_id", "=", self.delivery.id), ("measure", "=", "importance")]
        )
        found = {s.segment_id: (s.score, s.answer_count) for s in scores}
        nobody = self.env["crm.segment"]
        self.assertEqual(found, {nobody: (3.5, 2), segment: (5.0, 1)})

    def test_an_unchanged_measuring_writes_nothing(self):
        self._answer(self.hormuz, {("importance", self.delivery): 5})
        self._judge(self.delivery, self.serve, 1)
        self._measure()
        query = "SELECT ctid::text, xmin::text FROM crm_process ORDER BY id"
        self.env.cr.execute(query)
        before = self.env.cr.fetchall()
        self._measure()
        self.env.cr.execute(query)
        self.assertEqual(self.env.cr.fetchall(), before)

    def test_fifty_processes_take_as_many_statements_as_five(self):
        def count(size):
            self.Process.create(
                [
                    {"name": f"P{number}", "owner_id": self.omid.id}
                    for number in range(size)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.delivery._refresh_scores()
            return self.env.cr.sql_log_count - before

        self.assertEqual(count(5), count(45))


class TestProcessRegister(ProcessCommon):
    def test_none_is_without_an_owner_who_can_see_it(self):
        for owner in (self.leila, self.bahar):
            with self.assertRaises(ValidationError):
                self.delivery.owner_id = owner
        with self.assertRaises(ValidationError):
            self.Process.create(
                {"name": "X", "owner_id": self.leila.id, "company_id": self.arvand.id}
            )

    def test_measured_figures_cannot_be_typed_in(self):
        for user in (self.omid, self.sara):
            for name, value in (("importance", 5), ("rank", 1), ("level", "high")):
                with self.assertRaises(AccessError):
                    self.delivery.with_user(user).write({name: value})
        with self.assertRaises(AccessError):
            self.Process.with_user(self.sara).create(
                {"name": "X", "priority": 15, "owner_id": self.sara.id}
            )

    def test_the_owner_keeps_his_process_and_no_other(self):
        own = self.delivery.with_user(self.omid)
        own.write({"target_name": "Days", "target_value": 5})
        self.env["crm.process.effect"].with_user(self.omid).create(
            {
                "process_id": own.id,
                "goal_id": self.serve.id,
                "effect": "2",
                "reason": "Because",
            }
        )
        self.invoicing.owner_id = self.nika
        with self.assertRaises(AccessError):
            self.invoicing.with_user(self.omid).name = "Mine"
        with self.assertRaises(AccessError):
            self.env["crm.process.measurement"].with_user(self.omid).create(
                {"process_id": self.invoicing.id, "value": 1}
            )
        self.invoicing.with_user(self.sara).name = "Ours"
        with self.assertRaises(AccessError):
            self.Process.with_user(self.omid).create({"name": "New"})

    def test_another_companys_manager_sees_nothing_of_it(self):
        self._answer(self.hormuz, {("importance", self.delivery): 5})
        effect = self._judge(self.delivery, self.serve, 3)
        self.env.flush_all()
        answers = self.env["crm.process.answer"].search(
            [("process_id", "=", self.delivery.id)]
        )
        self.assertTrue(answers)
        there = {"allowed_company_ids": self.bahar_company.ids}
        for records in (self.delivery, effect, answers):
            with self.assertRaises(AccessError):
                records.with_user(self.bahar).with_context(**there).read(["company_id"])
        for model in ("crm.process", "crm.process.answer", "crm.process.score"):
            Model = self.env[model].with_user(self.bahar).with_context(**there)
            seen = Model.search([])
            self.assertNotIn(self.arvand, seen.sudo().company_id)

    def test_a_salesperson_reads_answers_of_his_own_customers(self):
        self._make_lead(self.hormuz, user_id=self.omid.id)
        self._make_lead(self.caspian, user_id=self.nika.id)
        self._process()
        for partner in (self.hormuz, self.caspian):
            self._answer(partner, {("importance", self.delivery): 5})
        Answer = self.env["crm.process.answer"].with_user(self.omid)
        self.assertEqual(Answer.search([]).partner_id, self.hormuz)

    def test_a_process_stays_in_its_company(self):
        with self.assertRaises(UserError):
            self.delivery.company_id = self.bahar_company

    def test_an_effect_needs_a_reason_and_comes_once_per_goal(self):
        self._judge(self.delivery, self.serve, 1)
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self._judge(self.delivery, self.serve, 2)

    def test_cost_and_share_say_where_they_come_from(self):
        for values in (
            {"customer_cost": 100},
            {"value_share": 20},
            {"value_share": 120, "value_note": "x"},
            {"customer_cost": -1, "customer_cost_source": "x"},
        ):
            with self.assertRaises(ValidationError, msg=values):
                self.delivery.write(values)

    def test_contribution_counts_each_customer_once(self):
        self._make_invoice(self.hormuz, price=500.0)
        self._process()
        segments = self.env["crm.segment"].create(
            [{"name": name, "company_id": self.arvand.id} for name in "AB"]
        )
        self.delivery.write(
            {
                "segment_ids": [Command.set(segments.ids)],
                "value_share": 10,
                "value_note": "They told us",
            }
        )
        self.assertEqual(self.delivery.touched_count, 1)
        self.assertEqual(self.delivery.touched_revenue, 500.0)
        self.assertEqual(self.delivery.value_contribution, 50.0)
        foreign = self.env["crm.segment"].create(
            {
                "name": "Theirs",
                "company_id": self.bahar_company.id,
                "owner_id": self.bahar.id,
            }
        )
        with self.assertRaises(ValidationError):
            self.delivery.segment_ids = foreign

    def test_a_target_is_met_by_its_last_measurement(self):
        self.assertEqual(self.delivery.target_state, "none")
        self.delivery.write({"target_name": "Days", "target_value": 5})
        self.assertEqual(self.delivery.target_state, "unmeasured")
        for date, value in (("2026-01-05", 4), ("2026-02-05", 10), ("2025-12-01", 1)):
            self.env["crm.process.measurement"].create(
                {"process_id": self.delivery.id, "date": date, "value": value}
            )
        self.assertEqual(self.delivery.target_state, "missed")
        self.assertEqual(self.delivery.current_value, 10)
        self.assertEqual(self.delivery.target_progress, 50.0)
        self.delivery.target_direction = "up"
        self.assertEqual(self.delivery.target_state, "met")
        with self.assertRaises(ValidationError):
            self.env["crm.process.measurement"].create(
                {"process_id": self.delivery.id, "date": "2999-01-01", "value": 1}
            )

    def _make_change(self, **overrides):
        values = {
            "name": "Stock more",
            "process_id": self.delivery.id,
            "user_id": self.nika.id,
            "date_deadline": self._days_ago(-5),
        }
        return self.env["crm.process.action"].create({**values, **overrides})

    def test_a_change_reminds_and_then_its_effect_is_checked(self):
        change = self._make_change()
        self.assertEqual(change.activity_ids.user_id, self.nika)
        change.date_deadline = self._days_ago(-9)
        self.assertEqual(change.activity_ids.date_deadline, self._days_ago(-9))
        change.with_user(self.nika).action_done()
        self.assertEqual(change.date_done, fields.Date.today())
        self.assertEqual(change.activity_ids.user_id, self.omid)
        self.assertIn("Did it help", change.activity_ids.summary)

    def test_late_changes_are_found(self):
        late = self._make_change(date_deadline=self._days_ago(1))
        self._make_change(name="In time")
        self.assertEqual(
            self.env["crm.process.action"].search([("is_late", "=", True)]), late
        )
        self.assertTrue(late.is_late)
        late.state = "cancelled"
        self.assertFalse(late.is_late)
        self.assertFalse(late.activity_ids)

    def test_handovers_are_timed_by_the_working_calendar(self):
        calendar = self.env["resource.calendar"].create(
            {
                "name": "Mornings",
                "tz": "UTC",
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": str(day),
                                "dayofweek": str(day),
                                "hour_from": 8,
                                "hour_to": 12,
                                "day_period": "morning",
                            }
                        )
                        for day in range(5)
                    ),
                ],
            }
        )
        handover = self.env["crm.process.handover"].create(
            {
                "process_id": self.delivery.id,
                "from_team": "Sales",
                "to_team": "Planning",
                "target_hours": 4,
                "calendar_id": calendar.id,
            }
        )
        logs = self.env["crm.process.handover.log"].create(
            [
                {
                    "handover_id": handover.id,
                    "name": name,
                    "date_from": start,
                    "date_to": stop,
                }
                for name, start, stop in (
                    # a Friday at eleven until Monday at ten: 1 + 2 hours
                    ("S1", "2026-01-09 11:00:00", "2026-01-12 10:00:00"),
                    ("S2", "2026-01-12 08:00:00", "2026-01-14 09:00:00"),
                )
            ]
        )
        self.assertEqual(logs.mapped("hours"), [3.0, 9.0])
        self.assertEqual(logs.mapped("is_kept"), [True, False])
        self.assertEqual(handover.average_hours, 6.0)
        self.assertEqual(handover.kept_share, 50.0)
        handover.target_hours = 20
        self.assertEqual(handover.kept_share, 50.0, "what was promised then counts")
        with self.assertRaises(ValidationError):
            logs[0].date_to = "2026-01-01 00:00:00"

    def test_each_segment_has_its_own_review_and_the_earliest_is_next(self):
        segment = self.env["crm.segment"].create(
            {"name": "A", "company_id": self.arvand.id}
        )
        for date, for_segment, due in (
            ("2026-01-01", False, "2026-06-01"),
            ("2026-02-01", False, "2026-08-01"),
            ("2026-01-15", segment.id, "2026-07-01"),
        ):
            self.env["crm.process.review"].create(
                {
                    "process_id": self.delivery.id,
                    "segment_id": for_segment,
                    "date": date,
                    "findings": "Slow",
                    "next_date": due,
                }
            )
        self.assertEqual(str(self.delivery.next_review_date), "2026-07-01")
        with self.assertRaises(ValidationError):
            self.delivery.review_ids[0].next_date = "2025-01-01"

    def test_owners_are_reminded_once_of_a_review(self):
        self.env["crm.process.review"].create(
            {
                "process_id": self.delivery.id,
                "date": self._days_ago(90),
                "findings": "Slow",
                "next_date": self._days_ago(-3),
            }
        )
        for _night in range(2):
            self.Process._cron_remind_reviews()
        self.assertEqual(len(self.delivery.activity_ids), 1)
        self.assertEqual(self.delivery.activity_ids.user_id, self.omid)
        self.assertFalse(self.delivery.is_review_overdue)
        self.delivery.activity_ids.unlink()
        self.Process._cron_remind_reviews()
        self.assertFalse(self.delivery.activity_ids)

    def test_the_months_that_count_are_a_setting(self):
        settings = self.env["res.config.settings"].create({"process_window_months": 6})
        settings.execute()
        self.assertEqual(self.arvand.process_window_months, 6)
