from odoo import Command, fields

from .processes import ProcessCommon


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
