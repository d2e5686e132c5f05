from .common import LifecycleCommon


class TestFacts(LifecycleCommon):
    def test_revenue_is_posted_invoices_less_refunds_without_drafts(self):
        invoice = self._make_invoice(self.hormuz, 300.0)
        self._make_invoice(self.hormuz, 1000.0, post=False)
        refund = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        refund.invoice_line_ids.price_unit = 100.0
        refund.action_post()
        self._process()
        customer = self._customer_of(self.hormuz)
        self.assertEqual(customer.revenue_total, 200.0)
        self.assertEqual(customer.balance_due, 200.0)

    def test_resetting_an_invoice_to_draft_takes_its_revenue_away(self):
        invoice = self._make_invoice(self.hormuz)
        self._process()
        invoice.button_draft()
        self._process()
        customer = self._customer_of(self.hormuz)
        self.assertEqual(customer.revenue_total, 0.0)
        self.assertEqual(customer.order_count, 0)
        self.assertFalse(customer.first_order_date)

    def test_vendor_bills_are_no_business_of_the_customer(self):
        self._make_invoice(self.hormuz, post=False, move_type="in_invoice")
        self._process()
        self.Customer._refresh_facts()
        self.assertFalse(self._customer_of(self.hormuz))

    def test_orders_are_counted_with_their_first_and_last_day(self):
        first, last = self._days_ago(100), self._days_ago(10)
        self._make_order(self.hormuz, date=last)
        self._make_order(self.reza, date=first)
        self._make_order(self.hormuz, confirm=False)
        self._make_order(self.hormuz).with_context(
            disable_cancel_warning=True
        ).action_cancel()
        self._process()
        customer = self._customer_of(self.hormuz)
        self.assertEqual(customer.order_count, 2)
        self.assertEqual(customer.first_order_date, first)
        self.assertEqual(customer.last_order_date, last)
        self.assertEqual(customer.quotation_count, 1)

    def test_an_invoiced_order_counts_once_and_a_direct_invoice_is_an_order(self):
        self._bill(self._make_order(self.hormuz))
        self._make_invoice(self.hormuz)
        self._process()
        self.assertEqual(self._customer_of(self.hormuz).order_count, 2)

    def test_an_order_is_paid_once_an_invoice_of_it_is_paid_in_full(self):
        invoice = self._bill(self._make_order(self.hormuz))
        day = self._days_ago(3)
        self._pay(invoice, amount=40.0, payment_date=self._days_ago(5))
        self._process()
        customer = self._customer_of(self.hormuz)
        self.assertEqual(customer.paid_order_count, 0)
        self.assertEqual(customer.balance_due, 60.0)
        self._pay(invoice, payment_date=day)
        self._process()
        self.assertEqual(customer.paid_order_count, 1)
        self.assertEqual(
            customer.first_paid_date,
            max(day, *invoice.line_ids.matched_credit_ids.mapped("max_date")),
        )
        self.assertEqual(customer.balance_due, 0.0)

    def test_paid_invoices_without_order_are_paid_orders_each_on_its_own_day(self):
        for price, days in ((10.0, 30), (20.0, 20), (30.0, None)):
            invoice = self._make_invoice(
                self.hormuz, price, invoice_date=self._days_ago(40)
            )
            if days:
                self._pay(invoice, payment_date=self._days_ago(days))
        self._pay(self._make_invoice(self.caspian))
        self._process()
        customer = self._customer_of(self.hormuz)
        self.assertEqual(customer.order_count, 3)
        self.assertEqual(customer.paid_order_count, 2)
        self.assertEqual(customer.first_paid_date, self._days_ago(30))
        self.assertEqual(self._customer_of(self.caspian).order_count, 1)
        self.assertEqual(customer.balance_due, 30.0)

    def test_taking_the_payment_back_makes_the_order_unpaid(self):
        invoice = self._bill(self._make_order(self.hormuz))
        self._pay(invoice)
        self._process()
        self.assertEqual(self._customer_of(self.hormuz).paid_order_count, 1)
        invoice.line_ids.remove_move_reconcile()
        self._process()
        customer = self._customer_of(self.hormuz)
        self.assertEqual(customer.paid_order_count, 0)
        self.assertFalse(customer.first_paid_date)

    def test_who_ordered_has_paid_even_if_another_is_billed(self):
        order = self._make_order(self.hormuz, partner_invoice_id=self.caspian.id)
        self._pay(self._bill(order))
        self._process()
        self.assertEqual(self._customer_of(self.hormuz).paid_order_count, 1)
        self.assertEqual(self._customer_of(self.hormuz).revenue_total, 0.0)
        self.assertEqual(self._customer_of(self.caspian).revenue_total, 100.0)
        self.assertEqual(self._customer_of(self.caspian).paid_order_count, 0)

    def test_leads_count_in_any_state_and_qualified_ones_while_not_lost(self):
        self._make_lead(self.hormuz)
        qualified = self._make_lead(self.hormuz, type="opportunity")
        self._process()
        customer = self._customer_of(self.hormuz)
        self.assertEqual((customer.lead_count, customer.qualified_lead_count), (2, 1))
        qualified.action_set_lost()
        self._process()
        self.assertEqual((customer.lead_count, customer.qualified_lead_count), (2, 0))

    def test_moving_a_lead_to_another_contact_moves_the_fact(self):
        lead = self._make_lead(self.hormuz)
        self._process()
        lead.partner_id = self.caspian
        self._process()
        self.assertEqual(self._customer_of(self.hormuz).lead_count, 0)
        self.assertEqual(self._customer_of(self.caspian).lead_count, 1)

    def test_deleting_a_quotation_takes_it_away(self):
        order = self._make_order(self.hormuz, confirm=False)
        self._process()
        order.unlink()
        self._process()
        self.assertEqual(self._customer_of(self.hormuz).quotation_count, 0)

    def test_an_addon_above_adds_a_source_and_no_row_means_the_default(self):
        self._make_lead(self.hormuz)
        self._process()
        customer = self._customer_of(self.hormuz)
        customer._write_unseen({"revenue_total": 5.0, "first_paid_date": "2020-01-01"})
        customer._refresh_facts()
        self.assertEqual(customer.revenue_total, 0.0)
        self.assertFalse(customer.first_paid_date)
