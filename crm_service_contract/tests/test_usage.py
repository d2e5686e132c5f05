from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ServiceContractCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-15")
class TestUsage(ServiceContractCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_running(
            {"quantity_source": "usage", "billing_mode": "post", "price_unit": 50},
            {"price_unit": 80, "billing_mode": "post"},
        )
        cls.line, cls.fixed = cls.contract.line_ids

    def count(self, day, quantity, line=None):
        return self.env["service.contract.usage"].create(
            {"line_id": (line or self.line).id, "date": day, "quantity": quantity}
        )

    def test_each_period_bills_what_was_counted_in_it(self):
        for day, quantity in (
            ("2026-01-01", 2),
            ("2026-01-31", 1.5),
            ("2026-03-01", 7),
        ):
            self.count(day, quantity)
        self.contract.with_user(self.user).action_bill()
        january, february = self.contract.move_ids.sorted("invoice_date")
        self.assertEqual(january.amount_untaxed, 3.5 * 50 + 80)
        self.assertEqual(february.amount_untaxed, 80)
        states = self.line.period_ids.sorted("date_from").mapped("state")
        self.assertEqual(states, ["billed", "skipped"])

    def test_what_is_billed_is_counted_no_more(self):
        usage = self.count("2026-02-10", 2)
        self.contract.action_bill()
        for work in (
            lambda: self.count("2026-02-11", 1),
            lambda: usage.write({"quantity": 3}),
            usage.unlink,
        ):
            with self.assertRaisesRegex(UserError, "is billed"):
                work()
        self.count("2026-03-01", 1)

    def test_usage_is_counted_again_once_its_invoice_is_gone(self):
        usage = self.count("2026-02-10", 2)
        self.contract.action_bill()
        self.contract.move_ids.sorted("invoice_date")[-1].unlink()
        usage.quantity = 4
        self.contract.action_bill_again()
        self.assertEqual(
            self.contract.move_ids.sorted("invoice_date")[-1].amount_untaxed, 280
        )

    def test_bad_usage_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "agreed quantity"):
            self.count("2026-03-01", 1, self.fixed)
        for values in ({"quantity": -1}, {"quantity": False, "date": False}):
            with (
                self.subTest(values=values),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env["service.contract.usage"].create(
                    {"line_id": self.line.id, "date": "2026-03-01", **values}
                )

    def test_what_is_counted_is_not_billed_in_advance(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.make_contract({"quantity_source": "usage", "billing_mode": "pre"})
