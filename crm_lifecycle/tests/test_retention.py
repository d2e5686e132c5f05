from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import LifecycleCommon


@tagged("post_install", "-at_install")
class TestRetention(LifecycleCommon):
    def setUp(self):
        super().setUp()
        self._make_lead(self.hormuz)
        self._process()
        self.customer = self._customer_of(self.hormuz)
        self.policy = self.env["crm.retention.policy"].create(
            {"company_id": self.arvand.id, "mode": "remove"}
        )
        self.life = self.env.ref("crm_lifecycle.crm_info_class_life")
        self.life.retention_months = 12

    def _months_ago(self, months):
        return fields.Date.subtract(fields.Date.today(), months=months)

    def _note(self, months, **overrides):
        values = {
            "name": "Married",
            "customer_id": self.customer.id,
            "class_id": self.life.id,
            "date": self._months_ago(months),
        }
        return self.env["crm.customer.info"].create({**values, **overrides})

    def _talk(self, months, **overrides):
        values = {
            "name": "Call",
            "partner_id": self.hormuz.id,
            "channel_id": self.env.ref("crm_lifecycle.crm_channel_phone").id,
            "date": fields.Datetime.to_datetime(self._months_ago(months)),
        }
        return self.env["crm.interaction"].create({**values, **overrides})

    def _run(self):
        with self.enter_registry_test_mode():
            self.env.ref("crm_lifecycle.ir_cron_retention").method_direct_trigger()
        self.env.invalidate_all()

    def _logs(self):
        return self.env["crm.retention.log"].search(
            [("company_id", "=", self.arvand.id)], order="id"
        )

    def test_notes_expire_by_class_or_own_day_after_they_were_counted(self):
        old, young = self._note(13), self._note(11)
        kept = self._note(20, keep_until=fields.Date.add(fields.Date.today(), days=9))
        over = self._note(5, keep_until=self._months_ago(1))
        self._run()
        self.assertEqual(
            (old | young | kept | over).exists(), old | young | kept | over
        )
        log = self._logs().filtered(lambda log: log.code == "class:life")
        self.assertEqual((log.preview, log.count), (True, 2))
        self._run()
        self.assertEqual((old | young | kept | over).exists(), young | kept)
        log = self._logs().filtered(lambda log: not log.preview)
        self.assertEqual((log.count, log.what), (2, self.life.name))
        self._run()
        self.assertEqual(len(self._logs().filtered(lambda log: not log.preview)), 1)

    def test_changed_months_are_counted_anew_before_anything_goes(self):
        note = self._note(13)
        self._run()
        self.life.retention_months = 6
        self._run()
        self.assertTrue(note.exists())
        self._run()
        self.assertFalse(note.exists())

    def test_interactions_are_kept_unless_months_are_set(self):
        old, young = self._talk(30), self._talk(2)
        self._run()
        self._run()
        self.assertTrue(old.exists())
        self.policy.interaction_months = 24
        self._run()
        self._run()
        self.assertEqual((old | young).exists(), young)

    def test_off_and_count_only_remove_nothing(self):
        note = self._note(13)
        for mode in ("preview", "off"):
            self.policy.mode = mode
            self._run()
            self._run()
            self.assertTrue(note.exists())
        self.assertTrue(self._logs())
        self.assertFalse(self._logs().filtered(lambda log: not log.preview))

    def test_another_companys_data_are_left_alone(self):
        talk = self._talk(30, company_id=self.bahar_company.id)
        self.policy.interaction_months = 24
        self._run()
        self._run()
        self.assertTrue(talk.exists())

    def test_fields_are_blanked_once_the_customer_was_silent(self):
        self.hormuz.phone = "12345"
        self.env["crm.collection.item"].create(
            {
                "field_id": self.env["ir.model.fields"]._get("res.partner", "phone").id,
                "purpose": "x",
                "company_id": self.arvand.id,
                "retention_months": 24,
            }
        )
        talk = self._talk(3)
        self.env.flush_all()
        long_ago = self._months_ago(40)
        for table in ("crm_customer", "crm_lead"):
            self.env.cr.execute(f"UPDATE {table} SET create_date = %s", [long_ago])
        self.env.invalidate_all()
        for _night in range(2):
            self._run()
        self.assertEqual(self.hormuz.phone, "12345")  # he called three months ago
        talk.unlink()
        self._run()
        self.assertFalse(self.hormuz.phone)

    def test_a_manager_counts_by_hand_and_nobody_else(self):
        self._note(13)
        self.policy.with_user(self.sara).action_preview()
        self.assertEqual(self._logs().filtered("count").count, 1)
        with self.assertRaises(AccessError):
            self.policy.with_user(self.nika).action_preview()

    def test_counting_without_any_period_is_refused(self):
        self.env["crm.info.class"].search([]).retention_months = 0
        self.env["crm.info.class"].search([]).active = False
        with self.assertRaises(UserError):
            self.policy.action_preview()
