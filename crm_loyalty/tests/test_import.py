"""Purchases from before Odoo come in by Odoo's own import."""

import io
from datetime import date

import openpyxl

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import file_open

from . import cdnow
from .common import LoyaltyCommon

HEADER = ["Customer", "Date", "Amount", "Reference"]
FIELDS = ["partner_id", "date", "amount", "reference"]
COLUMNS = ["partner_id", "date", "amount", "currency_id", "reference", "source"]
TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@tagged("post_install", "-at_install")
class TestImport(LoyaltyCommon):
    def _wizard(self, content, ending="csv"):
        return (
            self.env["base_import.import"]
            .with_user(self.sara)
            .create(
                {
                    "res_model": "crm.purchase.history",
                    "file": content,
                    "file_type": TYPES[ending],
                    "file_name": f"history.{ending}",
                }
            )
        )

    def _import(self, rows, fields=None, header=None):
        header = header or HEADER
        wizard = self._wizard(cdnow.to_csv(header, rows))
        options = {"has_headers": True, "quoting": '"', "separator": ","}
        return wizard.execute_import(fields or FIELDS, header, options)

    def _history(self):
        return self.env["crm.purchase.history"].search(
            [("company_id", "=", self.arvand.id)], order="id"
        )

    def test_a_manager_imports_by_the_names_of_customers(self):
        result = self._import(
            [
                ("Hormuz", "2015-03-01", "100.50", "A-1"),
                ("Caspian", "2016-04-02", "-20", "A-2"),
            ]
        )
        self.assertFalse(result["messages"])
        history = self._history()
        self.assertEqual(history.partner_id, self.hormuz | self.caspian)
        self.assertEqual(history.mapped("amount_company"), [100.5, -20])
        self.assertEqual(set(history.mapped("source")), {"import"})

    def test_the_template_is_offered_and_understood(self):
        offers = self.env["crm.purchase.history"].get_import_templates()
        endings = []
        for offer in offers:
            endings.append(offer["template"].rpartition(".")[2])
            with file_open(offer["template"].lstrip("/"), "rb") as file:
                content = file.read()
            preview = self._wizard(content, endings[-1]).parse_preview(
                {"quoting": '"', "separator": ",", "has_headers": True}
            )
            self.assertFalse(preview.get("error"))
            found = [preview["matches"][column][0] for column in range(6)]
            self.assertEqual(found, COLUMNS)
        self.assertEqual(endings, ["csv", "xlsx"])

    def test_a_workbook_with_dates_and_numbers_is_imported(self):
        rows = [
            ("Hormuz", date(2015, 3, 1), 100.5, "USD", "A-1", "old"),
            ("Caspian", date(2016, 4, 2), -20, "", "A-2", ""),
        ]
        result = self._import_workbook(rows)
        self.assertFalse(result["messages"])
        history = self._history()
        self.assertEqual(history.mapped("date"), [rows[0][1], rows[1][1]])
        self.assertEqual(history.mapped("amount_company"), [100.5, -20])
        self.assertEqual(history.mapped("source"), ["old", "import"])
        before = history.mapped("write_date")
        again = self._import_workbook(rows)
        self.assertEqual(again["ids"], result["ids"])
        self.assertEqual(self._history().mapped("write_date"), before)

    def _import_workbook(self, rows):
        file = io.BytesIO()
        book = openpyxl.Workbook()
        for row in (COLUMNS, *rows):
            book.active.append(row)
        book.save(file)
        wizard = self._wizard(file.getvalue(), "xlsx")
        options = wizard.parse_preview({"has_headers": True})["options"]
        return wizard.execute_import(COLUMNS, COLUMNS, {**options, "has_headers": True})

    def test_the_same_rows_again_change_nothing(self):
        rows = [("Hormuz", "2015-03-01", "100.10", f"A-{n}") for n in range(3)]
        first = self._import(rows)
        before = self._history().mapped("write_date")
        again = self._import([*rows, ("Hormuz", "2015-03-02", "1", "A-9")])
        self.assertFalse(again["messages"])
        self.assertEqual(again["ids"][:3], first["ids"])
        self.assertEqual(self._history()[:3].mapped("write_date"), before)
        self.assertEqual(len(self._history()), 4)

    def test_a_reference_with_another_amount_is_refused_by_row(self):
        self._import([("Hormuz", "2015-03-01", "100", "A-1")])
        result = self._import(
            [
                ("Hormuz", "2015-03-05", "7", "A-2"),
                ("Hormuz", "2015-03-01", "120", "A-1"),
            ]
        )
        self.assertFalse(result["ids"])
        rows = [message["rows"]["from"] for message in result["messages"]]
        self.assertIn(1, rows)
        self.assertIn("A-1", result["messages"][-1]["message"])
        self.assertIn("Amount", result["messages"][-1]["message"])
        self.assertEqual(self._history().mapped("amount"), [100])

    def test_one_reference_twice_in_a_file_is_refused_unless_equal(self):
        row = ("Hormuz", "2015-03-01", "100", "A-1")
        self.assertFalse(self._import([row, row])["messages"])
        self.assertEqual(len(self._history()), 1)
        result = self._import([("Hormuz", "2015-03-01", n, "B") for n in (1, 2)])
        self.assertFalse(result["ids"])
        self.assertEqual(len(self._history()), 1)

    def test_an_external_id_makes_a_row_correctable(self):
        header, fields = ["External ID", *HEADER], ["id", *FIELDS]
        row = ("old_1", "Hormuz", "2015-03-01", "100", "A-1")
        self._import([row], fields, header)
        self._import([(*row[:3], "120", "A-1")], fields, header)
        self.assertEqual(self._history().mapped("amount"), [120])

    def test_faulty_rows_are_named_with_the_reason_and_nothing_is_imported(self):
        """Each stands in the second row of a workbook, the first one is good."""
        self.env["res.partner"].create(
            [
                {"name": "Twin"},
                {"name": "Twin"},
                {"name": "Foreign", "company_id": self.bahar.id},
                {"name": "Gone", "active": False},
            ]
        )
        good = {
            "partner_id": "Hormuz",
            "date": "2015-03-01",
            "amount": 5,
            "currency_id": "USD",
            "reference": "A-2",
            "source": "old",
        }
        cases = (
            ("partner_id", "Nobody", "No matching record found for name 'Nobody'"),
            ("partner_id", None, "A-2 has no customer"),
            ("partner_id", "Twin", 'multiple matches for value "Twin"'),
            ("partner_id", "Foreign", "No matching record found"),
            ("partner_id", "Gone", "No matching record found"),
            ("partner_id", "Arvand", "Arvand belongs to us"),
            ("partner_id", self.omid.name, "belongs to us"),
            ("date", None, "A-2 has no date"),
            ("date", "2999-01-01", "cannot lie in the future"),
            ("amount", "much", "incorrect values (value: much)"),
            ("amount", None, "A-2 has no amount"),
            ("amount", "NaN", "incorrect values (value: NaN)"),
            ("currency_id", "Ducat", "No matching record found for name 'Ducat'"),
            ("currency_id", "JPY", "No matching record found for name 'JPY'"),
            ("reference", None, "has no reference"),
        )
        first = tuple(({**good, "reference": "A-1"})[name] for name in COLUMNS)
        for name, value, reason in cases:
            with self.subTest(f"{name}: {value}"):
                faulty = {**good, name: value}
                result = self._import_workbook(
                    [first, tuple(faulty[column] for column in COLUMNS)]
                )
                self.assertFalse(result.get("ids"))
                self.assertFalse(self._history())
                rows = {message["rows"]["from"] for message in result["messages"]}
                self.assertEqual(rows, {1})
                texts = "\n".join(one["message"] for one in result["messages"])
                self.assertIn(reason, texts)

    def test_every_faulty_row_of_a_file_is_named_at_once(self):
        rows = [
            ("Hormuz", "2015-03-01", "5", "A-1"),
            ("Nobody", "2015-03-01", "5", "A-2"),
            ("Hormuz", "2999-03-01", "5", "A-3"),
            ("Hormuz", "2015-03-01", "", "A-4"),
        ]
        result = self._import(rows)
        named = {message["rows"]["from"] for message in result["messages"]}
        self.assertEqual(named, {1, 2, 3})
        self.assertFalse(self._history())

    def test_a_date_that_is_none_is_named_with_its_line(self):
        result = self._import([("Hormuz", "yesterday", "5", "A-1")])
        self.assertIn("1", result["messages"][0]["message"])
        self.assertFalse(self._history())

    def test_amounts_are_kept_in_their_currency_and_in_the_companys(self):
        eur = self.env.ref("base.EUR")
        eur.active = True
        self.env["res.currency.rate"].create(
            [
                {
                    "currency_id": eur.id,
                    "company_id": self.arvand.id,
                    "name": day,
                    "company_rate": rate,
                }
                for day, rate in (("2015-01-01", 0.8), ("2016-01-01", 0.5))
            ]
        )
        rows = [("Hormuz", f"{year}-06-01", 10, year, "EUR") for year in (2015, 2016)]
        self._import(rows, [*FIELDS, "currency_id"], [*HEADER, "Currency"])
        self.assertEqual(self._history().mapped("amount_company"), [12.5, 20])

    def test_a_purchase_makes_its_commercial_entity_a_customer(self):
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.zagros.id}
        )
        self.assertFalse(self._customer(self.zagros))
        self._buy(contact, "2015-03-01", 10)
        self.env["crm.customer"]._refresh_facts()
        self.assertEqual(self._customer(self.zagros).purchase_revenue, 10)
        self.assertFalse(self._customer(contact))

    def test_deleted_purchases_are_forgotten(self):
        purchase = self._buy(self.hormuz, "2015-03-01", 10)
        self.env["crm.customer"]._refresh_facts()
        purchase.unlink()
        self.env["crm.customer"]._refresh_facts()
        customer = self._customer(self.hormuz)
        customer.invalidate_recordset()
        self.assertEqual(customer.purchase_count, 0)
        self.assertFalse(customer.first_purchase_date)

    def test_salespeople_cannot_import(self):
        rows = [["Hormuz", "2015-03-01", "5", "A-1"]]
        with self.assertRaises(AccessError):
            self._buy_as(self.omid)
        result = self._load_as(self.omid, rows)
        self.assertFalse(result["ids"])

    def _buy_as(self, user):
        self.env["crm.purchase.history"].with_user(user).create(
            {
                "partner_id": self.hormuz.id,
                "date": "2015-01-01",
                "amount": 1,
                "reference": "X",
            }
        )

    def _load_as(self, user, rows):
        return self.env["crm.purchase.history"].with_user(user).load(FIELDS, rows)

    def test_a_branch_has_no_history_of_its_own(self):
        branch = self.env["res.company"].create(
            {"name": "Arvand North", "parent_id": self.arvand.id}
        )
        with self.assertRaises(ValidationError):
            self._buy(self.hormuz, "2015-01-01", 1, company_id=branch.id)
