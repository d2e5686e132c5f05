from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ServiceContractCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-15")
class TestChanges(ServiceContractCase):
    """Upsell, downsell, pause, price revision, termination; to the day, to the cent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_running(
            {"quantity": 2, "price_unit": 310}, {"price_unit": 100}
        )
        cls.contract.action_bill()
        cls.line, cls.other = cls.contract.line_ids

    def make_change(self, kind="quantity", lines=None, user=None, **values):
        lines = [(self.line, {})] if lines is None else lines
        env = self.env(user=user) if user else self.env
        return env["service.contract.change"].create(
            {
                "contract_id": self.contract.id,
                "kind": kind,
                "date_from": "2026-03-22",
                "reason": "As agreed by phone",
                "notify_customer": False,
                "line_ids": [
                    Command.create({"line_id": line.id, **terms})
                    for line, terms in lines
                ],
                **values,
            }
        )

    def upsell(self, **values):
        return self.make_change(lines=[(self.line, {"quantity": 3})], **values)

    def versions(self, line=None):
        return [
            (
                str(v.date_from),
                str(v.date_to or ""),
                v.quantity,
                v.price_unit,
                v.is_paused,
            )
            for v in (line or self.line).version_ids.sorted("date_from")
        ]

    def corrections(self):
        periods = self.contract.period_ids.filtered(lambda p: p.kind != "charge")
        return periods.sorted("date_from").mapped(
            lambda p: (p.kind, str(p.date_from), str(p.date_to), p.amount)
        )

    # ------------------------------------------------------------------
    # Dated versions
    # ------------------------------------------------------------------
    def test_an_upsell_is_a_version_and_the_rest_of_the_invoiced_period_is_billed(self):
        past = self.contract.period_ids
        amounts = past.mapped("amount")
        change = self.upsell()
        self.assertEqual(change.amount_correction, 100.0)  # 10 of 31 days of 310
        change.action_submit()
        self.assertEqual(change.amount_correction, 100.0)
        self.assertIn("100.00 is added", change.summary)
        self.assertEqual(
            self.versions(),
            [
                ("2026-01-01", "2026-03-21", 2, 310, False),
                ("2026-03-22", "", 3, 310, False),
            ],
        )
        self.assertEqual(
            self.corrections(), [("adjustment", "2026-03-22", "2026-03-31", 100.0)]
        )
        self.assertEqual(str(self.contract.next_billing_date), "2026-03-22")
        with freeze_time("2026-04-01"):
            self.contract.action_bill()
        moves = self.contract.move_ids.filtered(
            lambda move: str(move.invoice_date) >= "2026-03-22"
        ).sorted("invoice_date")
        self.assertEqual(moves.mapped("amount_untaxed"), [100.0, 1030.0])
        self.assertEqual(past.mapped("amount"), amounts)

    def test_a_downsell_drafts_a_credit_note_of_the_invoice(self):
        march = self.contract.move_ids.sorted("invoice_date")[-1]
        march.action_post()
        self.make_change(
            lines=[(self.line, {"quantity": 1})], date_from="2026-03-15"
        ).action_submit()
        credit = self.contract.move_ids.filtered(lambda m: m.move_type == "out_refund")
        self.assertEqual(credit.state, "draft")
        self.assertEqual(credit.amount_untaxed, 170.0)  # 17 of 31 days of 310
        self.assertEqual(credit.reversed_entry_id, march)
        self.assertEqual(
            self.corrections(), [("credit", "2026-03-15", "2026-03-31", -170.0)]
        )
        self.assertEqual(self.line.quantity, 1)

    def test_a_pause_gives_back_its_days_and_ends_by_itself(self):
        self.make_change(
            "pause", date_from="2026-03-25", date_to="2026-04-15"
        ).action_submit()
        self.assertEqual(self.corrections()[0][3], -140.0)  # 7 of 31 days of 620
        with freeze_time("2026-04-01"):
            self.contract.action_bill()
        april = self.line.period_ids.filtered(
            lambda p: str(p.date_from) >= "2026-04-01"
        )
        self.assertEqual(
            [(p.days, p.amount, p.state) for p in april.sorted("date_from")],
            [(15, 0.0, "skipped"), (15, 310.0, "billed")],
        )

    def test_an_open_pause_bills_nothing_until_it_is_resumed(self):
        self.make_change("pause", date_from="2026-04-01").action_submit()
        self.assertTrue(self.line.is_paused)
        self.assertEqual(self.line.amount_monthly, 0.0)
        with freeze_time("2026-05-10"):
            self.contract.action_bill()
            self.make_change("resume", date_from="2026-05-11").action_submit()
            self.assertFalse(self.line.is_paused)
            self.assertEqual(
                self.corrections(), [("adjustment", "2026-05-11", "2026-05-31", 420.0)]
            )

    def test_a_price_revision_by_percent_keeps_a_planned_pause(self):
        self.make_change(
            "pause", date_from="2026-07-01", date_to="2026-07-31"
        ).action_submit()
        self.make_change("price", date_from="2026-04-01", percent=10).action_submit()
        self.assertEqual(
            self.versions(),
            [
                ("2026-01-01", "2026-03-31", 2, 310, False),
                ("2026-04-01", "2026-06-30", 2, 341, False),
                ("2026-07-01", "2026-07-31", 2, 341, True),
                ("2026-08-01", "", 2, 341, False),
            ],
        )
        self.assertFalse(self.corrections())
        self.assertEqual(self.line.price_unit, 341)

    def test_a_price_revision_by_an_index_names_its_values_dates_and_source(self):
        values = {
            "price_method": "index",
            "date_from": "2026-04-01",
            "index_base": 100,
            "index_value": 103.2,
        }
        change = self.make_change("price", **values)
        with self.assertRaisesRegex(ValidationError, "needs “Index”"):
            change.action_submit()
        change.write(
            {
                "index_name": "Consumer prices",
                "index_base_date": "2025-01-01",
                "index_date": "2026-01-01",
                "index_source": "Statistical Centre",
            }
        )
        change.action_submit()
        self.assertEqual(self.versions()[-1][3], 319.92)
        for word in ("310.00", "319.92", "Consumer prices", "Statistical Centre"):
            self.assertIn(word, change.summary)

    def test_fixed_prices_are_typed_per_line(self):
        lines = [(self.line, {"price_unit": 300}), (self.other, {"price_unit": 90})]
        self.make_change(
            "price", lines, price_method="fixed", date_from="2026-04-01"
        ).action_submit()
        self.assertEqual(self.line.price_unit, 300)
        self.assertEqual(self.versions(self.other)[-1][3], 90)

    def test_prorated_corrections_sum_to_the_new_terms_to_the_cent(self):
        change = self.make_change(
            "price",
            [(self.other, {"price_unit": 133.33})],
            price_method="fixed",
            date_from="2026-01-11",
        )
        change.action_submit()
        rows = self.other.period_ids
        january = rows.filtered(lambda p: str(p.date_to) <= "2026-01-31")
        self.assertAlmostEqual(
            sum(january.mapped("amount")), 32.26 + 133.33 - 43.01, places=2
        )
        march = rows.filtered(lambda p: str(p.date_from) >= "2026-03-01")
        self.assertAlmostEqual(sum(march.mapped("amount")), 133.33, places=2)

    def test_reopened_periods_are_billed_by_the_terms_of_their_days(self):
        self.contract.move_ids.sorted("invoice_date")[-1].unlink()
        self.upsell().action_submit()
        self.assertFalse(self.corrections())
        self.contract.action_bill_again()
        march = self.contract.move_ids.sorted("invoice_date")[-1]
        self.assertEqual(march.amount_untaxed, 620.0 + 100.0 + 100.0)

    def test_a_line_that_is_edited_leaves_a_version_and_a_word_in_the_log(self):
        self.line.price_unit = 320
        self.assertEqual(self.versions()[-1], ("2026-04-01", "", 2, 320, False))
        change = self.contract.change_ids
        self.assertEqual((change.state, change.kind), ("applied", "price"))
        self.assertIn("320.00", change.summary)

    def test_lines_show_the_terms_of_the_next_period(self):
        self.make_change(
            lines=[(self.line, {"quantity": 5})], date_from="2026-05-01"
        ).action_submit()
        self.assertEqual(self.line.quantity, 2)
        with freeze_time("2026-05-01"):
            self.env["service.contract"]._cron_update_state()
            self.assertEqual(self.line.quantity, 5)
            self.assertFalse(self.line._find_outdated() & self.line)

    # ------------------------------------------------------------------
    # Termination
    # ------------------------------------------------------------------
    def terminate(self, day):
        wizard = self.env["service.contract.terminate"].create(
            {"contract_id": self.contract.id, "date_end": day, "reason": "Sold"}
        )
        wizard.action_terminate()
        return wizard

    def test_termination_within_an_invoiced_period_drafts_the_exact_credit_note(self):
        wizard = self.terminate("2026-03-21")
        credit = self.contract.move_ids.filtered(lambda m: m.move_type == "out_refund")
        self.assertEqual(credit.amount_untaxed, 200.0 + 32.26)
        self.assertAlmostEqual(wizard.amount_credit, 232.26)
        self.assertEqual(self.contract.state, "terminated")
        march = self.other.period_ids.filtered(
            lambda p: str(p.date_from) >= "2026-03-01"
        )
        self.assertAlmostEqual(sum(march.mapped("amount")), 67.74, places=2)
        self.assertEqual(self.contract.change_ids.kind, "end")
        with freeze_time("2026-05-01"):
            self.contract.action_bill()
        self.assertEqual(len(self.contract.move_ids), 4)

    def test_termination_in_the_past_credits_each_invoiced_period(self):
        self.terminate("2026-02-14")
        self.assertEqual(
            [row[1:] for row in self.corrections() if row[3] in (-310.0, -620.0)],
            [
                ("2026-02-15", "2026-02-28", -310.0),
                ("2026-03-01", "2026-03-31", -620.0),
            ],
        )

    def test_termination_counts_what_an_upsell_added(self):
        self.upsell().action_submit()
        with freeze_time("2026-03-23"):
            self.contract.action_bill()
            self.terminate("2026-03-26")
        total = sum(self.line.period_ids.mapped("amount"))
        self.assertAlmostEqual(total, 1240 + 420 + 150, places=2)

    # ------------------------------------------------------------------
    # Approval, notice, log
    # ------------------------------------------------------------------
    def test_a_change_of_a_user_waits_for_a_manager(self):
        change = self.upsell(user=self.user)
        self.assertTrue(change.needs_approval)
        change.action_submit()
        self.assertEqual(change.state, "to_approve")
        self.assertTrue(change.sudo().activity_ids)
        self.assertEqual(len(self.versions()), 1)
        with self.assertRaisesRegex(UserError, "administrator"):
            change.action_approve()
        change.with_user(self.manager).action_approve()
        self.assertEqual((change.state, len(self.versions())), ("applied", 2))
        self.assertEqual(change.approved_by_id, self.manager)
        self.assertFalse(change.sudo().activity_ids)

    def test_without_approval_in_the_settings_a_user_applies_it(self):
        self.company.service_change_approval = False
        change = self.upsell(user=self.user)
        change.action_submit()
        self.assertEqual(change.state, "applied")

    def test_a_refused_change_changes_nothing(self):
        change = self.upsell(user=self.user)
        change.action_submit()
        change.with_user(self.manager).action_refuse()
        self.assertEqual((change.state, len(self.versions())), ("refused", 1))
        with self.assertRaisesRegex(UserError, "is decided"):
            change.with_user(self.manager).action_approve()

    def test_nobody_applies_a_change_by_hand(self):
        change = self.upsell(user=self.user)
        for values in ({"state": "applied"}, {"approved_by_id": self.manager.id}):
            with self.assertRaisesRegex(UserError, "never by hand"):
                change.write(values)
        with self.assertRaisesRegex(UserError, "Change Terms"):
            self.line.with_user(self.user).price_unit = 1
        with self.assertRaises(AccessError):
            self.line.version_ids.with_user(self.manager).write({"price_unit": 1})

    def test_applied_changes_stay(self):
        change = self.upsell()
        change.action_submit()
        manager = change.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "stays in the log"):
            manager.unlink()
        with self.assertRaisesRegex(UserError, "is decided"):
            manager.action_submit()

    def test_the_customer_is_told_in_words(self):
        self.hormuz.email = "leila@hormuz.example"
        change = self.upsell(notify_customer=True)
        change.line_ids.quantity = 4
        change.line_ids.quantity = 3  # computed as late as it can be
        change.action_submit()
        message = self.contract.message_ids[0]
        self.assertEqual(message.partner_ids, self.hormuz)
        self.assertIn("quantity 2 → 3", message.body)
        self.assertIn("$", message.body)

    def test_the_preview_shows_lines_and_what_invoiced_days_cost(self):
        model = self.env["service.contract.change"].with_user(self.user)
        with Form(model.with_context(default_contract_id=self.contract.id)) as form:
            form.reason = "Two more pumps"
            form.date_from = "2026-03-22"
            self.assertEqual(len(form.line_ids), 2)
            with form.line_ids.edit(0) as row:
                row.quantity = 3
                self.assertEqual(row.amount_before, 620)
                self.assertEqual(row.amount_after, 930)
                self.assertEqual(row.amount_correction, 100)
            self.assertIn("quantity 2 → 3", form.summary)

    # ------------------------------------------------------------------
    # Bad input
    # ------------------------------------------------------------------
    def test_overlapping_versions_are_refused_by_the_database(self):
        values = self.line.version_ids.copy_data()[0]
        values["date_from"] = "2026-05-01"
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env["service.contract.version"].create(values)

    def test_bad_changes_are_refused(self):
        index = {"price_method": "index", "index_value": 1, "index_base": -1}
        for error, message, values in (
            (ValidationError, "outside contract", {"date_from": "2025-12-31"}),
            (ValidationError, "above zero", {"kind": "price", **index}),
            (UserError, "Nothing changes", {"lines": [(self.line, {})]}),
            (UserError, "button “Terminate”", {"kind": "end"}),
        ):
            with self.subTest(message), self.assertRaisesRegex(error, message):
                values = {"lines": [(self.line, {"quantity": 9})], **values}
                self.make_change(**values).action_submit()

    def test_bad_figures_are_refused_by_the_database(self):
        for terms, values in (
            ({"quantity": -1}, {}),
            ({"price_unit": -1}, {"kind": "price", "price_method": "fixed"}),
            ({"discount": 101}, {"kind": "price"}),
            ({}, {"kind": "pause", "date_to": "2026-01-01"}),
        ):
            with (
                self.subTest(terms=terms, values=values),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.make_change(lines=[(self.line, terms)], **values)

    def test_only_running_contracts_change(self):
        change = self.upsell()
        self.terminate("2026-03-20")
        with self.assertRaisesRegex(UserError, "is not running"):
            change.action_submit()

    def test_lines_of_another_contract_are_refused(self):
        line = self.make_running().line_ids
        with self.assertRaisesRegex(ValidationError, "its own contract"):
            self.make_change(lines=[(line, {"quantity": 9})]).action_submit()

    def test_a_day_is_corrected_once_after_that_is_invoiced(self):
        self.upsell().action_submit()
        self.make_change(lines=[(self.line, {"quantity": 4})]).action_submit()
        self.assertEqual(self.corrections()[0][3], 200.0)  # not invoiced yet: one row
        with freeze_time("2026-03-22"):
            self.contract.action_bill()
        change = self.make_change(lines=[(self.line, {"quantity": 5})])
        with self.assertRaisesRegex(UserError, "choose another day"):
            change.action_submit()
