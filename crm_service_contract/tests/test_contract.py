from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ServiceContractCase


@tagged("post_install", "-at_install")
@freeze_time("2026-04-15")
class TestContract(ServiceContractCase):
    def test_a_new_contract_gets_a_number(self):
        first, second = self.make_contract(), self.make_contract()
        self.assertTrue(first.code.startswith("SC/"))
        self.assertNotEqual(first.code, second.code)

    def test_lines_take_description_price_and_start_from_product_and_contract(self):
        with Form(self.env["service.contract"].with_user(self.user)) as form:
            form.name = "Care"
            form.partner_id = self.hormuz
            with form.line_ids.new() as line:
                line.product_id = self.visit
        line = form.record.line_ids
        self.assertEqual(line.price_unit, 420.0)
        self.assertEqual(line.name, "Maintenance visit")
        self.assertEqual(line.date_start, form.record.date_start)
        self.assertEqual(form.record.amount_monthly, 420.0)

    def test_the_monthly_value_sums_lines_of_every_rhythm(self):
        contract = self.make_contract(
            {"quantity": 2, "discount": 50},
            {"price_unit": 1200, "recurring_rule_type": "year"},
        )
        self.assertEqual(contract.amount_monthly, 520.0)

    def test_prices_are_converted_to_the_currency_of_the_contract(self):
        currency = self.make_currency(rate=2.0)
        contract = self.make_contract(currency_id=currency.id)
        self.assertEqual(contract.line_ids.price_unit, 840.0)

    def make_currency(self, rate=None):
        currency = self.env["res.currency"].create({"name": "QQQ", "symbol": "Q"})
        if rate:
            self.env["res.currency.rate"].create(
                {"currency_id": currency.id, "rate": rate, "name": "2020-01-01"}
            )
        return currency

    def test_a_contract_without_lines_is_not_confirmed(self):
        contract = self.make_contract()
        contract.line_ids.unlink()
        with self.assertRaisesRegex(UserError, "has no lines"):
            contract.action_confirm()

    def test_an_archived_customer_is_not_confirmed(self):
        contract = self.make_contract()
        self.hormuz.active = False
        with self.assertRaisesRegex(UserError, "is archived"):
            contract.action_confirm()

    def test_a_currency_without_rate_is_not_confirmed(self):
        contract = self.make_contract()
        contract.currency_id = self.make_currency()
        with self.assertRaisesRegex(ValidationError, "has no rate"):
            contract.action_confirm()

    def test_a_confirmed_contract_keeps_customer_company_and_currency(self):
        contract = self.make_running()
        with self.assertRaisesRegex(UserError, "cannot change any more"):
            contract.partner_id = self.caspian
        contract.write({"partner_id": self.hormuz.id, "name": "Renamed"})

    def test_a_line_starts_within_its_contract(self):
        for start in ("2025-12-31", "2027-01-01"):
            with self.subTest(start=start):
                with self.assertRaisesRegex(ValidationError, "outside contract"):
                    self.make_contract({"date_start": start}, date_end="2026-12-31")

    def test_bad_figures_are_refused_by_the_database(self):
        bad = [
            ({"quantity": -1}, {}),
            ({"discount": 101}, {}),
            ({"recurring_interval": 0}, {}),
            ({"date_end": "2025-12-31"}, {}),
            ({}, {"date_end": "2025-12-31"}),
        ]
        for line, contract in bad:
            with (
                self.subTest(line=line, contract=contract),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.make_contract(line, **contract)

    def test_products_of_another_company_are_refused(self):
        self.visit.company_id = self.other_company
        with self.assertRaises(UserError):
            self.make_contract()

    def test_customers_of_another_company_are_refused(self):
        self.hormuz.company_id = self.other_company
        with self.assertRaises(UserError):
            self.make_contract()

    def test_a_contract_in_use_is_not_deleted(self):
        contract = self.make_running()
        with self.assertRaisesRegex(UserError, "is in use"):
            contract.unlink()

    def test_cancelled_and_back_to_draft(self):
        contract = self.make_running()
        contract.action_cancel()
        self.assertEqual(contract.state, "cancelled")
        contract.action_draft()
        self.assertEqual(contract.state, "draft")
        contract.unlink()

    def test_a_contract_with_invoices_is_not_cancelled(self):
        contract = self.make_running()
        contract.action_bill()
        with self.assertRaisesRegex(UserError, "has invoices"):
            contract.action_cancel()

    def test_a_contract_expires_the_day_after_its_last(self):
        contract = self.make_running(date_end="2026-04-15")
        self.env["service.contract"]._cron_update_state()
        self.assertEqual(contract.state, "running")
        with freeze_time("2026-04-16"):
            self.env["service.contract"]._cron_update_state()
        self.assertEqual(contract.state, "expired")
        self.assertEqual(contract.amount_monthly, 0.0)

    def test_termination_prorates_what_is_not_billed_yet(self):
        contract = self.make_running({"billing_mode": "post"})
        contract.action_bill()
        self.make_termination(contract, "2026-04-10").action_terminate()
        self.assertEqual(contract.state, "terminated")
        contract.action_bill()
        self.assertEqual(self.ranges(contract)[-1], ("2026-04-01", "2026-04-10", 140.0))

    def test_an_end_never_gives_back_what_is_invoiced_by_the_way(self):
        contract = self.make_running()
        contract.action_bill()
        with self.assertRaisesRegex(ValidationError, "is invoiced until 04/30/2026"):
            contract.date_end = "2026-04-10"

    def make_termination(self, contract, day):
        return self.env["service.contract.terminate"].create(
            {"contract_id": contract.id, "date_end": day, "reason": "Pumps sold"}
        )

    def test_search_finds_number_and_title(self):
        contract = self.make_contract(name="Pump care north")
        search = self.env["service.contract"].name_search
        for text in (contract.code, "care nor"):
            with self.subTest(text=text):
                self.assertIn(contract.id, [found[0] for found in search(text)])
