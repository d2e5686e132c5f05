from odoo.tools import SQL

from .common import LifecycleCommon


class TestUnchanged(LifecycleCommon):
    """Nothing changed, nothing written: not a row, not an id."""

    def setUp(self):
        super().setUp()
        self._make_lead(self.hormuz, type="opportunity")
        self._pay(self._bill(self._make_order(self.caspian)))
        self._make_order(self.reza, confirm=False)
        self._process()
        self.Customer.action_refresh()

    def _versions(self):
        self.env.flush_all()
        return [
            self.env.execute_query(
                SQL("SELECT id, xmin, ctid FROM %s ORDER BY id", SQL.identifier(table))
            )
            for table in ("crm_customer", "crm_lifecycle_history")
        ] + [
            self.env.execute_query(
                SQL("SELECT last_value FROM %s", SQL.identifier(f"{table}_id_seq"))
            )
            for table in ("crm_customer", "crm_lifecycle_history")
        ]

    def test_a_second_pass_over_all_writes_nothing(self):
        before = self._versions()
        self.assertFalse(self.Customer._refresh_facts())
        self.Customer.action_refresh()
        self.assertEqual(self._versions(), before)

    def test_refreshing_some_writes_nothing(self):
        before = self._versions()
        customer = self._customer_of(self.hormuz)
        self.assertFalse(customer._refresh_facts())
        customer.action_refresh()
        self.assertEqual(self._versions(), before)

    def test_events_that_change_nothing_write_nothing(self):
        before = self._versions()
        self.Customer._queue_events("test", [(self.arvand.id, self.hormuz.id)])
        self._process()
        self.assertEqual(self._versions(), before)

    def test_only_the_changed_customer_is_written(self):
        other = self._customer_of(self.caspian)
        query = SQL("SELECT xmin FROM crm_customer WHERE id = %s", other.id)
        before = self.env.execute_query(query)
        self._make_lead(self.hormuz)
        self.env.flush_all()
        changed = self.Customer._refresh_facts()
        self.assertEqual(changed, self._customer_of(self.hormuz))
        self.assertEqual(self.env.execute_query(query), before)
