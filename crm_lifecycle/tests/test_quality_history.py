from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .common import LifecycleCommon


class TestQualityHistory(LifecycleCommon):
    """Every night the quality of each person's customers is noted down."""

    def setUp(self):
        super().setUp()
        self.Snapshot = self.env["crm.quality.snapshot"]
        self.Snapshot.search([]).unlink()
        names = ("A", "B", "C", "D")
        owners = (self.omid, self.omid, self.nika, self.env["res.users"])
        partners = self.env["res.partner"].create([{"name": name} for name in names])
        self.customers = self.Customer.create(
            [
                {"partner_id": partner.id, "user_id": owner.id}
                for partner, owner in zip(partners, owners, strict=True)
            ]
        )
        self._score(20, 60, 90, 50)

    def _score(self, *scores):
        self.env.flush_all()
        for customer, score in zip(self.customers, scores, strict=True):
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE crm_customer SET quality_score = %(score)s,
                           completeness_score = %(score)s, freshness_score = 100
                     WHERE id = %(id)s
                    """,
                    score=score,
                    id=customer.id,
                )
            )
        self.env.invalidate_all()

    def _at(self, day):
        """The engine on some day."""
        moment = fields.Datetime.to_datetime(day)
        return self.Snapshot.with_context(crm_lifecycle_now=moment)

    def _rows(self, day):
        rows = self.Snapshot.search(
            [("date", "=", day), ("company_id", "=", self.arvand.id)]
        )
        return {
            row.user_id: (row.customer_count, round(row.quality_score, 2))
            for row in rows
        }

    def test_each_person_gets_the_mean_of_his_customers(self):
        day = date(2026, 3, 1)
        self._at(day)._take()
        nobody = self.env["res.users"]
        self.assertEqual(
            self._rows(day),
            {self.omid: (2, 40.0), self.nika: (1, 90.0), nobody: (1, 50.0)},
        )
        row = self.Snapshot.search([("date", "=", day), ("user_id", "=", self.omid.id)])
        self.assertEqual((row.completeness_score, row.freshness_score), (40.0, 100.0))
        policy = self.env.ref("crm_lifecycle.crm_quality_policy_default")
        self.assertEqual(policy.review_completeness, 50)
        self.assertEqual(row.review_count, 1)

    def test_twice_a_day_writes_nothing_and_a_change_is_written_over(self):
        day = date(2026, 3, 1)
        self._at(day)._take()
        query = SQL("SELECT id, xmin::text, ctid::text FROM crm_quality_snapshot")
        before = self.env.execute_query(query)
        self._at(day)._take()
        self.assertEqual(self.env.execute_query(query), before)
        self._score(80, 60, 90, 50)
        self.customers[2].user_id = self.omid
        self._at(day)._take()
        rows = self._rows(day)
        self.assertEqual(rows[self.omid], (3, round(230 / 3, 2)))
        self.assertNotIn(self.nika, rows)

    def test_archived_customers_do_not_count(self):
        self.customers[0].partner_id.active = False
        self._at(date(2026, 3, 1))._take()
        self.assertEqual(self._rows(date(2026, 3, 1))[self.omid], (1, 60.0))

    def test_groups_weigh_by_customers_and_count_those_of_a_day(self):
        first, second = date(2026, 3, 1), date(2026, 3, 2)
        self._at(first)._take()
        self._score(40, 80, 90, 50)
        self._at(second)._take()
        domain = [("company_id", "=", self.arvand.id)]
        found = self.Snapshot._read_group(
            domain, ["date:day"], ["quality_score:avg", "customer_count:avg"]
        )
        self.assertEqual(found, [(first, 55.0, 4.0), (second, 65.0, 4.0)])
        month = self.Snapshot._read_group(
            domain, ["date:month"], ["quality_score:avg", "customer_count:avg"]
        )
        self.assertEqual(month[0][1:], (60.0, 4.0))

    def test_many_customers_take_no_more_statements(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Snapshot._take()
            return self.env.cr.sql_log_count - before

        few = count()
        partners = self.env["res.partner"].create([{"name": "P"} for _ in range(20)])
        self.Customer.create([{"partner_id": partner.id} for partner in partners])
        self.assertEqual(count(), few)

    def test_the_nightly_pass_takes_them(self):
        pass_ = type(self.env["crm.customer.pass"])
        self.patch(pass_, "_cron_refresh_all", lambda self: None)
        self.Customer._cron_refresh_all()
        self.assertTrue(self._rows(fields.Date.today()))

    def test_of_older_months_the_last_day_is_kept(self):
        today = fields.Date.today()
        for days in (0, 5, 200, 201, 202, 240):
            self._at(today - timedelta(days=days))._take()
        self.Snapshot._gc_snapshots()
        left = set(self.Snapshot.search([]).mapped("date"))
        months = {(day.year, day.month) for day in left}
        self.assertIn(today, left)
        self.assertIn(today - timedelta(days=5), left)
        old = [day for day in left if (today - day).days > 150]
        self.assertEqual(len(old), len({(day.year, day.month) for day in old}))
        self.assertGreaterEqual(len(months), 2)

    def test_who_sees_what(self):
        self._at(date(2026, 3, 1))._take()
        there = self.Customer.create(
            {
                "partner_id": self.caspian.id,
                "company_id": self.bahar_company.id,
                "user_id": self.bahar.id,
            }
        )
        self._at(date(2026, 3, 1))._take()
        steward = self._make_user(
            "le_steward", self.arvand, "crm_lifecycle.group_data_steward"
        )
        nobody = self.env["res.users"]
        for user, expected in (
            (self.omid, self.omid | nobody),
            (self.nika, self.omid | self.nika),
            (steward, self.omid | self.nika),
            (self.sara, self.omid | self.nika),
            (self.bahar, there.user_id),
        ):
            allowed = {"allowed_company_ids": user.company_ids.ids}
            seen = self.Snapshot.with_user(user).with_context(**allowed).search([])
            self.assertEqual(seen.sudo().user_id, expected, user.login)
            with self.assertRaises(AccessError):
                seen[:1].write({"quality_score": 100})
        for user in (self.leila, self.portal, self.public):
            with self.assertRaises(AccessError, msg=user.login):
                self.Snapshot.with_user(user).search([])
