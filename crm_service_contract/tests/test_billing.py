from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ServiceContractCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-15")
class TestBilling(ServiceContractCase):
    def run_cron(self):
        """As the scheduler does, in a cursor that may commit."""
        self.env.flush_all()
        for lane in ("", "_1", "_2", "_3"):
            xmlid = f"crm_service_contract.service_contract_cron_bill{lane}"
            self.env.ref(xmlid).method_direct_trigger()
        self.env.invalidate_all()

    def test_pressing_twice_bills_once(self):
        contract = self.make_running(date_start="2026-03-01")
        action = contract.action_bill()
        self.assertEqual(action["res_model"], "account.move")
        self.assertEqual(contract.action_bill()["tag"], "display_notification")
        self.assertEqual(len(contract.move_ids), 1)
        self.assertEqual(len(contract.period_ids), 1)
        self.assertEqual(contract.move_ids.state, "draft")

    def test_a_backlog_makes_the_invoices_of_punctual_runs(self):
        late, punctual = self.make_running(), self.make_running()
        for day in ("2026-01-01", "2026-02-01", "2026-03-01"):
            with freeze_time(day):
                punctual.action_bill()
        late.action_bill()
        for contract in (late, punctual):
            dates = contract.move_ids.sorted("invoice_date").mapped("invoice_date")
            self.assertEqual(
                [str(day) for day in dates], ["2026-01-01", "2026-02-01", "2026-03-01"]
            )
        self.assertEqual(self.ranges(late), self.ranges(punctual))

    def test_month_ends_do_not_drift(self):
        contract = self.make_running(date_start="2025-12-31")
        contract.action_bill()
        self.assertEqual(
            [(first, last) for first, last, _amount in self.ranges(contract)],
            [
                ("2025-12-31", "2026-01-30"),
                ("2026-01-31", "2026-02-27"),
                ("2026-02-28", "2026-03-30"),
            ],
        )

    def test_lines_due_on_one_day_share_an_invoice(self):
        contract = self.make_running({}, {"price_unit": 100}, date_start="2026-03-01")
        contract.action_bill()
        self.assertEqual(len(contract.move_ids.invoice_line_ids), 2)
        self.assertEqual(contract.move_ids.amount_untaxed, 520.0)

    def test_first_and_last_periods_are_prorated_to_the_day(self):
        contract = self.make_running(
            {"quantity": 3, "price_unit": 33.33},
            date_start="2026-01-20",
            date_anchor="2026-01-01",
            date_end="2026-03-10",
        )
        contract.action_bill()
        self.assertEqual(
            self.ranges(contract),
            [
                ("2026-01-20", "2026-01-31", 38.71),
                ("2026-02-01", "2026-02-28", 99.99),
                ("2026-03-01", "2026-03-10", 32.25),
            ],
        )
        moves = contract.move_ids.sorted("invoice_date")
        self.assertEqual(moves.mapped("amount_untaxed"), [38.71, 99.99, 32.25])
        self.assertIn("12 of 31 days", moves[0].invoice_line_ids.name)
        self.assertFalse(contract.next_billing_date)

    def test_arrears_are_billed_on_the_last_day(self):
        contract = self.make_running({"billing_mode": "post"})
        contract.action_bill()
        dates = contract.move_ids.sorted("invoice_date").mapped("invoice_date")
        self.assertEqual([str(day) for day in dates], ["2026-01-31", "2026-02-28"])
        self.assertEqual(str(contract.next_billing_date), "2026-03-31")

    def test_a_contract_that_is_extended_bills_the_rest_of_the_cut_period(self):
        contract = self.make_running(date_end="2026-03-10")
        contract.action_bill()
        contract.date_end = False
        contract.action_bill()
        march = self.ranges(contract)[-2:]
        self.assertEqual([row[0] for row in march], ["2026-03-01", "2026-03-11"])
        self.assertEqual(sum(row[2] for row in march), 420.0)

    def test_a_new_price_counts_from_the_next_period_on(self):
        contract = self.make_running()
        contract.action_bill()
        contract.line_ids.price_unit = 500.0
        with freeze_time("2026-04-01"):
            contract.action_bill()
        amounts = [amount for _first, _last, amount in self.ranges(contract)]
        self.assertEqual(amounts, [420.0, 420.0, 420.0, 500.0])

    def test_the_rhythm_of_a_billed_line_does_not_change(self):
        contract = self.make_running()
        contract.action_bill()
        with self.assertRaisesRegex(UserError, "cannot change any more"):
            contract.line_ids.recurring_rule_type = "year"
        with self.assertRaisesRegex(UserError, "end the line"):
            contract.line_ids.unlink()

    def test_a_draft_is_not_billed(self):
        with self.assertRaisesRegex(UserError, "confirm it first"):
            self.make_contract().action_bill()

    def test_the_database_refuses_a_second_period_of_a_line_and_day(self):
        contract = self.make_running()
        contract.action_bill()
        values = contract.period_ids[0].copy_data()[0]
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env["service.contract.period"].create(values)

    def test_the_invoice_is_in_the_currency_of_the_contract_at_its_own_date(self):
        currency = self.env["res.currency"].create({"name": "QQQ", "symbol": "Q"})
        for day, rate in (("2026-01-01", 2.0), ("2026-02-01", 4.0)):
            self.env["res.currency.rate"].create(
                {"currency_id": currency.id, "rate": rate, "name": day}
            )
        contract = self.make_running({"price_unit": 100}, currency_id=currency.id)
        contract.action_bill()
        january, february = contract.move_ids.sorted("invoice_date")[:2]
        self.assertEqual(january.currency_id, currency)
        self.assertEqual(january.amount_untaxed, 100.0)
        self.assertEqual(january.amount_untaxed_signed, 50.0)
        self.assertEqual(february.amount_untaxed_signed, 25.0)

    def test_taxes_pass_the_fiscal_position_of_the_customer(self):
        tax, exempt = self.env["account.tax"].create(
            [
                {"name": "Domestic", "amount": 15},
                {"name": "Export", "amount": 0},
            ]
        )
        position = self.env["account.fiscal.position"].create({"name": "Export"})
        exempt.write(
            {
                "fiscal_position_ids": [Command.link(position.id)],
                "original_tax_ids": [Command.link(tax.id)],
            }
        )
        self.visit.taxes_id = tax
        self.hormuz.property_account_position_id = position
        contract = self.make_running(date_start="2026-03-01")
        contract.action_bill()
        self.assertEqual(contract.move_ids.fiscal_position_id, position)
        self.assertEqual(contract.move_ids.invoice_line_ids.tax_ids, exempt)

    def test_the_invoice_goes_to_the_invoice_address_in_the_customers_language(self):
        address = self.make_partner("Books", parent_id=self.hormuz.id, type="invoice")
        contract = self.make_running(date_start="2026-03-01")
        contract.action_bill()
        self.assertEqual(contract.move_ids.partner_id, address)
        self.assertEqual(contract.move_ids.service_contract_id, contract)

    def test_a_service_user_bills_without_accounting_rights(self):
        contract = self.make_running(date_start="2026-03-01")
        result = contract.with_user(self.user).action_bill()
        self.assertEqual(result["params"]["type"], "success")
        self.assertEqual(contract.move_ids.state, "draft")

    def test_a_billing_run_sets_failing_contracts_aside_and_says_why(self):
        good, bad = self.make_running(), self.make_running(partner_id=self.caspian.id)
        self.caspian.active = False
        with self.enter_registry_test_mode(), mute_logger("odoo.addons"):
            self.run_cron()
        self.assertEqual(len(good.move_ids), 3)
        self.assertFalse(good.billing_error)
        self.assertFalse(bad.move_ids)
        self.assertIn("is archived", bad.billing_error)
        self.caspian.active = True
        bad.action_bill()
        self.assertFalse(bad.billing_error)

    def test_a_run_in_small_batches_bills_everything_once(self):
        contracts = self.env["service.contract"]
        for _number in range(5):
            contracts |= self.make_running(date_start="2026-03-01")
        path = "odoo.addons.crm_service_contract.models.service_contract_billing"
        with self.enter_registry_test_mode(), patch(f"{path}.BATCH_SIZE", 2):
            self.run_cron()
            self.run_cron()
        self.assertEqual(contracts.mapped("move_count"), [1] * 5)

    def test_the_run_leaves_reopened_periods_to_a_person(self):
        contract = self.make_running(date_start="2026-03-01")
        contract.action_bill()
        contract.move_ids.unlink()
        with self.enter_registry_test_mode():
            self.run_cron()
        self.assertFalse(contract.move_ids)
        contract.action_bill()
        self.assertFalse(contract.move_ids)
        contract.action_bill_again()
        self.assertEqual(len(contract.move_ids), 1)

    def test_queries_of_a_run_do_not_grow_with_lines_or_contracts_alone(self):
        """Invoices cost what Odoo makes them cost; what is ours stays constant."""
        few = [self.make_running(date_start="2026-03-01") for _n in range(2)]
        many = [
            self.make_running({}, {}, {}, date_start="2026-03-01") for _n in range(10)
        ]
        counts = []
        for group in (few, many):
            contracts = self.env["service.contract"].browse([c.id for c in group])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with patch.object(
                type(self.env["account.move"]),
                "create",
                lambda moves, vals_list: moves.browse(),
            ):
                contracts._bill()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 5)

    def test_today_is_the_day_of_the_user(self):
        contract = self.make_running(date_start="2026-03-16")
        contract.action_bill()
        self.assertFalse(contract.move_ids)
        self.assertEqual(contract.next_billing_date, fields.Date.to_date("2026-03-16"))
