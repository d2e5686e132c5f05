"""Net profit: margin less cost to serve, as a run finds it."""

from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.crm_lifecycle.lib.serving import CostSource

from ..lib.whale import curve, whale
from ..models.crm_customer_profit import PROFIT_COLUMNS
from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestMargin(AccountTestInvoicingCommon):
    """Invoices of one customer: what is left when the goods are paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.eur = cls.setup_other_currency("EUR", rates=[("2022-01-01", 0.5)])
        cls.partner = cls.env["res.partner"].create({"name": "Hormuz"})
        cls.pump = cls.env["product.product"].create(
            {"name": "Pump", "standard_price": 60, "list_price": 100}
        )
        cls.advice = cls.env["product.product"].create(
            {"name": "Advice", "type": "service", "list_price": 100}
        )
        Policy = cls.env["crm.loyalty.policy"]
        cls.policy = Policy.search(
            [("company_id", "=", cls.company.id)]
        ) or Policy.create({"company_id": cls.company.id})
        cls.policy.write({"value_enabled": False, "financing_rate": 0})

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.env.ref(
            "sales_team.group_sale_manager"
        )

    def _move(self, *lines, kind="out_invoice", day="2023-01-01", post=True, **values):
        """A document of lines (product, quantity, price, and more)."""
        move = self.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": self.partner.id,
                "invoice_date": day,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product and product.id,
                            "name": "Line",
                            "quantity": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.set(self.tax_sale_a.ids)],
                            **(more[0] if more else {}),
                        }
                    )
                    for product, quantity, price, *more in lines
                ],
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    def _run(self):
        self.policy._refresh_facts()
        self.policy._run()
        return self.env["crm.customer"].search(
            [
                ("company_id", "=", self.company.id),
                ("partner_id", "=", self.partner.id),
            ]
        )

    def _figures(self):
        customer = self._run()
        return tuple(customer[name] for name in PROFIT_COLUMNS[:6])

    def test_goods_cost_what_the_product_costs(self):
        self._move((self.pump, 2, 100))
        self.assertEqual(self._figures(), (200, 0, 120, 80, 0, 80))

    def test_another_unit_of_measure_costs_as_many_units_as_it_holds(self):
        dozen = {"product_uom_id": self.env.ref("uom.product_uom_dozen").id}
        self._move((self.pump, 1, 1200, dozen))
        self.assertEqual(self._figures()[2], 720)

    def test_a_credit_note_brings_the_goods_back(self):
        invoice = self._move((self.pump, 2, 100))
        self._move(
            (self.pump, 1, 100),
            kind="out_refund",
            day="2023-02-01",
            reversed_entry_id=invoice.id,
        )
        self.assertEqual(self._figures(), (100, 0, 60, 40, 0, 40))

    def test_a_discount_is_shown_and_taken_off_once(self):
        self._move((self.pump, 1, 100, {"discount": 20}))
        self.assertEqual(self._figures(), (80, 20, 60, 20, 0, 20))

    def test_what_was_given_away_costs_its_goods(self):
        self._move((self.pump, 1, 100), (self.pump, 1, 100, {"discount": 100}))
        self.assertEqual(self._figures(), (100, 100, 120, -20, 0, -20))
        self._move((self.pump, 1, 0), day="2023-03-01")  # a document over nothing
        self.assertEqual(self._figures()[2], 180)

    def test_foreign_money_counts_at_the_rate_of_the_document(self):
        self._move((self.pump, 1, 50, {"discount": 50}), currency_id=self.eur.id)
        self.assertEqual(self._figures(), (50, 50, 60, -10, 0, -10))

    def test_without_a_known_cost_the_margin_of_the_policy_holds(self):
        self.policy.value_margin = 0.3
        self._move((self.advice, 1, 100), (False, 1, 50))
        self.env["crm.purchase.history"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.partner.id,
                "date": "2020-01-01",
                "amount": 50,
                "reference": "old",
            }
        )
        self.assertEqual(self._figures(), (200, 0, 140, 60, 0, 60))

    def test_drafts_and_cancelled_documents_have_no_margin(self):
        self._move((self.pump, 1, 100))
        self._move((self.pump, 1, 100), post=False)
        cancelled = self._move((self.pump, 1, 100))
        cancelled.button_draft()
        cancelled.button_cancel()
        self.assertEqual(self._figures()[0], 100)

    def test_revenue_and_margin_are_those_of_the_window(self):
        self._move((self.pump, 1, 100), day="2021-01-01")
        self._move((self.pump, 1, 200), day="2023-01-01")
        self.policy.write({"date_as_of": "2023-06-01", "window_months": 12})
        self.assertEqual(self._figures(), (200, 0, 60, 140, 0, 140))

    def test_booked_cost_of_goods_goes_first(self):
        """As the inventory books it with perpetual valuation."""
        if "cogs_origin_id" not in self.env["account.move.line"]._fields:
            self.skipTest("the inventory does not book cost of goods here")
        invoice = self._move((self.pump, 1, 100))
        self.env.flush_all()
        line = invoice.invoice_line_ids
        expense = self.company_data["default_account_expense"]
        query = """
            INSERT INTO account_move_line (
                   move_id, company_id, currency_id, account_id, display_type,
                   cogs_origin_id, balance, amount_currency, parent_state)
            SELECT move_id, company_id, currency_id, %s, 'cogs', id, 75, 75,
                   'posted'
              FROM account_move_line WHERE id = %s"""
        self.env.cr.execute(SQL(query, expense.id, line.id))
        self.assertEqual(self._figures()[2], 75)

    def test_the_cost_noted_on_the_order_goes_before_that_of_the_product(self):
        """In another currency and unit, as the app Margins notes it."""
        if "purchase_price" not in self.env["sale.order.line"]._fields:
            self.skipTest("the app Margins is not installed")
        pricelist = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": self.eur.id}
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "date_order": "2023-01-01",
                "pricelist_id": pricelist.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.advice.id,
                            "product_uom_id": self.env.ref("uom.product_uom_dozen").id,
                            "product_uom_qty": 2,
                            "price_unit": 60,
                            "purchase_price": 24,  # a dozen, in euro
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        order.order_line.qty_delivered = 2
        invoice = order._create_invoices()
        invoice.invoice_date = "2023-01-01"
        invoice.action_post()
        self.assertEqual(self._figures(), (240, 0, 96, 144, 0, 144))

    def test_late_payment_costs_what_money_costs(self):
        """10 % a year of 365: 73 days late are 2 %."""
        self.policy.write({"financing_rate": 0.10, "date_as_of": "2023-12-31"})
        invoice = self._move(
            (self.pump, 10, 100, {"tax_ids": [Command.clear()]}),
            invoice_date_due="2023-01-31",
        )
        half = 500
        for day in ("2023-01-20", "2023-04-14"):  # in time; 73 days late
            wizard = self.env["account.payment.register"]
            wizard = wizard.with_context(
                active_model="account.move", active_ids=invoice.ids
            )
            wizard.create({"amount": half, "payment_date": day})._create_payments()
        customer = self._run()
        self.assertEqual(customer.cost_to_serve, 10)
        self.assertEqual(customer.profit_breakdown["late"], [100, 10])
        self.policy.date_as_of = "2023-03-01"  # 29 days late so far
        self.assertAlmostEqual(self._run().cost_to_serve, round(500 * 29 / 3650, 2))

    def test_what_is_open_still_costs_until_the_day_of_the_run(self):
        self.policy.write({"financing_rate": 0.365, "date_as_of": "2023-02-10"})
        self._move(
            (self.pump, 10, 100, {"tax_ids": [Command.clear()]}),
            invoice_date_due="2023-01-31",
        )
        self.assertEqual(self._run().cost_to_serve, 10)


@tagged("post_install", "-at_install")
class TestCustomerProfit(LoyaltyCommon):
    """Cost to serve, ranking and curve, on purchases from before Odoo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for partner, amount in ((cls.hormuz, 80), (cls.caspian, 15), (cls.zagros, 5)):
            cls._buy(partner, "2020-01-01", amount)
        cls.policy.write(
            {
                "value_enabled": False,
                "cost_hour": 10,
                "cost_visit": 7,
                "date_as_of": "2024-06-01",
            }
        )

    def _note(self, partner, channel, minutes, day="2024-01-10"):
        return self.env["crm.interaction"].create(
            {
                "name": "Talk",
                "partner_id": partner.id,
                "company_id": self.arvand.id,
                "channel_id": self.env.ref(f"crm_lifecycle.crm_channel_{channel}").id,
                "duration": minutes,
                "date": f"{day} 09:00:00",
            }
        )

    def test_hours_and_visits_are_priced_by_the_policy(self):
        self._note(self.hormuz, "visit", 90)
        self._note(self.hormuz, "phone", 30)
        self._run()
        customer = self._customer(self.hormuz)
        self.assertEqual(customer.cost_to_serve, 27)
        self.assertEqual(customer.net_profit, 80 - 27)
        self.assertEqual(customer.profit_breakdown["interaction"], [2, 20])
        self.assertEqual(customer.profit_breakdown["visit"], [1, 7])

    def test_effort_outside_of_the_window_does_not_count(self):
        self.policy.window_months = 6
        self._note(self.hormuz, "phone", 60, "2023-11-30")
        self._note(self.hormuz, "phone", 60, "2024-06-02")
        self._note(self.hormuz, "phone", 30, "2024-06-01")
        self._run()
        customer = self._customer(self.hormuz)
        self.assertEqual((customer.cost_to_serve, customer.profit_revenue), (5, 0))

    def test_a_meeting_costs_the_hours_of_all_colleagues_shared_by_customers(self):
        guests = self.hormuz + self.caspian + (self.sara + self.omid).partner_id
        self.env["calendar.event"].create(
            {
                "name": "Review",
                "user_id": self.sara.id,
                "start": datetime(2024, 2, 1, 9),
                "stop": datetime(2024, 2, 1, 12),
                "partner_ids": [Command.set(guests.ids)],
            }
        )
        self._run()
        for partner in (self.hormuz, self.caspian):
            hours, cost = self._customer(partner).profit_breakdown["meeting"]
            self.assertEqual((hours, cost), (3, 30))

    def test_other_addons_add_their_sources(self):
        Customer = type(self.env["crm.customer"])
        base = Customer._cost_sources

        def complaints(scope, date_from, date_to):
            return SQL(
                "SELECT %s AS company_id, %s AS partner_id, 2 AS quantity",
                self.arvand.id,
                self.zagros.id,
            )

        def sources(model):
            own = CostSource("complaint", "Complaints", "complaint", complaints)
            return [*base(model), own]

        self.policy.cost_complaint = 4
        with patch.object(Customer, "_cost_sources", sources):
            self._run()
            customer = self._customer(self.zagros)
            self.assertEqual((customer.cost_to_serve, customer.net_profit), (8, -3))
            self.assertIn("Complaints", customer.profit_statement)

    def test_the_form_says_it_in_plain_words(self):
        self._note(self.hormuz, "phone", 600)
        self._run()
        customer = self._customer(self.hormuz)
        explanation = customer.profit_explanation
        for words in ("Calls, visits and letters", "He costs us", "largest customers"):
            self.assertIn(words, explanation)
        self.assertIn("10.0 hours", customer.profit_statement)
        never = self.env["crm.customer"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "New"}).id,
                "company_id": self.arvand.id,
            }
        )
        self.assertFalse(never.profit_statement)
        self.assertIn("Not measured", never.profit_explanation)

    def test_large_but_unprofitable_customers_are_found(self):
        self._note(self.hormuz, "phone", 600)
        self._note(self.zagros, "phone", 600)  # a loss, but not large
        self._run()
        domain = [("company_id", "=", self.arvand.id)]
        found = self.env["crm.customer"].search(
            [*domain, ("is_large_unprofitable", "=", True)]
        )
        self.assertEqual(found.partner_id, self.hormuz)
        losses = self.env["crm.customer"].search([*domain, ("net_profit", "<", 0)])
        self.assertEqual(losses.partner_id, self.hormuz | self.zagros)

    def test_classes_can_go_by_net_profit_and_losses_disturb_nobody(self):
        self._note(self.hormuz, "phone", 600)
        self.policy.measure = "profit"
        run = self._run()
        partners = self.hormuz + self.caspian + self.zagros
        customers = [self._customer(one) for one in partners]
        self.assertEqual([one.abc_class for one in customers], ["c", "a", "a"])
        self.assertEqual(customers[0].rated_revenue, -20)
        # 15 of 20 and 20 of 20: the loss of 20 takes nothing off the total
        shares = [one.cumulative_share for one in customers]
        self.assertEqual(shares, [1, 0.75, 1])
        self.assertEqual(run.customer_count, 3)
        pareto = self.env["crm.customer"].with_user(self.sara).get_pareto()
        self.assertEqual((pareto["measure"], pareto["revenue"]), ("profit", 20))

    def test_the_margin_is_a_measure_too(self):
        self.policy.write({"measure": "margin", "value_margin": 0.5})
        self._run()
        self.assertEqual(self._customer(self.hormuz).rated_revenue, 40)

    def test_running_again_writes_nothing(self):
        self._note(self.hormuz, "phone", 60)
        self._run()
        self._run()
        before = self._row_versions()
        self._run()
        self.assertEqual(self._row_versions(), before)

    def _row_versions(self):
        self.env.flush_all()
        self.env.cr.execute("SELECT id, ctid::text FROM crm_customer ORDER BY 1")
        return self.env.cr.fetchall()

    def test_without_profit_the_figures_are_emptied(self):
        self._run()
        self.policy.profit_enabled = False
        self._run()
        customer = self._customer(self.hormuz)
        self.assertFalse(customer.profit_breakdown)
        self.assertFalse(customer.profit_statement)

    def test_companies_are_measured_apart(self):
        self._buy(self.hormuz, "2020-01-01", 1000, company_id=self.bahar.id)
        self._note(self.hormuz, "phone", 60)
        self._run()
        policy = self.env["crm.loyalty.policy"].create({"company_id": self.bahar.id})
        self._run_as_engine(policy)
        other = self._customer(self.hormuz, self.bahar)
        self.assertEqual((other.net_profit, other.cost_to_serve), (1000, 0))
        self.assertEqual(self._customer(self.hormuz).net_profit, 70)

    def _run_as_engine(self, policy):
        policy._refresh_facts()
        return policy._run()

    def test_nobody_types_a_profit(self):
        self._run()
        customer = self._customer(self.hormuz).with_user(self.sara)
        with self.assertRaises(AccessError):
            customer.net_profit = 10**6

    def test_the_whale_curve_has_its_peak_and_its_end(self):
        self._note(self.hormuz, "phone", 600)
        self._run()
        data = self.env["crm.customer"].with_user(self.sara).get_whale()
        profits = [-20, 15, 5]
        expected = whale(profits)
        self.assertEqual(
            (data["customers"], data["peak_customers"], data["peak"], data["profit"]),
            expected,
        )
        found = [point["profit"] for point in data["points"]]
        self.assertEqual(found, curve(profits))
        self.assertEqual(data["large_unprofitable"], 1)

    def test_a_long_curve_has_few_points_and_its_exact_peak(self):
        query = """
            UPDATE crm_customer
               SET net_profit = 400.5 - id %% 601, profit_breakdown = '{}'
             WHERE company_id = %s"""
        partners = self.env["res.partner"].create(
            [{"name": str(number)} for number in range(450)]
        )
        self.env["crm.customer"].create(
            [{"partner_id": one.id, "company_id": self.arvand.id} for one in partners]
        )
        self.env.flush_all()
        self.env.cr.execute(SQL(query, self.arvand.id))
        self.env.invalidate_all()
        customers = self.env["crm.customer"].search(
            [("company_id", "=", self.arvand.id)]
        )
        data = self.env["crm.customer"].with_user(self.sara).get_whale()
        expected = whale(customers.mapped("net_profit"))
        self.assertEqual(data["peak_customers"], expected.peak_customers)
        self.assertAlmostEqual(data["peak"], expected.peak, 2)
        self.assertAlmostEqual(data["profit"], expected.profit, 2)
        self.assertLessEqual(len(data["points"]), 101)

    def test_a_salesperson_gets_the_curve_of_own_customers(self):
        self._run()
        self._customer(self.hormuz).user_id = self.omid
        (self._customer(self.caspian) + self._customer(self.zagros)).user_id = self.nika
        data = self.env["crm.customer"].with_user(self.omid).get_whale()
        self.assertEqual((data["customers"], data["profit"]), (1, 80))
        for user in (self.leila, self.portal, self.public):
            with self.assertRaises(AccessError):
                self.env["crm.customer"].with_user(user).get_whale()

    def test_a_hidden_profit_is_hidden_in_words_and_curve_too(self):
        self._run()
        info = self.env.ref("crm_lifecycle.crm_info_class_people")
        info.group_ids = self.env.ref("crm_lifecycle.group_manager")
        info.field_ids += self.env["ir.model.fields"]._get("crm.customer", "net_profit")
        customer = self._customer(self.hormuz)
        customer.user_id = self.omid
        hidden, shown = customer.with_user(self.omid), customer.with_user(self.sara)
        self.assertFalse(hidden.profit_statement)
        self.assertFalse(hidden.profit_explanation)
        self.assertIn("He earns us", shown.profit_explanation)
        with self.assertRaises(AccessError):
            self.env["crm.customer"].with_user(self.omid).get_whale()

    def test_an_empty_curve_is_empty(self):
        customers = self.env["crm.customer"].with_user(self.bahar_manager)
        customers = customers.with_context(allowed_company_ids=self.bahar.ids)
        data = customers.with_company(self.bahar).get_whale()
        self.assertEqual((data["customers"], data["points"]), (0, []))

    def test_the_day_of_the_run_is_today_by_default(self):
        self.policy.date_as_of = False
        self._note(self.hormuz, "phone", 60, "2024-03-01")
        with freeze_time("2024-02-29"):
            self._run()
        self.assertEqual(self._customer(self.hormuz).cost_to_serve, 0)
