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
        self.assertLessEqual(second, 30)

    def test_an_unchanged_refresh_takes_few_statements(self):
        partners = self._make_partners(20).ids
        self.Customer._refresh(partners)
        self.assertLessEqual(self._count(lambda: self.Customer._refresh(partners)), 14)

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
