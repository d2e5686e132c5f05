from .common import LifecycleCommon


class TestContactField(LifecycleCommon):
    """res.partner.crm_customer_id filters, groups and sorts in the present company."""

    def setUp(self):
        super().setUp()
        self._make_lead(self.hormuz, type="opportunity")
        self._make_lead(self.caspian)
        self._make_lead(self.hormuz, company_id=self.bahar_company.id)
        self._process()
        self.both = self.hormuz | self.caspian
        self.in_bahar = self.env["res.partner"].with_company(self.bahar_company)

    def test_it_reads_the_row_of_the_company_and_of_the_commercial_partner(self):
        here = self._customer_of(self.hormuz)
        there = self._customer_of(self.hormuz, self.bahar_company)
        self.assertEqual(self.hormuz.crm_customer_id, here)
        self.assertEqual(self.reza.crm_customer_id, here)
        self.assertEqual(
            self.hormuz.with_company(self.bahar_company).crm_customer_id, there
        )
        self.assertFalse(self.caspian.with_company(self.bahar_company).crm_customer_id)

    def test_it_filters_in_each_company(self):
        Partner = self.env["res.partner"]
        scope = [("id", "in", (self.both | self.reza).ids)]
        with_customer = scope + [("crm_customer_id", "!=", False)]
        without = scope + [("crm_customer_id", "=", False)]
        self.assertEqual(Partner.search_count(with_customer), 3)
        self.assertEqual(
            self.in_bahar.search(with_customer).sorted("id"),
            (self.hormuz | self.reza).sorted("id"),
        )
        self.assertEqual(self.in_bahar.search(without), self.caspian)
        self.assertFalse(Partner.search(without))

    def test_it_filters_through_the_customer(self):
        path = ("crm_customer_id.stage_id.code", "=", "acquire")
        scope = ("id", "in", self.both.ids)
        self.assertEqual(self.env["res.partner"].search([path, scope]), self.hormuz)
        self.assertFalse(self.in_bahar.search([path, scope]))
        negated = [("crm_customer_id", "not in", self.hormuz.crm_customer_id.ids)]
        self.assertEqual(
            self.env["res.partner"].search(negated + [scope]), self.caspian
        )
        by_name = [("crm_customer_id", "ilike", "Hormuz"), scope]
        self.assertEqual(self.env["res.partner"].search(by_name), self.hormuz)

    def test_it_groups_in_each_company(self):
        domain = [("id", "in", (self.both | self.reza).ids)]
        groups = self.env["res.partner"]._read_group(
            domain, ["crm_customer_id"], ["__count"]
        )
        self.assertEqual(
            dict(groups),
            {self._customer_of(self.hormuz): 2, self._customer_of(self.caspian): 1},
        )
        groups = self.in_bahar._read_group(domain, ["crm_customer_id"], ["__count"])
        there = self._customer_of(self.hormuz, self.bahar_company)
        self.assertEqual(dict(groups), {there: 2, self.Customer: 1})
        by_stage = self.env["res.partner"]._read_group(
            domain, ["crm_customer_id.stage_id"], ["__count"]
        )
        self.assertEqual(
            {stage.code: count for stage, count in by_stage},
            {"acquire": 2, "identify": 1},
        )

    def test_it_sorts_in_each_company(self):
        domain = [("id", "in", self.both.ids)]
        self._make_order(self.caspian)
        self._process()
        ordered = self.env["res.partner"].search(domain, order="crm_customer_id")
        self.assertEqual(ordered.ids, (self.caspian + self.hormuz).ids)
        ordered = self.in_bahar.search(domain, order="crm_customer_id, id")
        self.assertEqual(len(ordered), 2)

    def test_others_customers_stay_hidden_in_groups_and_values(self):
        self._customer_of(self.hormuz).user_id = self.nika
        self._process()
        Partner = self.env["res.partner"].with_user(self.omid)
        domain = [("id", "in", self.both.ids)]
        groups = Partner._read_group(domain, ["crm_customer_id"], ["__count"])
        self.assertEqual(
            dict(groups), {self._customer_of(self.caspian): 1, self.Customer: 1}
        )
        self.assertFalse(self.hormuz.with_user(self.omid).crm_customer_id)
