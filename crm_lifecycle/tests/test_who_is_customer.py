from .common import LifecycleCommon


class TestWhoIsCustomer(LifecycleCommon):
    def test_a_lead_makes_a_customer_of_the_commercial_partner(self):
        self._make_lead(self.reza)
        self._process()
        customer = self._customer_of(self.hormuz)
        self.assertEqual(len(customer), 1)
        self.assertEqual(customer.lead_count, 1)
        self.assertFalse(self._customer_of(self.reza))

    def test_making_no_customer_makes_none(self):
        self.assertEqual(self.Customer.create([]), self.Customer)
        self.assertEqual(self.Customer.with_user(self.sara).create([]), self.Customer)

    def test_a_quotation_an_order_and_an_invoice_make_a_customer(self):
        self._make_order(self.hormuz, confirm=False)
        self._make_invoice(self.caspian)
        self._process()
        self.assertEqual(self._customer_of(self.hormuz).quotation_count, 1)
        self.assertEqual(self._customer_of(self.caspian).order_count, 1)

    def test_a_contact_without_documents_is_no_customer(self):
        self.hormuz.email = "office@hormuz.example.com"
        self._process()
        self.Customer._refresh_facts()
        self.assertFalse(self._customer_of(self.hormuz))

    def test_a_lead_without_contact_makes_no_customer(self):
        before = self.Customer.search_count([])
        self._make_lead(self.env["res.partner"])
        self._process()
        self.Customer._refresh_facts()
        self.assertEqual(self.Customer.search_count([]), before)

    def test_own_companies_and_colleagues_never_become_customers(self):
        self._make_lead(self.bahar_company.partner_id)
        self._make_lead(self.leila.partner_id)
        self._process()
        self.Customer._refresh_facts()
        self.assertFalse(self._customer_of(self.bahar_company.partner_id))
        self.assertFalse(self._customer_of(self.leila.partner_id))

    def test_a_portal_user_may_be_a_customer(self):
        self._make_lead(self.portal.partner_id)
        self._process()
        self.assertTrue(self._customer_of(self.portal.partner_id))

    def test_made_by_hand_for_the_commercial_partner_only_once(self):
        customer = self.Customer.create({"partner_id": self.reza.id})
        self.assertEqual(customer.partner_id, self.hormuz)
        self.assertEqual(customer.company_id, self.arvand)
        self.assertEqual(customer.stage_id.code, "identify")
        self._make_lead(self.reza)
        self._process()
        self.assertEqual(self._customer_of(self.hormuz), customer)
        self.assertEqual(customer.lead_count, 1)

    def test_the_owner_is_who_made_the_latest_order(self):
        self._make_lead(self.hormuz, user_id=self.nika.id)
        self._make_order(self.hormuz, user_id=self.omid.id)
        self._make_lead(self.caspian, user_id=self.nika.id)
        self._process()
        self.assertEqual(self._customer_of(self.hormuz).user_id, self.omid)
        self.assertEqual(self._customer_of(self.caspian).user_id, self.nika)

    def test_a_salesperson_of_another_company_does_not_become_owner(self):
        self.hormuz.user_id = self.bahar
        self.caspian.user_id = self.nika
        self._make_lead(self.hormuz)
        self._make_lead(self.caspian)
        self._process()
        self.assertFalse(self._customer_of(self.hormuz).user_id)
        self.assertEqual(self._customer_of(self.caspian).user_id, self.nika)

    def test_archiving_the_contact_archives_the_customer_and_keeps_him(self):
        self._make_lead(self.hormuz)
        self._process()
        customer = self._customer_of(self.hormuz)
        (self.hormuz | self.reza).action_archive()
        self.assertFalse(customer.active)
        self._process()
        self.assertEqual(customer.lead_count, 1)
        self.hormuz.action_unarchive()
        self.assertTrue(customer.active)
