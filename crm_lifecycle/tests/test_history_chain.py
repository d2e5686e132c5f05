import random

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tools import SQL, mute_logger

from .common import LifecycleCommon


class ChainCommon(LifecycleCommon):
    def _check_constraints(self):
        """Have the database check now what it checks at the commit."""
        self.env.flush_all()
        self.env.cr.execute(SQL("SET CONSTRAINTS ALL IMMEDIATE"))
        self.env.cr.execute(SQL("SET CONSTRAINTS ALL DEFERRED"))

    def _check_chain(self, customers):
        """Without gap or overlap, and the open interval is the present stage."""
        self._check_constraints()
        self.env.invalidate_all()
        for customer in customers.exists():
            history = customer.history_ids.sorted("date_from")
            self.assertTrue(history)
            for before, after in zip(history, history[1:], strict=False):
                self.assertLess(before.date_from, before.date_to)
                self.assertEqual(before.date_to, after.date_from)
            self.assertFalse(history[-1].date_to)
            self.assertEqual(history[-1].stage_id, customer.stage_id)
            self.assertEqual(history[-1].date_from, customer.stage_since)


class TestHistoryChain(ChainCommon):
    """What the database refuses, whoever asks for it."""

    def setUp(self):
        super().setUp()
        self._make_lead(self.hormuz)
        self._process()
        self._pay(self._bill(self._make_order(self.hormuz)))
        self._process()
        self.customer = self._customer_of(self.hormuz)
        self.customer.stage_id = self._stage("lost")
        self.history = self.customer.history_ids.sorted("date_from")
        self._check_constraints()

    def _assert_refused(self, *statements):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            for statement in statements:
                self.env.cr.execute(statement)
            self._check_constraints()

    def test_a_gap_is_refused(self):
        first, middle, last = self.history
        day = SQL("interval '1 hour'")
        table = SQL("crm_lifecycle_history")
        for name, statement in {
            "left earlier": SQL(
                "UPDATE %s SET date_to = date_from + (date_to - date_from) / 2"
                " WHERE id = %s",
                table,
                first.id,
            ),
            "entered later": SQL(
                "UPDATE %s SET date_from = date_from + %s WHERE id = %s",
                table,
                day,
                last.id,
            ),
            "middle deleted": SQL("DELETE FROM %s WHERE id = %s", table, middle.id),
            "open deleted": SQL("DELETE FROM %s WHERE id = %s", table, last.id),
            "open closed": SQL(
                "UPDATE %s SET date_to = date_from + %s WHERE id = %s",
                table,
                day,
                last.id,
            ),
            "long before": SQL(
                """
                INSERT INTO %s (customer_id, company_id, stage_id, date_from, date_to)
                VALUES (%s, %s, %s, '2001-01-01', '2002-01-01')
                """,
                table,
                self.customer.id,
                self.customer.company_id.id,
                self.customer.stage_id.id,
            ),
        }.items():
            with self.subTest(name):
                self._assert_refused(statement)

    def test_an_overlap_is_refused(self):
        first, middle, last = self.history
        insert = SQL(
            """
            INSERT INTO crm_lifecycle_history
                   (customer_id, company_id, stage_id, date_from, date_to)
            SELECT customer_id, company_id, stage_id, date_from + interval '1 second',
                   date_to FROM crm_lifecycle_history WHERE id = %s
            """,
            first.id,
        )
        longer = SQL(
            "UPDATE crm_lifecycle_history SET date_to = %s WHERE id = %s",
            last.date_from,
            first.id,
        )
        earlier = SQL(
            "UPDATE crm_lifecycle_history SET date_from = %s WHERE id = %s",
            first.date_from,
            middle.id,
        )
        for name, statement in {
            "one within": insert,
            "left later": longer,
            "entered earlier": earlier,
        }.items():
            with self.subTest(name):
                self._assert_refused(statement)

    def test_an_interval_lasts_some_time(self):
        self._assert_refused(
            SQL(
                "UPDATE crm_lifecycle_history SET date_to = date_from WHERE id = %s",
                self.history[0].id,
            )
        )

    def test_nobody_writes_history_through_the_interface(self):
        for user in (self.omid, self.nika, self.sara):
            history = self.history.with_user(user)
            values = {"customer_id": self.customer.id, "date_from": "2001-01-01"}
            for attempt in (
                lambda h=history: h.write({"date_to": "2001-01-01"}),
                lambda h=history: h[:1].unlink(),
                lambda h=history, v=values: h.create(v),
            ):
                with self.assertRaises(AccessError):
                    attempt()

    def test_deleting_the_customer_deletes_his_history(self):
        self.customer.unlink()
        self._check_constraints()
        self.assertFalse(self.history.exists())

    def test_a_move_at_the_moment_of_entry_replaces_the_interval(self):
        open_interval = self.history[-1]
        self.env["crm.lifecycle.history"]._record_moves(
            SQL(
                """
                SELECT customer_id, company_id, %s::int AS stage_id, date_from,
                       NULL::int AS rule_id, %s::int AS user_id, 'again' AS reason
                  FROM crm_lifecycle_history WHERE id = %s
                """,
                self._stage("retain").id,
                self.env.uid,
                open_interval.id,
            )
        )
        self._check_constraints()
        self.assertFalse(open_interval.exists())
        last = self.customer.history_ids.filtered(lambda h: not h.date_to)
        self.assertEqual(last.stage_id.code, "retain")
        self.assertEqual(last.cause, "person")

    def test_every_interval_names_its_cause(self):
        self.assertEqual(self.history[0].cause, "entry")
        self.assertEqual(self.history[1].cause, "rule")
        self.assertEqual(self.history[-1].cause, "person")
        rule = self.history[1].rule_id
        rule.unlink()
        self.assertEqual(self.history[1].cause, "rule")
        plain = self.Customer.create({"partner_id": self.caspian.id})
        self.assertEqual(plain.history_ids.cause, "person")

    def test_a_pin_that_comes_with_a_merge_is_its_work(self):
        self._make_lead(self.caspian)
        self._process()
        kept = self._customer_of(self.caspian)
        self._make_lead(self.caspian, type="opportunity")
        self._process()  # entered later than the pinned stage
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.hormuz | self.caspian).ids, self.caspian)
        self._process()
        self._check_chain(kept)
        last = kept.history_ids.filtered(lambda h: not h.date_to)
        self.assertEqual((last.stage_id.code, last.cause), ("lost", "merge"))

    def test_whole_histories_are_inserted_at_once(self):
        customer = self.Customer.create({"partner_id": self.caspian.id})
        customer.history_ids.unlink()
        History = self.env["crm.lifecycle.history"]
        stages = [self._stage(code).id for code in ("identify", "acquire", "develop")]
        days = ["2025-01-01", "2025-01-01", "2025-03-01"]
        History._insert_intervals(
            SQL(
                """
                SELECT %s AS customer_id, %s AS company_id, seen.stage_id,
                       seen.date_from, lead(seen.date_from) OVER (ORDER BY seen.number)
                       AS date_to, NULL::int AS rule_id, NULL::int AS user_id,
                       NULL AS reason
                  FROM unnest(%s::int[], %s::timestamp[]) WITH ORDINALITY
                       AS seen(stage_id, date_from, number)
                """,
                customer.id,
                customer.company_id.id,
                stages,
                days,
            )
        )
        self._check_constraints()
        self.assertEqual(self._stages_of(customer), ["acquire", "develop"])
        causes = customer.history_ids.sorted("date_from").mapped("cause")
        self.assertEqual(causes, ["entry", "none"])

    def test_durations_are_added_up_by_the_database(self):
        History = self.env["crm.lifecycle.history"]
        domain = [("customer_id", "=", self.customer.id)]
        [(total, count)] = History._read_group(domain, [], ["duration:sum", "__count"])
        self.assertEqual(count, 3)
        self.assertAlmostEqual(total, sum(self.history.mapped("duration")), places=3)
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lifecycle_history SET date_from = date_from - "
                "interval '90 days' WHERE id = %s",
                self.history[0].id,
            )
        )
        self.env.invalidate_all()
        long = History.search([*domain, ("duration", ">", 30)])
        self.assertEqual(long, self.history[0])
        self.assertEqual(
            History.search(domain, order="duration desc", limit=1), self.history[0]
        )
        self.assertIn("duration", History.fields_get(["duration"]))
        self.assertEqual(
            History.fields_get(["duration"])["duration"]["aggregator"], "avg"
        )


