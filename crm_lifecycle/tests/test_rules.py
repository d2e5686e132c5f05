from odoo.exceptions import ValidationError

from .common import LifecycleCommon


class TestRules(LifecycleCommon):
    def _make_rule(self, domain, **values):
        return self.env["crm.lifecycle.rule"].create(
            {
                "name": "Rule",
                "domain": domain,
                "stage_id": self._stage("retain").id,
                **values,
            }
        )

    def _stage_of(self, partner, company=None):
        self._process()
        return self._customer_of(partner, company).stage_id.code

    def test_a_lead_is_identified_and_selected_once_somebody_is_accountable(self):
        self._make_lead(self.hormuz)
        self.assertEqual(self._stage_of(self.hormuz), "identify")
        self._make_lead(self.caspian, user_id=self.omid.id)
        self.assertEqual(self._stage_of(self.caspian), "select")

    def test_a_qualified_lead_acquires(self):
        lead = self._make_lead(self.hormuz)
        self._process()
        lead.convert_opportunity(self.hormuz)
        self.assertEqual(self._stage_of(self.hormuz), "acquire")

    def test_an_open_quotation_or_unpaid_order_acquires(self):
        order = self._make_order(self.hormuz, confirm=False)
        self.assertEqual(self._stage_of(self.hormuz), "acquire")
        order.action_confirm()
        self._bill(order)
        self.assertEqual(self._stage_of(self.hormuz), "acquire")

    def test_the_first_paid_order_develops_and_the_third_retains(self):
        for stage in ("develop", "develop", "retain"):
            self._pay(self._bill(self._make_order(self.hormuz)))
            self.assertEqual(self._stage_of(self.hormuz), stage)

    def test_silence_loses_and_an_order_wins_back(self):
        self._make_invoice(self.hormuz, invoice_date=self._days_ago(400))
        self.assertEqual(self._stage_of(self.hormuz), "lost")
        customer = self._customer_of(self.hormuz)
        self.assertEqual(customer.stage_since.date(), self._days_ago(400 - 365))
        self._make_order(self.hormuz)
        self.assertEqual(self._stage_of(self.hormuz), "acquire")

    def test_the_first_rule_that_matches_decides(self):
        self._make_rule("[('lead_count', '>', 0)]", sequence=1)
        self._make_rule(
            "[('lead_count', '>', 0)]", sequence=2, stage_id=self._stage("lost").id
        )
        self._make_lead(self.hormuz, type="opportunity")
        self.assertEqual(self._stage_of(self.hormuz), "retain")

    def test_a_company_with_rules_of_its_own_follows_these_alone(self):
        self._make_rule("[('lead_count', '>', 0)]", company_id=self.bahar_company.id)
        for company in (self.arvand, self.bahar_company):
            self._make_lead(self.hormuz, type="opportunity", company_id=company.id)
            self._make_order(self.caspian.with_company(company), company_id=company.id)
        self.assertEqual(self._stage_of(self.hormuz), "acquire")
        self.assertEqual(self._stage_of(self.hormuz, self.bahar_company), "retain")
        self.assertEqual(self._stage_of(self.caspian), "acquire")
        self.assertEqual(self._stage_of(self.caspian, self.bahar_company), "identify")

    def test_a_company_may_have_stages_of_its_own(self):
        stage = self.env["crm.lifecycle.stage"].create(
            {"name": "Trial", "code": "trial", "company_id": self.arvand.id}
        )
        self._make_rule(
            "[('lead_count', '>', 0)]", company_id=self.arvand.id, stage_id=stage.id
        )
        self._make_lead(self.hormuz)
        self.assertEqual(self._stage_of(self.hormuz), "trial")
        with self.assertRaises(ValidationError):
            self._make_rule("[]", stage_id=stage.id)

    def test_a_rule_may_follow_dotted_paths_of_the_allow_list(self):
        self.hormuz.country_id = self.env.ref("base.ir")
        self._make_rule("[('partner_id.country_id.code', '=', 'IR')]", sequence=1)
        self._make_lead(self.hormuz)
        self._make_lead(self.caspian)
        self.assertEqual(self._stage_of(self.hormuz), "retain")
        self.assertEqual(self._stage_of(self.caspian), "identify")

    def test_relative_dates_are_odoos_own(self):
        self._make_rule("[('last_order_date', '<', '-90d')]", sequence=1)
        self._make_order(self.hormuz, date=self._days_ago(91))
        self._make_order(self.caspian, date=self._days_ago(89))
        self.assertEqual(self._stage_of(self.hormuz), "retain")
        self.assertEqual(self._stage_of(self.caspian), "acquire")

    def test_wrong_conditions_are_refused_when_saved_with_the_reason(self):
        for domain, part in (
            ("[('partner_id.name', '=', 'x')]", "partner_id.name"),
            ("[('partner_id.user_ids.password', '=', 'x')]", "password"),
            ("[('stage_id', '=', 1)]", "stage_id"),
            ("[('order_count', '=', uid)]", "uid"),
            ("[('order_count', '=', __import__('os').getpid())]", "import"),
            ("[('order_count', 'any', [])]", "any"),
            ("[('last_order_date', '<', 'soon')]", "soon"),
            ("[('order_count', '>')]", "order_count"),
            ("order_count > 3", "order_count"),
            ("['|', ('order_count', '>', 3)]", ""),
        ):
            with (
                self.subTest(domain=domain),
                self.assertRaisesRegex(ValidationError, part),
            ):
                self._make_rule(domain)

    def test_no_rule_at_all_moves_nobody(self):
        self._make_lead(self.hormuz, type="opportunity")
        self._process()
        self.env["crm.lifecycle.rule"].search([]).active = False
        self._make_order(self.hormuz)
        self.assertEqual(self._stage_of(self.hormuz), "acquire")

    def test_a_changed_rule_has_all_customers_classified_soon(self):
        cron = self.env.ref("crm_lifecycle.ir_cron_refresh")
        triggers = [("cron_id", "=", cron.id)]
        before = self.env["ir.cron.trigger"].search_count(triggers)
        self._make_rule("[]").with_user(self.sara).sequence = 99
        after = self.env["ir.cron.trigger"].search_count(triggers)
        self.assertGreater(after, before)
