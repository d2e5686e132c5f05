from odoo.tools import SQL

from .common import LifecycleCommon
from .merge_rows import MergeRows


class TestMergeRows(MergeRows, LifecycleCommon):
    def test_every_row_of_every_model_survives_a_merge(self):
        seen = self.check_every_row_survives()
        self.assertGreaterEqual(seen["crm.interaction"], 2)
        self.assertTrue(seen["crm.lifecycle.history"])

    def test_every_relation_survives_a_merge(self):
        self.assertGreaterEqual(self.check_every_relation_survives(), 1)

    def test_rows_that_are_unique_are_merged(self):
        self.check_unique_rows_are_merged()


class TestCollidingRows(LifecycleCommon):
    """Interactions that, for the length of a test, may exist once per customer."""

    def setUp(self):
        super().setUp()
        self.env.cr.execute(
            SQL(
                "CREATE UNIQUE INDEX once ON crm_interaction"
                " (customer_id, lower(name), COALESCE(duration, 0))"
                " WHERE date < '2900-01-01'"
            )
        )
        self.env.cr.execute(
            SQL("CREATE UNIQUE INDEX one ON crm_interaction (partner_id, name)")
        )
        for partner in (self.hormuz, self.caspian):
            self._make_lead(partner)
        self._process()
        self.kept = self._customer_of(self.hormuz)
        self.merged = self._customer_of(self.caspian)

    def _call(self, partner, name, **values):
        return self.env["crm.interaction"].create(
            {
                "name": name,
                "partner_id": partner.id,
                "channel_id": self.env.ref("crm_lifecycle.crm_channel_phone").id,
                "date": "2026-01-02 10:00:00",
                **values,
            }
        )

    def _merge(self):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.hormuz | self.caspian).ids, self.hormuz)
        self.env.invalidate_all()

    def test_only_what_collides_is_merged_and_nothing_of_it_is_lost(self):
        here = self._call(self.hormuz, "Yearly talk")
        there = self._call(self.caspian, "Yearly talk", note="<p>Wants a discount</p>")
        other = self._call(self.caspian, "Another talk")
        message = there.message_post(body="Call back")
        self.assertEqual(there.customer_id, self.merged)
        there_id = there.id
        self.env.flush_all()
        self._merge()
        self.assertFalse(there.exists())
        self.assertEqual(other.customer_id, self.kept)
        self.assertEqual(other.partner_id, self.hormuz)
        self.assertIn("Wants a discount", here.note)
        self.assertIn(message, here.message_ids)
        log = self.kept.merge_log_ids[0]
        rows = log.snapshot["rows"]
        self.assertEqual([row["model"] for row in rows], ["crm.interaction"])
        self.assertEqual(rows[0]["values"]["id"], there_id)
        self.assertIn("Yearly talk", log.rows_html)

    def test_rows_outside_of_the_condition_do_not_collide(self):
        self.env.cr.execute("DROP INDEX one")
        tomorrow = "2999-01-01 00:00:00"
        for partner in (self.hormuz, self.caspian):
            call = self._call(partner, "Plan")
            self.env.flush_all()
            self.env.cr.execute(
                SQL(
                    "UPDATE crm_interaction SET date = %s WHERE id = %s",
                    tomorrow,
                    call.id,
                )
            )
        self.env.invalidate_all()
        self._merge()
        plans = self.env["crm.interaction"].search([("name", "=", "Plan")])
        self.assertEqual(len(plans), 2)
        self.assertEqual(plans.customer_id, self.kept)