class TestRandomHistory(ChainCommon):
    """Whatever happens in whatever order, the history stays one chain."""

    def test_the_chain_holds_over_random_operations(self):
        dice = random.Random(19)  # always the same story
        partners = self.env["res.partner"].create(
            [{"name": f"R{number}", "is_company": True} for number in range(6)]
        )
        stages = [self._stage(code) for code in ("select", "retain", "lost")]

        def someone():
            return dice.choice(partners.exists())

        def customer():
            return self._customer_of(someone())

        def pay():
            invoice = self._make_invoice(
                someone(), invoice_date=self._days_ago(dice.randrange(500))
            )
            self._pay(invoice, payment_date=fields.Date.today())

        def merge():
            if len(partners.exists()) > 3:
                pair = self.env["res.partner"].browse(
                    dice.sample(partners.exists().ids, 2)
                )
                wizard = self.env["base.partner.merge.automatic.wizard"].create({})
                wizard._merge(pair.ids, pair[0])

        operations = {
            "lead": lambda: self._make_lead(someone()),
            "chance": lambda: self._make_lead(someone(), type="opportunity"),
            "pay": pay,
            "person": lambda: customer().write({"stage_id": dice.choice(stages).id}),
            "unpin": lambda: customer().action_unpin(),
            "archive": lambda: someone().write({"active": bool(dice.randrange(2))}),
            "merge": merge,
            "refresh": self.Customer.action_refresh,
        }
        for partner in partners:
            self._make_lead(partner)
        self._process()
        for step in range(60):
            name = dice.choice(sorted(operations))
            operations[name]()
            if dice.randrange(3):
                self._process()
            with self.subTest(step=step, operation=name):
                self._check_chain(
                    self.Customer.with_context(active_test=False).search(
                        [("partner_id", "in", partners.exists().ids)]
                    )
                )
        self._process()
