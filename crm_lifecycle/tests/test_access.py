from odoo.exceptions import AccessError

from .common import LifecycleCommon

# What salespeople and managers do: r read, w write. Nobody else gets anything.
MODELS = {
    "crm.customer": ("rw", "rw"),
    "crm.lifecycle.stage": ("r", "rw"),
    "crm.lifecycle.rule": ("r", "rw"),
    "crm.lifecycle.history": ("r", "r"),
    "crm.channel": ("r", "rw"),
    "crm.service.tier": ("r", "rw"),
    "crm.customer.event": ("", "rw"),
    "crm.customer.run": ("", "r"),
    "crm.customer.merge.log": ("", "r"),
    "crm.customer.override": ("rw", "rw"),
    "crm.interaction": ("rw", "rw"),
    "crm.touchpoint": ("r", "rw"),
    "crm.consent": ("r", "r"),
    "crm.customer.owner": ("r", "r"),
    "crm.customer.assign": ("rw", "rw"),
    "crm.contact.wizard": ("rw", "rw"),
    "crm.interaction.log": ("rw", "rw"),
    "crm.process": ("rw", "rw"),
    "crm.process.goal": ("r", "rw"),
    "crm.process.effect": ("rw", "rw"),
    "crm.process.measurement": ("rw", "rw"),
    "crm.process.action": ("rw", "rw"),
    "crm.process.handover": ("rw", "rw"),
    "crm.process.handover.log": ("rw", "rw"),
    "crm.process.review": ("rw", "rw"),
    "crm.process.answer": ("r", "r"),
    "crm.process.score": ("r", "r"),
    "crm.process.ask": ("", "rw"),
    "crm.rated.document": ("r", "r"),
    "crm.segment": ("rw", "rw"),
    "crm.segment.membership": ("r", "r"),
    "crm.segment.snapshot": ("r", "r"),
    "crm.segment.add": ("rw", "rw"),
    "crm.customer.group": ("r", "rw"),
    "crm.quality.policy": ("r", "rw"),
    "crm.quality.rule": ("r", "rw"),
    "crm.quality.snapshot": ("r", "r"),
    "crm.duplicate": ("", "rw"),
    "crm.customer.timeline": ("r", "r"),
    "crm.info.class": ("r", "rw"),
    "crm.customer.info": ("rw", "rw"),
    "crm.collection.item": ("r", "rw"),
    "crm.retention.policy": ("", "rw"),
    "crm.retention.log": ("", "r"),
    "crm.erasure.request": ("", "rw"),
    "crm.data.source": ("r", "rw"),
    "crm.source.reference": ("r", "rw"),
    "crm.stage.import": ("", "rw"),
    "crm.lifecycle.rule.try": ("", "rw"),
    "crm.lifecycle.rule.try.line": ("", "rw"),
    "crm.customer.why": ("rw", "rw"),
}


class TestAccess(LifecycleCommon):
    def setUp(self):
        super().setUp()
        self._make_lead(self.hormuz, user_id=self.omid.id)
        self._make_lead(self.caspian, user_id=self.nika.id)
        self._process()
        self.own = self._customer_of(self.hormuz)
        self.others = self._customer_of(self.caspian)

    def _may(self, user, model, operation):
        return self.env[model].with_user(user).has_access(operation)

    def test_no_sales_no_portal_no_public_user_gets_anything(self):
        for user in (self.leila, self.portal, self.public):
            for model in MODELS:
                for operation in ("read", "write", "create", "unlink"):
                    self.assertFalse(
                        self._may(user, model, operation), (user.login, model)
                    )

    def _get_rights(self, user, model):
        return "".join(
            letter
            for letter, operation in (("r", "read"), ("w", "write"))
            if self._may(user, model, operation)
        )

    def test_salespeople_and_managers_have_the_rights_of_the_table(self):
        for model, (sales, manager) in MODELS.items():
            for user in (self.omid, self.nika):
                self.assertEqual(self._get_rights(user, model), sales, model)
            self.assertEqual(self._get_rights(self.sara, model), manager, model)

    def test_the_table_knows_every_model_of_the_addon(self):
        own = {
            name
            for name, model in self.registry.models.items()
            if model._original_module == "crm_lifecycle"
            and not model._abstract
            and name != "crm.lifecycle.demo"
        }
        self.assertFalse(own - set(MODELS))

    def test_a_salesperson_sees_his_own_and_nobodys_customers(self):
        Customer = self.Customer.with_user(self.omid)
        both = [("id", "in", (self.own | self.others).ids)]
        self.assertEqual(Customer.search(both), self.own)
        self.others.user_id = False
        self.assertEqual(len(Customer.search(both)), 2)

    def test_a_deputy_sees_the_customer_and_his_history(self):
        self.others.deputy_id = self.omid
        self.env.flush_all()
        seen = self.others.with_user(self.omid)
        self.assertEqual(seen.lead_count, 1)
        self.assertTrue(seen.history_ids.mapped("stage_id.name"))

    def test_history_of_others_customers_is_hidden(self):
        History = self.env["crm.lifecycle.history"].with_user(self.omid)
        seen = History.search([("customer_id", "in", (self.own + self.others).ids)])
        self.assertEqual(seen.customer_id, self.own)

    def test_all_documents_means_all_customers(self):
        both = [("id", "in", (self.own | self.others).ids)]
        self.assertEqual(self.Customer.with_user(self.nika).search_count(both), 2)

    def test_only_managers_refresh(self):
        for user in (self.omid, self.nika):
            with self.assertRaises(AccessError):
                self.own.with_user(user).action_refresh()
            with self.assertRaises(AccessError):
                self.Customer.with_user(user).action_refresh()
        self.assertTrue(self.own.with_user(self.sara).action_refresh())
        self.assertTrue(self.Customer.with_user(self.sara).action_refresh())

    def test_facts_cannot_be_typed_in(self):
        for user in (self.omid, self.sara):
            with self.assertRaises(AccessError):
                self.own.with_user(user).write({"revenue_total": 1e9})
            with self.assertRaises(AccessError):
                self.own.with_user(user).write({"stage_since": "2000-01-01"})
        with self.assertRaises(AccessError):
            self.Customer.with_user(self.sara).create(
                {"partner_id": self.portal.partner_id.id, "order_count": 5}
            )

    def test_people_without_sales_rights_still_work_with_contacts_and_invoices(self):
        clerk = self._make_user(
            "le_clerk", self.arvand, "account.group_account_invoice"
        )
        invoice = self._make_invoice(self.hormuz.with_user(clerk), post=False)
        invoice.with_user(clerk).action_post()
        self.hormuz.with_user(clerk).sudo(False).read(["name"])
        self._process()
        self.assertEqual(self.own.revenue_total, 100.0)
