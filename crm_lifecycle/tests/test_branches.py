from .common import LifecycleCommon


class TestBranches(LifecycleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create(
            {"name": "Arvand South", "parent_id": cls.arvand.id}
        )
        cls.env.user.company_ids |= cls.branch
        cls.ziba = cls._make_user(
            "le_ziba", cls.branch, "sales_team.group_sale_salesman_all_leads"
        )

    def test_documents_of_a_branch_belong_to_the_root_companys_customer(self):
        self._make_lead(self.hormuz)
        self._make_lead(self.hormuz, company_id=self.branch.id)
        self._process()
        customer = self._customer_of(self.hormuz)
        self.assertEqual(customer.lead_count, 2)
        self.assertFalse(self._customer_of(self.hormuz, self.branch))

    def test_people_of_the_branch_see_the_root_companys_customer(self):
        self._make_lead(self.hormuz, company_id=self.branch.id)
        self._process()
        customer = self._customer_of(self.hormuz)
        as_ziba = self.env(
            user=self.ziba, context={"allowed_company_ids": self.branch.ids}
        )
        self.assertIn(customer, as_ziba["crm.customer"].search([]))
        partner = self.hormuz.with_env(as_ziba)
        self.assertEqual(partner.crm_customer_id, customer)

    def test_who_works_in_the_branch_may_be_accountable(self):
        self._make_lead(
            self.hormuz, company_id=self.branch.id, team_id=False, user_id=self.ziba.id
        )
        self._process()
        customer = self._customer_of(self.hormuz)
        self.assertEqual(customer.user_id, self.ziba)
        customer.deputy_id = self.ziba

    def test_made_by_hand_in_a_branch_it_is_the_root_companys(self):
        customer = self.Customer.with_company(self.branch).create(
            {"partner_id": self.hormuz.id, "company_id": self.branch.id}
        )
        self.assertEqual(customer.company_id, self.arvand)
