from datetime import date

from odoo import Command
from odoo.tests import tagged

from .common import StrategyCommon


@tagged("post_install", "-at_install")
class TestNetRevenue(StrategyCommon):
    """Each rule of the definition, with the figure worked out by hand."""

    with_accounts = True

    def test_invoices_less_credit_notes_by_month(self):
        self._invoice("2023-03-01", 1000.0)
        self._invoice("2023-03-31", 250.55)
        self._invoice("2023-03-15", 100.30, move_type="out_refund")
        self._invoice("2023-04-01", 7.0)
        self._invoice("2023-04-30", 20.0, move_type="out_receipt")
        self._measure(self.revenue, "2023-02-01", "2023-04-30")
        self.assertEqual(
            {start: round(value, 2) for start, value in self._stored().items()},
            {
                date(2023, 2, 1): 0.0,
                date(2023, 3, 1): 1150.25,
                date(2023, 4, 1): 27.0,
            },
        )

    def test_only_posted_documents_count(self):
        self._invoice("2023-03-05", 500.0, post=False)
        self._invoice("2023-03-05", 400.0).button_cancel()
        self._measure(self.revenue, "2023-03-01", "2023-03-31")
        self.assertEqual(self._stored(), {date(2023, 3, 1): 0.0})

    def test_taxes_other_income_and_purchases_do_not_count(self):
        other = self._account("income_other")
        tax = self.env["account.tax"].search(
            [("company_id", "=", self.north.id), ("type_tax_use", "=", "sale")], limit=1
        )
        line = {"name": "Pump", "price_unit": 100.0, "tax_ids": [Command.set(tax.ids)]}
        self._invoice("2023-03-05", 0.0, invoice_line_ids=[Command.create(line)])
        gift = {"name": "Gift", "price_unit": 9.0, "account_id": other.id}
        self._invoice("2023-03-06", 0.0, invoice_line_ids=[Command.create(gift)])
        self._invoice("2023-03-07", 40.0, move_type="in_invoice")
        self._measure(self.revenue, "2023-03-01", "2023-03-31")
        self.assertEqual(self._stored(), {date(2023, 3, 1): 100.0})

    def test_discounts_reduce_it_and_foreign_currency_is_converted(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": euro.id,
                "company_id": self.north.id,
                "name": "2023-01-01",
                "rate": 0.5,
            }
        )
        line = {"name": "Pump", "price_unit": 100.0, "discount": 10.0, "tax_ids": False}
        self._invoice(
            "2023-03-05",
            0.0,
            currency_id=euro.id,
            invoice_line_ids=[Command.create(line)],
        )
        self._measure(self.revenue, "2023-03-01", "2023-03-31")
        self.assertEqual(self._stored(), {date(2023, 3, 1): 180.0})

    def test_a_late_posting_is_in_the_next_measuring(self):
        self._invoice("2023-03-05", 10.0)
        self._measure(self.revenue, "2023-03-01", "2023-03-31")
        self._invoice("2023-03-06", 5.0)
        self._measure(self.revenue, "2023-03-01", "2023-03-31")
        self.assertEqual(self._stored(), {date(2023, 3, 1): 15.0})
        self.assertEqual(len(self._values(self.revenue)), 1)

    def _account(self, kind):
        return self.env["account.account"].search(
            [("account_type", "=", kind), ("company_ids", "=", self.north.id)], limit=1
        )

    def _stored(self):
        return self._raw_values(self.revenue)
