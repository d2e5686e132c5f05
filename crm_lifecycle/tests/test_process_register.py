from psycopg2.errors import UniqueViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import mute_logger

from .processes import ProcessCommon


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
