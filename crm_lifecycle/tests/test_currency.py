from .common import LifecycleCommon


class TestCurrency(LifecycleCommon):
    def test_revenue_is_in_company_currency_at_each_invoices_own_rate(self):
        for days, rate in ((200, 2.0), (50, 4.0)):
            self.env["res.currency.rate"].create(
                {
                    "name": self._days_ago(days),
                    "rate": rate,
                    "currency_id": self.eur.id,
                    "company_id": self.arvand.id,
                }
            )
        for days in (100, 10):
            self._make_invoice(
                self.hormuz,
                100.0,
                currency_id=self.eur.id,
                invoice_date=self._days_ago(days),
            )
        self._process()
        customer = self._customer_of(self.hormuz)
        self.assertEqual(customer.currency_id, self.usd)
        self.assertAlmostEqual(customer.revenue_total, 50.0 + 25.0)
