from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ServiceContractCase

ACTIVITY = "crm_service_contract.mail_activity_type_billing_failed"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-15")
class TestBillingSettings(ServiceContractCase):
    """One invoice per contract or customer, posting, sending, lock dates, failures."""

    def bill(self, contracts):
        contracts._bill_batch()
        return contracts.move_ids

    def test_contracts_of_a_customer_share_an_invoice_where_the_company_says_so(self):
        contracts = self.make_running(date_start="2026-03-01") | self.make_running(
            {"price_unit": 80}, date_start="2026-03-01", name="Monitoring"
        )
        other = self.make_running(date_start="2026-03-01", partner_id=self.caspian.id)
        self.company.service_invoice_grouping = "customer"
        moves = self.bill(contracts | other)
        self.assertEqual(len(moves), 2)
        shared = contracts.move_ids
        self.assertEqual(shared.amount_untaxed, 500.0)
        self.assertEqual(shared.service_contract_ids, contracts)
        self.assertFalse(shared.service_contract_id)
        sections = shared.invoice_line_ids.filtered(
            lambda line: line.display_type == "line_section"
        )
        self.assertEqual(len(sections), 2)
        self.assertEqual(contracts.mapped("move_count"), [1, 1])

    def test_contracts_with_other_terms_of_payment_keep_their_own_invoice(self):
        self.company.service_invoice_grouping = "customer"
        contracts = self.make_running(date_start="2026-03-01") | self.make_running(
            date_start="2026-03-01"
        )
        contracts[0].payment_term_id = self.env.ref(
            "account.account_payment_term_30days"
        )
        self.assertEqual(len(self.bill(contracts)), 2)

    def test_new_invoices_are_posted_where_company_or_contract_says_so(self):
        self.company.service_invoice_handling = "post"
        posted = self.make_running(date_start="2026-03-01")
        draft = self.make_running(date_start="2026-03-01", invoice_handling="draft")
        self.bill(posted | draft)
        self.assertEqual(posted.move_ids.state, "posted")
        self.assertEqual(draft.move_ids.state, "draft")
        self.assertEqual(str(posted.move_ids.invoice_date), "2026-03-01")

    def test_invoices_to_send_are_handed_over_to_the_sending_of_odoo(self):
        self.hormuz.email = "books@hormuz.example"
        contracts = self.make_running(
            date_start="2026-03-01", invoice_handling="send"
        ) | self.make_running(
            date_start="2026-03-01",
            invoice_handling="send",
            partner_id=self.caspian.id,
        )
        self.bill(contracts)
        self.assertEqual(set(contracts.move_ids.mapped("state")), {"posted"})
        self.assertTrue(contracts[0].move_ids.sending_data)
        self.assertFalse(contracts[1].move_ids.sending_data)  # has no address

    def test_under_a_lock_date_the_invoice_keeps_its_date_and_says_so(self):
        contract = self.make_running(
            date_start="2026-02-01", invoice_handling="post", date_end="2026-02-28"
        )
        self.company.fiscalyear_lock_date = "2026-02-28"
        move = self.bill(contract)
        self.assertEqual(str(move.invoice_date), "2026-02-01")
        self.assertEqual(str(move.date), "2026-03-01")
        self.assertEqual(move.state, "posted")
        self.assertTrue(
            any(
                "keeps this date" in (body or "")
                for body in move.message_ids.mapped("body")
            )
        )

    def test_a_failing_contract_has_one_activity_that_clears_itself(self):
        good = self.make_running(date_start="2026-03-01")
        bad = self.make_running(date_start="2026-03-01", partner_id=self.caspian.id)
        self.caspian.active = False
        for _run in range(2):
            with mute_logger("odoo.addons.crm_service_contract"):
                failed = (good | bad)._bill_batch()
            self.assertEqual(failed, bad)
        self.assertEqual(len(bad.activity_search([ACTIVITY])), 1)
        self.assertTrue(good.move_ids)
        self.caspian.active = True
        self.assertFalse(bad._bill_batch())
        self.assertFalse(bad.billing_error)
        self.assertFalse(bad.activity_search([ACTIVITY]))

    def test_reopened_periods_are_left_unbilled_by_decision(self):
        contract = self.make_running(date_start="2026-03-01")
        self.bill(contract)
        contract.move_ids.unlink()
        contract.with_user(self.user).action_waive_reopened()
        self.assertEqual(contract.period_ids.state, "waived")
        contract.action_bill_again()
        self.assertFalse(contract.move_ids)

    def test_periods_follow_persian_months(self):
        contract = self.make_running(
            date_start="2025-12-25", period_calendar="jalali", period_alignment="month"
        )
        self.assertEqual(str(contract.date_anchor), "2025-12-22")  # 1 Dey 1404
        contract.action_bill()
        self.assertEqual(
            [row[:2] for row in self.ranges(contract)],
            [
                ("2025-12-25", "2026-01-20"),
                ("2026-01-21", "2026-02-19"),
                ("2026-02-20", "2026-03-20"),
            ],
        )
        self.assertEqual(self.ranges(contract)[0][2], 378.0)  # 27 of 30 days

    def test_nothing_is_billed_for_zero_quantity(self):
        contract = self.make_running({"quantity": 0}, date_start="2026-03-01")
        contract.action_bill()
        self.assertFalse(contract.move_ids)
        self.assertEqual(contract.period_ids.state, "skipped")
        self.assertEqual(str(contract.next_billing_date), "2026-04-01")
