from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common import ServiceContractCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-15")
class TestInvoice(ServiceContractCase):
    """What happens to periods when their invoices are changed in accounting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_running({}, {"price_unit": 80}, date_start="2026-03-01")
        cls.contract.action_bill()
        cls.move = cls.contract.move_ids
        cls.periods = cls.contract.period_ids

    def assert_reopened(self, periods, reopened):
        expected = "to_bill" if reopened else "billed"
        self.assertEqual(set(periods.mapped("state")), {expected})
        self.assertEqual(set(periods.mapped("is_reopened")), {reopened})

    def test_deleting_a_draft_reopens_its_periods(self):
        self.move.unlink()
        self.assert_reopened(self.periods, True)
        self.assertEqual(self.contract.reopened_count, 2)
        self.contract.action_bill()
        self.assert_reopened(self.periods, True)
        self.contract.action_bill_again()
        self.assert_reopened(self.periods, False)
        self.assertEqual(len(self.contract.move_ids), 1)

    def test_deleting_one_line_reopens_one_period(self):
        line = self.move.invoice_line_ids[0]
        period = line.service_period_id
        line.unlink()
        self.assert_reopened(period, True)
        self.assert_reopened(self.periods - period, False)

    def test_cancelling_reopens_and_returning_to_draft_takes_back(self):
        self.move.button_cancel()
        self.assert_reopened(self.periods, True)
        self.move.button_draft()
        self.assert_reopened(self.periods, False)

    def test_a_cancelled_invoice_stays_so_once_its_period_is_billed_again(self):
        self.move.button_cancel()
        self.contract.action_bill_again()
        with self.assertRaisesRegex(UserError, "has been billed again"):
            self.move.button_draft()

    def test_a_reversal_does_not_reopen(self):
        self.move.action_post()
        credit = self.move._reverse_moves()
        self.assert_reopened(self.periods, False)
        self.assertEqual(credit.service_contract_id, self.contract)
        self.assertFalse(credit.invoice_line_ids.service_period_id)

    def test_a_copy_is_no_invoice_of_the_contract(self):
        copy = self.move.copy()
        self.assertFalse(copy.service_contract_id)
        copy.unlink()
        self.assert_reopened(self.periods, False)

    def test_reopened_periods_are_billed_at_the_price_of_today(self):
        self.move.unlink()
        self.contract.line_ids[0].price_unit = 300.0
        self.contract.action_bill_again()
        self.assertEqual(self.contract.move_ids.amount_untaxed, 380.0)

    def test_reopened_periods_after_the_new_end_are_gone(self):
        self.move.unlink()
        self.contract._terminate("2026-03-05", "Sold")
        self.assertEqual(set(self.periods.mapped("days")), {5})
        self.contract.action_bill_again()
        self.assertEqual(self.contract.move_ids.amount_untaxed, 67.74 + 12.90)

    def test_an_accountant_without_service_rights_cancels(self):
        accountant = new_test_user(
            self.env, "sc_accountant", groups="account.group_account_invoice"
        )
        self.move.with_user(accountant).button_cancel()
        self.assert_reopened(self.periods, True)
        self.move.with_user(accountant).unlink()
        self.assert_reopened(self.periods, True)
