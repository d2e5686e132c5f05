from lxml import etree

from odoo.tests import tagged

from .common import LifecycleCommon


@tagged("post_install", "-at_install")
class TestQueryCounts(LifecycleCommon):
    """Set-based: the number of statements does not grow with the customers."""

    def _make_partners(self, count):
        partners = self.env["res.partner"].create(
            [{"name": f"P{number}", "is_company": True} for number in range(count)]
        )
        for partner in partners:
            self._make_lead(partner, type="opportunity")
        self.env.flush_all()
        self.env.cr.precommit.clear()
        return partners

    def _count(self, work):
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_a_refresh_takes_as_many_statements_for_fifty_as_for_five(self):
        self._count(lambda: self.Customer._refresh(self._make_partners(1).ids))
        few, many = self._make_partners(5).ids, self._make_partners(50).ids
        first = self._count(lambda: self.Customer._refresh(few))
        second = self._count(lambda: self.Customer._refresh(many))
        self.assertEqual(first, second)
        self.assertLessEqual(second, 50)

    def test_an_unchanged_refresh_takes_few_statements(self):
        partners = self._make_partners(20).ids
        self.Customer._refresh(partners)
        # four of them read the policy of data quality and its rules
        self.assertLessEqual(self._count(lambda: self.Customer._refresh(partners)), 20)

    def test_the_users_transaction_pays_one_insert_and_one_trigger(self):
        self._make_lead(self.hormuz)
        self.env.flush_all()
        self.env.cr.precommit.run()
        self._make_lead(self.hormuz)
        self.env.flush_all()
        # the INSERT of the event, the look-up of the cron, the INSERT of the trigger
        self.assertLessEqual(self._count(self.env.cr.precommit.run), 6)

    def test_reading_the_customer_of_many_contacts_takes_one_search(self):
        partners = self._make_partners(30)
        self.Customer._refresh(partners.ids)
        first = self._count(lambda: partners[:3].mapped("crm_customer_id"))
        second = self._count(lambda: partners.mapped("crm_customer_id"))
        self.assertEqual(first, second)


@tagged("post_install", "-at_install")
class TestScreenQueryCounts(LifecycleCommon):
    """Board, list and form: as many statements for many customers as for few."""

    def setUp(self):
        super().setUp()
        self.few = self._make_customers(5)
        self.many = self._make_customers(50)

    def _make_customers(self, count):
        partners = self.env["res.partner"].create(
            [{"name": f"S{number}", "is_company": True} for number in range(count)]
        )
        customers = self.Customer.create(
            [{"partner_id": p.id, "user_id": self.omid.id} for p in partners]
        )
        self.env.flush_all()
        self.env.cr.precommit.clear()
        return customers

    def _get_specification(self, kind):
        """What the web client asks for: the fields of the view, many2ones by name."""
        Customer = self.Customer.with_user(self.sara)
        view = Customer.get_views([(False, kind)])
        names = view["models"]["crm.customer"]["fields"]
        arch = etree.fromstring(view["views"][kind]["arch"])
        fields = {
            node.get("name"): node
            for node in arch.iter("field")
            if not any(parent.tag == "field" for parent in node.iterancestors())
        }
        specification = {}
        for name in fields:
            if names[name]["type"] == "many2one":
                specification[name] = {"fields": {"display_name": {}}}
            elif names[name]["type"] in ("one2many", "many2many"):
                specification[name] = {"fields": {}, "limit": 40}
            else:
                specification[name] = {}
        return specification

    def _count(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        return self.env.cr.sql_log_count - before

    def _assert_constant(self, work):
        for customers in (self.few, self.many):
            self._count(lambda c=customers: work(c))  # what is remembered from now on
        self.assertEqual(
            self._count(lambda: work(self.few)), self._count(lambda: work(self.many))
        )

    def test_the_board(self):
        specification = self._get_specification("kanban")
        Customer = self.Customer.with_user(self.sara)

        def show(customers):
            domain = [("id", "in", customers.ids)]
            Customer.web_read_group(
                domain,
                ["stage_id"],
                auto_unfold=True,
                unfold_read_specification=specification,
                unfold_read_default_limit=80,
            )
            Customer.web_search_read(domain, specification, limit=80)

        self._assert_constant(show)

    def test_the_list(self):
        specification = self._get_specification("list")
        Customer = self.Customer.with_user(self.sara)
        self._assert_constant(
            lambda customers: Customer.web_search_read(
                [("id", "in", customers.ids)], specification, limit=80
            )
        )

    def test_the_form_of_a_customer_with_many_documents(self):
        specification = self._get_specification("form")
        quiet, busy = self.few[:2]
        for _number in range(2):
            self._make_lead(quiet.partner_id, type="opportunity")
        for _number in range(20):
            self._make_lead(busy.partner_id, type="opportunity")
            self._make_order(busy.partner_id, confirm=False)
        self._make_order(quiet.partner_id, confirm=False)
        stages = [self._stage(code) for code in ("select", "lost")]
        for customer, turns in ((quiet, 1), (busy, 8)):
            for turn in range(turns * 2):
                customer.stage_id = stages[turn % 2]
        self._process()

        def show(customer):
            customer.with_user(self.sara).web_read(specification)

        show(quiet)
        first = self._count(lambda: show(quiet))
        self.assertEqual(self._count(lambda: show(busy)), first)
        self.assertLessEqual(first, 60)
