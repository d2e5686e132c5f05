"""Contacts, interactions and stages of other systems come in by Odoo's own import."""

import csv
import io

from odoo import Command
from odoo.tests import tagged
from odoo.tools import file_open, mute_logger

from .common import LifecycleCommon

OPTIONS = {
    "has_headers": True,
    "quoting": '"',
    "separator": ",",
    "datetime_format": "%Y-%m-%d %H:%M:%S",
    "date_format": "%Y-%m-%d",
}
CONTACTS = [
    "crm_source_id",
    "crm_source_ref",
    "name",
    "is_company",
    "parent_id",
    "city",
]
INTERACTIONS = [
    "source_id",
    "source_ref",
    "partner_id",
    "partner_ref",
    "date",
    "channel_id",
    "direction",
    "name",
    "note",
]
STAGES = ["source_id", "partner_id", "stage_id", "date_from", "date_to", "reason"]


class ImportCase(LifecycleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = cls.env["crm.data.source"].create(
            {"name": "Former CRM", "code": "old_crm"}
        )
        # Odoo copies the credit limit to contacts in every company, as the user
        cls.sara.group_ids += cls.env.ref("account.group_account_invoice")

    def _wizard(self, model, content):
        wizard = self.env["base_import.import"].with_user(self.sara)
        wizard = wizard.with_company(self.arvand).with_context(tz="UTC")
        return wizard.create(
            {
                "res_model": model,
                "file": content,
                "file_type": "text/csv",
                "file_name": "rows.csv",
            }
        )

    def _import(self, model, columns, rows):
        text = io.StringIO()
        csv.writer(text).writerows([columns, *rows])
        wizard = self._wizard(model, text.getvalue().encode())
        return wizard.execute_import(columns, columns, OPTIONS)

    def _versions(self, records):
        """Row versions in the database: equal when nothing was written."""
        self.env.flush_all()
        self.env.cr.execute(
            f"SELECT id, xmin, ctid FROM {records._table} WHERE id IN %s ORDER BY id",
            [tuple(records.ids)],
        )
        return self.env.cr.fetchall()

    def _errors(self, result):
        """{row number: messages} of an import that was refused."""
        self.assertFalse(result["ids"])
        errors = {}
        for message in result["messages"]:
            if "rows" in message:
                row = message["rows"]["from"]
                errors[row] = f"{errors.get(row, '')} {message['message']}"
        return errors

    def _check_template(self, model, columns):
        templates = self.env[model].get_import_templates()
        path = templates[-1]["template"].lstrip("/")
        with file_open(path, "rb") as file:
            content = file.read()
        preview = self._wizard(model, content).parse_preview(OPTIONS)
        self.assertFalse(preview.get("error"))
        found = [preview["matches"][number][0] for number in sorted(preview["matches"])]
        self.assertEqual(found, columns)
        return content


@tagged("post_install", "-at_install")
class TestImportContacts(ImportCase):
    def _rows(self, city="Tehran"):
        return [
            ("old_crm", "C-1", "Zagros", "1", "", city),
            ("old_crm", "C-2", "Mina", "", "Zagros", ""),
        ]

    def _import_contacts(self, rows):
        return self._import("res.partner", CONTACTS, rows)

    def test_contacts_come_in_with_their_reference(self):
        result = self._import_contacts(self._rows()[:1])
        self.assertFalse(result["messages"])
        zagros = self.env["res.partner"].browse(result["ids"])
        self.assertEqual((zagros.name, zagros.city), ("Zagros", "Tehran"))
        self.assertEqual(zagros.crm_source_ref, "C-1")
        self.assertEqual(zagros.crm_source_id, self.source)
        self.assertTrue(self.source.last_import)
        self.assertEqual(self.source.contact_count, 1)
        result = self._import_contacts(self._rows()[1:])
        self.assertFalse(result["messages"])
        mina = self.env["res.partner"].browse(result["ids"])
        self.assertEqual(mina.parent_id, zagros)

    def test_the_same_contacts_again_change_nothing(self):
        first = self._import_contacts(self._rows()[:1])
        first["ids"] += self._import_contacts(self._rows()[1:])["ids"]
        partners = self.env["res.partner"].browse(first["ids"])
        before = self._versions(partners)
        again = self._import_contacts(self._rows())
        self.assertFalse(again["messages"])
        self.assertEqual(again["ids"], first["ids"])
        self.assertEqual(self._versions(partners), before)

    def test_only_the_row_that_differs_is_written(self):
        rows = [
            ("old_crm", f"C-{number}", f"Company {number}", "1", "", "Tehran")
            for number in range(2)
        ]
        first, second = self.env["res.partner"].browse(
            self._import_contacts(rows)["ids"]
        )
        before = self._versions(second)
        self._import_contacts([(*rows[0][:5], "Shiraz"), rows[1]])
        self.assertEqual(first.city, "Shiraz")
        self.assertEqual(self._versions(second), before)

    def test_one_reference_twice_in_a_file_is_one_contact(self):
        row = self._rows()[0]
        result = self._import_contacts([row, row])
        self.assertEqual(len(set(result["ids"])), 1)

    def test_a_merged_contact_is_found_by_both_references(self):
        rows = [
            ("old_crm", "C-1", "Zagros", "1", "", "Tehran"),
            ("old_crm", "C-9", "Zagros Ltd", "1", "", "Tehran"),
        ]
        ids = self._import_contacts(rows)["ids"]
        first, second = self.env["res.partner"].browse(ids)
        self.env["base.partner.merge.automatic.wizard"]._merge(ids, first)
        self.assertFalse(second.exists())
        again = self._import_contacts([rows[0], (*rows[1][:2], "Zagros", *rows[1][3:])])
        self.assertEqual(set(again["ids"]), {first.id})

    def test_a_reference_without_source_and_an_unknown_source_are_named(self):
        rows = [
            ("", "C-1", "Zagros", "1", "", ""),
            ("nowhere", "C-2", "X", "1", "", ""),
        ]
        errors = self._errors(self._import_contacts(rows[:1]))
        self.assertIn("C-1 names no source", errors[0])
        errors = self._errors(self._import_contacts(rows[1:]))
        self.assertIn("nowhere", errors[0])

    def test_odoos_external_id_goes_on_working(self):
        columns = ["id", "name"]
        row = ("old.p1", "Zagros")
        [zagros] = self._import("res.partner", columns, [row])["ids"]
        partner = self.env["res.partner"].browse(zagros)
        before = self._versions(partner)
        self.assertEqual(self._import("res.partner", columns, [row])["ids"], [zagros])
        self.assertEqual(self._versions(partner), before)

    def test_the_template_is_understood(self):
        columns = [*CONTACTS[:5], "email", "phone", "street", "city", "country_id"]
        self._check_template("res.partner", columns)


@tagged("post_install", "-at_install")
class TestImportInteractions(ImportCase):
    def _row(self, reference="T-1", **overrides):
        values = {
            "source_id": "old_crm",
            "source_ref": reference,
            "partner_id": "Hormuz",
            "partner_ref": "",
            "date": "2024-02-11 09:30:00",
            "channel_id": "phone",
            "direction": "From the customer",
            "name": "Asked for prices",
            "note": "Three pumps",
        }
        return [{**values, **overrides}[name] for name in INTERACTIONS]

    def _import_talks(self, rows):
        result = self._import("crm.interaction", INTERACTIONS, rows)
        return self.env["crm.interaction"].browse(result["ids"] or []), result

    def test_contacts_are_found_by_name_mail_and_reference(self):
        self.caspian.email = "office@caspian.example"
        self.env["crm.source.reference"].create(
            {
                "source_id": self.source.id,
                "reference": "C-7",
                "partner_id": self.reza.id,
            }
        )
        talks, result = self._import_talks(
            [
                self._row("T-1"),
                self._row("T-2", partner_id="office@caspian.example"),
                self._row("T-3", partner_id="", partner_ref="C-7"),
            ]
        )
        self.assertFalse(result["messages"])
        self.assertEqual(
            talks.mapped("partner_id"), self.hormuz | self.caspian | self.reza
        )
        self.assertEqual(talks[2].partner_ref, "C-7")
        self.assertEqual(str(talks[0].date), "2024-02-11 09:30:00")

    def test_channels_are_found_by_name_and_by_code(self):
        talks, _result = self._import_talks(
            [self._row("T-1"), self._row("T-2", channel_id="Phone")]
        )
        phone = self.env.ref("crm_lifecycle.crm_channel_phone")
        self.assertEqual(talks.channel_id, phone)

    def test_the_same_interactions_again_change_nothing(self):
        rows = [self._row(f"T-{number}") for number in range(3)]
        talks, _result = self._import_talks(rows)
        before = self._versions(talks)
        again, _result = self._import_talks([*rows, self._row("T-9")])
        self.assertEqual(again[:3], talks)
        self.assertEqual(self._versions(talks), before)
        self.assertEqual(len(again), 4)
        self.assertEqual(self.source.interaction_count, 4)

    def test_a_changed_note_is_taken_over(self):
        talk, _result = self._import_talks([self._row()])
        self._import_talks([self._row(note="Four pumps")])
        self.assertIn("Four pumps", talk.note)

    def test_faulty_rows_are_named_and_nothing_is_imported(self):
        for case, wrong in {
            "No contact is known by the reference": {
                "partner_id": "",
                "partner_ref": "C-404",
            },
            "has not happened yet": {"date": "2999-01-01 00:00:00"},
            "names no source": {"source_id": ""},
            "carrier pigeon": {"channel_id": "carrier pigeon"},
        }.items():
            with self.subTest(case), mute_logger("odoo.sql_db"):
                _talks, result = self._import_talks(
                    [self._row("T-1"), self._row("T-2", **wrong)]
                )
                self.assertIn(case, self._errors(result)[1])
                self.assertFalse(
                    self.env["crm.interaction"].search_count(
                        [("source_id", "=", self.source.id)]
                    )
                )

    def test_the_template_is_understood(self):
        columns = [
            "source_id",
            "source_ref",
            "partner_id",
            "partner_ref",
            "date",
            "channel_id",
            "direction",
            "name",
            "note",
            "duration",
        ]
        self._check_template("crm.interaction", columns)


@tagged("post_install", "-at_install")
class TestImportStages(ImportCase):
    def setUp(self):
        super().setUp()
        self._make_lead(self.hormuz)
        self._process()
        self.customer = self._customer_of(self.hormuz)

    def _import_stages(self, *rows):
        rows = [("old_crm", "Hormuz", *row) for row in rows]
        return self._import("crm.stage.import", STAGES, rows)

    def _history(self):
        self.env.invalidate_all()
        return self.customer.history_ids.sorted("date_from")

    def test_past_stages_precede_the_history_without_gap(self):
        start = self._history()[0].date_from
        known = self._history()
        result = self._import_stages(
            ("acquire", "2021-05-02 00:00:00", "", "Asked for an offer"),
            ("identify", "2021-01-10 00:00:00", "2021-05-02 00:00:00", "Fair"),
        )
        self.assertFalse(result["messages"])
        history = self._history()
        self.assertEqual(history[2:], known)
        self.assertEqual(history[:2].mapped("stage_id.code"), ["identify", "acquire"])
        self.assertEqual(history[:2].mapped("reason"), ["Fair", "Asked for an offer"])
        self.assertEqual(str(history[0].date_to), "2021-05-02 00:00:00")
        self.assertEqual(history[0].date_to, history[1].date_from)
        self.assertEqual(history[1].date_to, start)

    def test_the_same_stages_again_change_nothing(self):
        rows = [
            ("identify", "2021-01-10 00:00:00", "2021-05-02 00:00:00", "Fair"),
            ("Acquire", "2021-05-02 00:00:00", "", "Offer"),
        ]
        first = self._import_stages(*rows)
        before = self._versions(self._history())
        again = self._import_stages(*rows)
        self.assertEqual(again["ids"], first["ids"])
        self.assertEqual(self._versions(self._history()), before)

    def test_older_stages_may_follow_later(self):
        self._import_stages(("acquire", "2021-05-02 00:00:00", "", ""))
        result = self._import_stages(("identify", "2020-01-10 00:00:00", "", ""))
        self.assertFalse(result["messages"])
        self.assertEqual(self._stages_of(self.customer)[:2], ["identify", "acquire"])

    def test_rows_that_do_not_fit_are_named_with_the_reason(self):
        good = ("identify", "2020-01-01 00:00:00", "2020-02-01 00:00:00", "")
        for case, row in {
            "overlaps the next stage": (
                "acquire",
                "2019-01-01 00:00:00",
                "2020-01-15 00:00:00",
                "",
            ),
            "before it was entered": (
                "acquire",
                "2020-02-01 00:00:00",
                "2019-01-01 00:00:00",
                "",
            ),
            "only what was before can be imported": (
                "acquire",
                "2999-01-01 00:00:00",
                "",
                "",
            ),
            "leave Left empty": (
                "acquire",
                "2020-02-01 00:00:00",
                "2020-03-01 00:00:00",
                "",
            ),
        }.items():
            with self.subTest(case):
                before = self._history()
                result = self._import_stages(good, row)
                errors = self._errors(result)
                self.assertIn(case, errors[1])
                self.assertIn("Hormuz", errors[1])
                self.assertEqual(self._history(), before)
                self.assertFalse(self.env["crm.stage.import"].search([]))

    def test_a_contact_that_is_no_customer_yet_becomes_one(self):
        self.assertFalse(self._customer_of(self.caspian))
        row = ("old_crm", "Caspian", "lost", "2020-01-01 00:00:00", "", "Closed")
        self.assertFalse(self._import("crm.stage.import", STAGES, [row])["messages"])
        customer = self._customer_of(self.caspian)
        self.assertEqual(self._stages_of(customer), ["lost", "identify"])
        self.assertFalse(customer.stage_pinned)

    def test_another_stage_at_the_same_moment_is_refused(self):
        self._import_stages(("identify", "2021-01-10 00:00:00", "", ""))
        result = self._import_stages(("acquire", "2021-01-10 00:00:00", "", ""))
        self.assertIn("already there with another", self._errors(result)[0])

    def test_the_nightly_pass_leaves_the_imported_past_alone(self):
        self._import_stages(("acquire", "2021-05-02 00:00:00", "", ""))
        before = self._versions(self._history())
        self.env["crm.customer"]._refresh_all()
        self.assertEqual(self._versions(self._history()), before)

    def test_rows_made_by_hand_wait_until_they_are_applied(self):
        row = self.env["crm.stage.import"].create(
            {
                "source_id": self.source.id,
                "partner_id": self.reza.id,
                "stage_id": self._stage("acquire").id,
                "date_from": "2020-01-01",
            }
        )
        self.assertEqual((row.state, row.partner_id), ("draft", self.hormuz))
        row.action_apply()
        self.assertEqual((row.state, row.history_id), ("done", self._history()[0]))

    def test_the_template_is_understood(self):
        self._check_template("crm.stage.import", STAGES)

    def test_people_of_another_company_do_not_see_the_rows(self):
        self._import_stages(("acquire", "2021-05-02 00:00:00", "", ""))
        rows = self.env["crm.stage.import"].with_user(self.bahar)
        rows = rows.with_context(allowed_company_ids=self.bahar_company.ids)
        self.assertFalse(rows.search([]))


@tagged("post_install", "-at_install")
class TestSourceRegister(ImportCase):
    def test_a_source_counts_what_came_from_it(self):
        self.env["crm.source.reference"].create(
            {
                "source_id": self.source.id,
                "reference": "1",
                "partner_id": self.reza.id,
            }
        )
        self.assertEqual(self.source.contact_count, 1)
        action = self.source.action_view_contacts()
        self.assertEqual(
            self.env[action["res_model"]].search(action["domain"]), self.reza
        )

    def test_a_contact_may_have_references_in_many_sources(self):
        other = self.source.copy({"code": "fair"})
        self.reza.crm_source_reference_ids = [
            Command.create({"source_id": source.id, "reference": "1"})
            for source in (self.source, other)
        ]
        self.assertEqual(len(self.reza.crm_source_reference_ids), 2)
