from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import LifecycleCommon


@tagged("post_install", "-at_install")
class TestInformation(LifecycleCommon):
    def setUp(self):
        super().setUp()
        self._make_lead(self.hormuz, user_id=self.omid.id)
        self._make_lead(self.caspian, user_id=self.nika.id)
        self._process()
        self.own = self._customer_of(self.hormuz)
        self.others = self._customer_of(self.caspian)
        self.manager_group = self.env.ref("crm_lifecycle.group_manager")

    def _class(self, code):
        return self.env.ref(f"crm_lifecycle.crm_info_class_{code}")

    def _note(self, customer, code="life", **overrides):
        values = {
            "name": "Married",
            "customer_id": customer.id,
            "class_id": self._class(code).id,
        }
        return self.env["crm.customer.info"].create({**values, **overrides})

    def test_at_first_salespeople_see_all_classes(self):
        for user in (self.omid, self.nika, self.sara):
            for code in ("financial", "competitors", "life", "people"):
                self.assertTrue(
                    self._class(code).group_ids & user.all_group_ids, (user.login, code)
                )
            self.assertEqual(self.own.with_user(user).balance_due, 0)

    def test_a_restricted_field_is_refused_and_managers_keep_it(self):
        self._class("financial").group_ids = self.manager_group
        with self.assertRaises(AccessError):
            self.own.with_user(self.omid).read(["balance_due"])
        with self.assertRaises(AccessError):
            self.own.with_user(self.omid).mapped("balance_due")
        self.assertEqual(self.own.with_user(self.sara).balance_due, 0)

    def test_a_field_in_two_classes_needs_both(self):
        classes = self._class("financial") | self._class("competitors")
        field = self.env.ref("crm_lifecycle.field_crm_customer__balance_due")
        classes.field_ids = field
        self._class("competitors").group_ids = self.manager_group
        with self.assertRaises(AccessError):
            self.own.with_user(self.omid).read(["balance_due"])

    def test_an_archived_class_protects_nothing(self):
        self._class("financial").group_ids = self.manager_group
        self._class("financial").active = False
        self.assertEqual(self.own.with_user(self.omid).balance_due, 0)

    def test_giving_a_person_the_group_takes_effect_at_once(self):
        group = self.env["res.groups"].create({"name": "Credit desk"})
        self._class("financial").group_ids = group
        with self.assertRaises(AccessError):
            self.own.with_user(self.omid).read(["balance_due"])
        self.omid.group_ids += group
        self.assertEqual(self.own.with_user(self.omid).balance_due, 0)

    def test_fields_that_lists_need_or_that_other_apps_own_are_refused(self):
        for model, name in (
            ("crm.customer", "partner_id"),
            ("crm.customer", "last_order_date"),  # the order of lists
            ("crm.customer", "phone"),  # calculated
            ("crm.interaction", "name"),
            ("res.partner", "vat"),
            ("res.partner", "email"),
            ("sale.order", "amount_total"),
        ):
            field = self.env["ir.model.fields"]._get(model, name)
            with self.assertRaises(ValidationError, msg=name):
                self._class("people").field_ids = [Command.link(field.id)]

    def test_a_field_that_the_company_made_on_contacts_can_be_protected(self):
        field = self.env["ir.model.fields"].create(
            {
                "name": "x_net_worth",
                "field_description": "Net Worth",
                "model_id": self.env.ref("base.model_res_partner").id,
                "ttype": "integer",
            }
        )
        self.addCleanup(field.unlink)
        self._class("financial").field_ids += field
        self._class("financial").group_ids = self.manager_group
        with self.assertRaises(AccessError):
            self.hormuz.with_user(self.omid).read(["x_net_worth"])
        with self.assertRaises(AccessError):
            self.env["crm.customer"].with_user(self.omid).search(
                [("partner_id.x_net_worth", ">", 1)]
            )
        self.assertTrue(self.hormuz.with_user(self.sara).read(["x_net_worth"]))
        self.assertTrue(self.hormuz.with_user(self.leila).read(["name"]))

    def test_a_class_without_groups_is_refused(self):
        with self.assertRaises(ValidationError):
            self._class("people").group_ids = False

    def test_only_managers_arrange_classes(self):
        for user in (self.omid, self.nika):
            with self.assertRaises(AccessError):
                self._class("people").with_user(user).name = "Mine"
        self._class("people").with_user(self.sara).write(
            {"field_ids": [Command.clear()]}
        )

    def test_changes_of_a_protected_field_are_not_mailed_around(self):
        field = self.env["ir.model.fields"]._get("crm.customer", "user_id")
        message = self.own.message_post(body="x")
        value = self.env["mail.tracking.value"].create(
            {"field_id": field.id, "mail_message_id": message.id}
        )
        self.assertEqual(value._filter_free_field_access(), value)
        team = self.env["ir.model.fields"]._get("crm.customer", "deputy_id")
        value.field_id = team
        self._class("people").field_ids += team
        self.assertFalse(value._filter_free_field_access())

    def test_the_snapshot_of_a_merged_customer_needs_all_classes(self):
        Log = self.env["crm.customer.merge.log"]
        field = Log._fields["snapshot"]
        self.assertTrue(Log.with_user(self.sara)._has_field_access(field, "read"))
        group = self.env["res.groups"].create({"name": "Credit desk"})
        self._class("financial").group_ids = group
        self.assertFalse(Log.with_user(self.sara)._has_field_access(field, "read"))

    def test_no_unguarded_model_repeats_a_field_that_may_be_protected(self):
        Class = self.env["crm.info.class"]
        guarded = set(Class._get_guarded_models())
        leaks = [
            (name, field.name)
            for name, model in self.registry.models.items()
            if name not in guarded and not model._abstract
            for field in model._fields.values()
            if field.related and self._touches_protected(name, field.related)
        ]
        self.assertFalse(leaks)

    def _touches_protected(self, model, path):
        classified = self.env["crm.info.class"]._get_classified_fields()
        for name in path.split("."):
            if (model, name) in classified:
                return True
            model = self.env[model]._fields[name].comodel_name
        return False

    # Notes

    def test_notes_are_for_their_class_and_for_own_customers(self):
        mine, others = self._note(self.own), self._note(self.others)
        secret = self._note(self.own, "competitors")
        self._class("competitors").group_ids = self.manager_group
        Info = self.env["crm.customer.info"]
        both = [("id", "in", (mine | others | secret).ids)]
        self.assertEqual(Info.with_user(self.omid).search(both), mine)
        self.assertEqual(Info.with_user(self.nika).search(both), mine | others)
        self.assertEqual(Info.with_user(self.sara).search_count(both), 3)
        elsewhere = Info.with_context(allowed_company_ids=self.bahar_company.ids)
        self.assertFalse(elsewhere.with_user(self.bahar).search(both))
        self.assertEqual(self.own.with_user(self.omid).info_ids, mine)
        groups = Info.with_user(self.omid)._read_group(both, ["class_id"], ["__count"])
        self.assertEqual(groups, [(self._class("life"), 1)])
        with self.assertRaises(AccessError):
            secret.with_user(self.omid).read(["name"])

    def test_nobody_writes_into_a_class_that_is_closed_to_him(self):
        self._class("competitors").group_ids = self.manager_group
        with self.assertRaises(AccessError):
            self.env["crm.customer.info"].with_user(self.omid).create(
                {
                    "name": "Buys at Rival",
                    "customer_id": self.own.id,
                    "class_id": self._class("competitors").id,
                }
            )

    def test_a_note_is_about_a_person_of_that_customer(self):
        self.assertTrue(self._note(self.own, partner_id=self.reza.id))
        with self.assertRaises(ValidationError):
            self._note(self.others, partner_id=self.reza.id)

    def test_a_note_expires_by_its_class_or_its_own_day(self):
        self._class("life").retention_months = 12
        note = self._note(self.own, date="2024-01-31")
        self.assertEqual(str(note.expiry_date), "2025-01-31")
        note.keep_until = "2024-06-30"
        self.assertEqual(str(note.expiry_date), "2024-06-30")
        with self.assertRaises(ValidationError):
            note.keep_until = "2023-06-30"

    def test_notes_follow_a_merged_customer(self):
        note = self._note(self.own, partner_id=self.hormuz.id)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.hormuz | self.caspian).ids, self.caspian
        )
        self.assertEqual(note.customer_id, self.others)
        self.assertEqual(note.partner_id, self.caspian)
