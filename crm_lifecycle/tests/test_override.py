from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError

from .common import LifecycleCommon


class TestOverride(LifecycleCommon):
    def setUp(self):
        super().setUp()
        self._make_lead(self.hormuz, user_id=self.omid.id)
        self._process()
        self.customer = self._customer_of(self.hormuz)

    def _override(self, **values):
        self.customer.with_user(self.omid).write(
            {"stage_id": self._stage("retain").id, "pin_reason": "Old friend", **values}
        )

    def test_a_person_moves_pins_and_says_why(self):
        self._override()
        self.assertTrue(self.customer.stage_pinned)
        last = self.customer.history_ids.filtered(lambda h: not h.date_to)
        self.assertEqual(last.stage_id, self._stage("retain"))
        self.assertEqual(last.user_id, self.omid)
        self.assertEqual(last.reason, "Old friend")
        self.assertEqual(self.customer.stage_since, last.date_from)
        self.assertEqual(self._stages_of(self.customer), ["select", "retain"])

    def test_moved_again_without_a_reason_the_old_one_does_not_stay(self):
        self._override(pin_until="2100-01-01")
        self.customer.stage_id = self._stage("lost")
        last = self.customer.history_ids.filtered(lambda h: not h.date_to)
        self.assertEqual(last.reason, "Set by hand")
        self.assertFalse(self.customer.pin_until)

    def test_rules_leave_the_pinned_alone(self):
        self._override()
        self._make_lead(self.hormuz, type="opportunity")
        self._process()
        self.Customer.action_refresh()
        self.assertEqual(self.customer.stage_id.code, "retain")
        self.assertEqual(self.customer.qualified_lead_count, 1)

    def test_unpinned_the_rules_decide_again(self):
        self._override()
        self.customer.action_unpin()
        self._process()
        self.assertEqual(self.customer.stage_id.code, "select")
        self.assertFalse(self.customer.pin_reason)
        self.assertEqual(self._stages_of(self.customer), ["select", "retain", "select"])

    def test_a_pin_runs_out(self):
        today = fields.Date.today()
        self._override(pin_until=today + timedelta(days=5))
        with freeze_time(today + timedelta(days=5)):
            self.Customer._refresh_all()
            self.assertTrue(self.customer.stage_pinned)
        with freeze_time(today + timedelta(days=6)):
            self.Customer._refresh_all()
            self.assertFalse(self.customer.stage_pinned)
            self.assertEqual(self.customer.stage_id.code, "select")

    def test_writing_the_same_stage_records_nothing(self):
        before = self.customer.history_ids
        self.customer.stage_id = self.customer.stage_id
        self.assertEqual(self.customer.history_ids, before)
        self.assertFalse(self.customer.stage_pinned)

    def test_the_wizard_moves_several(self):
        self._make_lead(self.caspian)
        self._process()
        both = self.customer | self._customer_of(self.caspian)
        wizard = self.env["crm.customer.override"].with_context(
            active_model="crm.customer", active_ids=both.ids
        )
        wizard.create(
            {"stage_id": self._stage("lost").id, "reason": "Left the market"}
        ).action_apply()
        self.assertEqual(both.stage_id, self._stage("lost"))
        self.assertEqual(set(both.mapped("pin_reason")), {"Left the market"})

    def test_the_hook_hears_of_every_change(self):
        heard = []
        with self._patch_hook(heard):
            self._override()
            self._make_lead(self.caspian, type="opportunity")
            self._process()
        old = self._stage("select").id
        self.assertEqual(heard[0], (self.customer.ids, {self.customer.id: old}))
        caspian = self._customer_of(self.caspian)
        self.assertEqual(
            heard[1], (caspian.ids, {caspian.id: self._stage("identify").id})
        )

    def _patch_hook(self, heard):
        def hear(customers, old):
            heard.append((customers.ids, old))

        return patch.object(
            self.env.registry["crm.customer"], "_on_stage_changed", hear
        )

    def test_contact_and_company_of_a_customer_stay(self):
        with self.assertRaises(UserError):
            self.customer.partner_id = self.caspian
        with self.assertRaises(UserError):
            self.customer.company_id = self.bahar_company
