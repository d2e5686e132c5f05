"""What counts as a purchase: named cases, and random ones against plain Python."""

import random
from datetime import date, timedelta
from decimal import Decimal

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .reference import Document, facts

CUSTOMERS = 20  # random customers, each with its own sequence of documents
START = date(2023, 1, 1)


@tagged("post_install", "-at_install")
class TestPurchaseFacts(AccountTestInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.eur = cls.setup_other_currency(
            "EUR", rates=[("2022-01-01", 0.5), ("2023-01-06", 0.25)]
        )
        cls.partner = cls.env["res.partner"].create({"name": "Hormuz"})

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.env.ref(
            "sales_team.group_sale_manager"
        )

    def _make_moves(self, documents, partner=None, post=True, **overrides):
        """Invoices and credit notes of `Document`s, in their order."""
        values = [
            self._prepare_move_values(one, partner or self.partner, **overrides)
            for one in documents
        ]
        moves = self.env["account.move"].create(values)
        for move, one in zip(moves, documents, strict=True):
            if one.origin is not None:
                move.reversed_entry_id = moves[one.origin]
        if post:
            moves.action_post()
        return moves

    def _make_any(self, documents, partner):
        """Documents in any state, of the partner and of a contact of his."""
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": partner.id}
        )
        moves = self._make_moves(documents, partner, post=False)
        for move, one in zip(moves, documents, strict=True):
            if one.by:
                move.partner_id = contact
                move.invoice_date = one.date
        for move, one in zip(moves, documents, strict=True):
            if one.state == "posted":
                move.action_post()
            elif one.state == "cancel":
                move.button_cancel()

    def _prepare_move_values(self, document, partner, **overrides):
        types = {
            "invoice": "out_invoice",
            "receipt": "out_receipt",
            "refund": "out_refund",
        }
        return {
            "move_type": types[document.kind],
            "partner_id": partner.id,
            "invoice_date": document.date,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": "Pump",
                        "price_unit": float(document.amount),
                        "tax_ids": [Command.set(self.tax_sale_a.ids)],
                    }
                )
            ],
            **overrides,
        }

    def _facts(self, partner=None):
        self.env["crm.customer"]._refresh_facts()
        customer = self._customer(partner or self.partner)
        return (
            customer.first_purchase_date or None,
            customer.last_purchase_date or None,
            customer.purchase_count,
            round(Decimal(str(customer.purchase_revenue)), 2),
        )

    def _customer(self, partner):
        return self.env["crm.customer"].search(
            [("partner_id", "=", partner.id), ("company_id", "=", self.company.id)]
        )

    def _day(self, number):
        return START + timedelta(days=number)

    def _invoice(self, day, amount):
        return Document("invoice", self._day(day), Decimal(amount))

    def _refund(self, day, amount, origin=None):
        return Document("refund", self._day(day), Decimal(amount), origin)

    def test_two_invoices_on_one_day_are_one_purchase_without_tax(self):
        self._make_moves([self._invoice(0, 100), self._invoice(0, 50)])
        self.assertEqual(self._facts(), (self._day(0), self._day(0), 1, 150))

    def test_a_full_refund_undoes_the_purchase_on_its_own_day(self):
        self._make_moves(
            [self._invoice(0, 100), self._invoice(3, 40), self._refund(9, 40, 1)]
        )
        self.assertEqual(self._facts(), (self._day(0), self._day(0), 1, 100))

    def test_a_partial_refund_leaves_the_purchase(self):
        self._make_moves([self._invoice(0, 100), self._refund(9, 40, 0)])
        self.assertEqual(self._facts(), (self._day(0), self._day(0), 1, 60))

    def test_a_refund_without_origin_reduces_its_own_day(self):
        self._make_moves([self._invoice(0, 100), self._refund(5, 30)])
        self.assertEqual(self._facts(), (self._day(0), self._day(0), 1, 70))

    def test_who_returned_everything_never_bought(self):
        self._make_moves([self._invoice(0, 100), self._refund(5, 100, 0)])
        self.assertEqual(self._facts(), (None, None, 0, 0))

    def test_drafts_cancelled_and_zero_invoices_do_not_count(self):
        self._make_moves([self._invoice(0, 0), self._invoice(1, 10)])
        self._make_moves([self._invoice(2, 100)], post=False)
        self._make_moves([self._invoice(3, 100)], post=False).button_cancel()
        self.assertEqual(self._facts(), (self._day(1), self._day(1), 1, 10))

    def test_a_receipt_is_a_purchase_and_a_bill_is_not(self):
        document = self._invoice(0, 10)
        self._make_moves([document], move_type="out_receipt")
        self._make_moves([document], move_type="in_invoice", ref="bill")
        self.assertEqual(self._facts(), (self._day(0), self._day(0), 1, 10))

    def test_contacts_buy_for_their_commercial_entity(self):
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.partner.id}
        )
        self._make_moves([self._invoice(0, 10)], contact)
        self._make_moves([self._invoice(1, 5)])
        self.assertEqual(self._facts(), (self._day(0), self._day(1), 2, 15))

    def test_history_and_invoices_add_up(self):
        self._make_moves([self._invoice(0, 10)])
        self._make_history([(0, 5), (-400, 20), (-300, 7), (-300, -7), (-200, 0)])
        self.assertEqual(self._facts(), (self._day(-400), self._day(0), 3, 35))

    def test_imported_returns_alone_are_no_purchase(self):
        self._make_history([(0, -5)])
        self.assertEqual(self._facts(), (None, None, 0, -5))

    def test_amounts_are_those_of_the_ledger_in_two_currencies(self):
        """The first EUR invoice is at 2, the second at 4 USD a euro."""
        documents = [self._invoice(0, "33.33"), self._invoice(9, "10.01")]
        self._make_moves([*documents, self._refund(10, "3.33", 0)])
        self._make_moves(documents, currency_id=self.eur.id)
        expected = Decimal("33.33") * 3 + Decimal("10.01") * 5 - Decimal("3.33")
        *_dates, count, revenue = self._facts()
        self.assertEqual((count, revenue), (2, expected))
        self.assertEqual(revenue, self._ledger())

    def test_a_branch_sells_for_the_root_company(self):
        branch = self.env["res.company"].create(
            {"name": "North", "parent_id": self.company.id}
        )
        moves = self._make_moves([self._invoice(0, 10), self._invoice(1, 5)])
        # the chart of accounts of a branch does not matter here, only its document
        self.env.flush_all()
        query = "UPDATE account_move SET company_id = %s WHERE id = %s"
        self.env.cr.execute(SQL(query, branch.id, moves[0].id))
        self.env.invalidate_all()
        self.assertEqual(self._facts(), (self._day(0), self._day(1), 2, 15))

    def test_the_records_for_analysts_add_up_to_the_facts(self):
        documents = [self._invoice(0, 100), self._invoice(3, 40)]
        self._make_moves([*documents, self._refund(9, 40, 1), self._refund(5, 30)])
        self._make_moves([self._invoice(0, "33.33")], currency_id=self.eur.id)
        *_dates, _count, revenue = self._facts()
        rows = self.env["crm.purchase"].search([("partner_id", "=", self.partner.id)])
        self.assertEqual(len(rows), 5)
        self.assertAlmostEqual(sum(rows.mapped("amount")), float(revenue), 2)
        refund = rows.filtered(lambda row: row.amount == -40)
        self.assertEqual(refund.day, self._day(3))  # where it takes something away
        self.assertEqual(refund.move_id.invoice_date, self._day(9))

    def _make_history(self, rows, partner=None):
        self.env["crm.purchase.history"].create(
            [
                {
                    "company_id": self.company.id,
                    "partner_id": (partner or self.partner).id,
                    "date": self._day(day),
                    "amount": amount,
                    "reference": f"{(partner or self.partner).id}-{number}",
                }
                for number, (day, amount) in enumerate(rows)
            ]
        )

    def _ledger(self):
        """Credit of the income accounts of the partner, in company currency."""
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.partner.id),
                ("parent_state", "=", "posted"),
                ("account_id.account_type", "=", "income"),
            ]
        )
        return round(Decimal(str(-sum(lines.mapped("balance")))), 2)

    def test_any_sequence_of_documents_equals_the_plain_reference(self):
        rng = random.Random(2026)
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(CUSTOMERS)]
        )
        sequences = [self._random_documents(rng) for _ in partners]
        for partner, documents in zip(partners, sequences, strict=True):
            moves = [one for one in documents if one.kind != "history"]
            rows = [one for one in documents if one.kind == "history"]
            self._make_any(moves, partner)
            self._make_history(
                [((r.date - START).days, r.amount) for r in rows], partner
            )
        for partner, documents in zip(partners, sequences, strict=True):
            with self.subTest(documents=documents):
                expected = facts(documents)
                self.assertEqual(self._facts(partner), expected[:-1])
                customer = self._customer(partner)
                self.assertAlmostEqual(
                    customer.first_purchase_amount, float(expected.first_amount), 2
                )

    def _random_documents(self, rng):
        """Sales first, then refunds of some of them, then imported rows.

        A sale may be refunded more than once, and in other parts than wholes; what is
        no more than a draft, or cancelled, stands among them.
        """
        documents = [
            Document(
                rng.choice(["invoice", "invoice", "receipt"]),
                self._day(rng.randint(0, 5)),
                Decimal(rng.choice([0, 10, 20, 30])),
                state=self._random_state(rng),
                by=rng.randint(0, 1),
            )
            for _ in range(rng.randint(1, 4))
        ]
        for origin in rng.choices(range(len(documents)), k=rng.randint(0, 4)):
            amount = documents[origin].amount
            refund = self._refund(
                rng.randint(0, 9),
                rng.choice([amount, amount / 2, amount / 3]).quantize(Decimal("0.01"))
                or 5,
                rng.choice([origin, origin, None]),
            )
            refund = refund._replace(state=self._random_state(rng))
            documents.append(refund._replace(by=rng.randint(0, 1)))
        return documents + [
            Document("history", self._day(rng.randint(0, 5)), Decimal(amount))
            for amount in rng.choices([-30, -10, 0, 10, 25], k=rng.randint(0, 3))
        ]

    def _random_state(self, rng):
        return rng.choice(["posted", "posted", "posted", "posted", "draft", "cancel"])
