import random

from odoo.tests import TransactionCase
from odoo.tools import SQL

from ..lib import persian

SEED = 20260101
ALPHABET = (
    "یيىئکكهةۀاأإآٱوؤ ‌\u200f\u0640\u064e\u0651۰۱۹٠٥٩0123456789+()-_.,/;'\"%|@<>"
    "ABCxyzÄéøłŁ×ßﻙﻼ１２\u00a0\t\nشرکتسهامیخاص سهامی خاص Ltd co gmbh ,+98"
)


class TestPartnerSearch(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.Partner = cls.env["res.partner"]
        cls.firm = cls.Partner.create(
            {
                "name": "شرکت نرم‌افزاری پارسیک",
                "is_company": True,
                "phone": "+98 912 345 6789",
                "ref": "ق-۱۴۰۳",
            }
        )

    def _found(self, typed):
        return self.firm in self.Partner.search([("display_name", "ilike", typed)])

    def test_a_name_is_found_however_it_is_typed(self):
        for typed in (
            "شركت نرم افزاري",
            "شرکت نرم‌افزاری",
            "نرمافزاری پارسيك",
            "پارسيك",
            "شـرکت",
        ):
            self.assertTrue(self._found(typed), typed)
        self.assertFalse(self._found("پارسیان"))

    def test_a_phone_is_found_in_any_digits(self):
        for typed in ("۰۹۱۲", "0912345", "٠٩١٢ ٣٤٥", "+98912", "3456789", "۶۷۸۹"):
            self.assertTrue(self._found(typed), typed)
            by_phone = [("phone_mobile_search", "ilike", typed)]
            self.assertIn(self.firm, self.Partner.search(by_phone), typed)
        self.assertFalse(self._found("0913345"))

    def test_a_reference_is_found_in_any_digits(self):
        self.assertTrue(self._found("ق-1403"))

    def test_what_odoo_finds_is_still_found(self):
        other = self.Partner.create({"name": "Plain & Simple", "email": "q@x.example"})
        for typed in ("n & S", "Q@X", "plain"):
            found = self.Partner.search([("display_name", "ilike", typed)])
            self.assertIn(other, found, typed)

    def test_signs_alone_and_wildcards_find_nothing_more(self):
        for typed in ("%%", "؟؟", "\u200c-", "_"):
            self.assertTrue(self.Partner._get_key_domain(typed).is_false(), typed)

    def test_a_negative_search_leaves_all_spellings_out(self):
        without = self.Partner.search([("display_name", "not ilike", "پارسيك")])
        self.assertTrue(without)
        self.assertNotIn(self.firm, without)

    def test_a_name_search_offers_the_contact(self):
        offered = self.Partner.name_search("نرم افزاري پارسيك")
        self.assertIn(self.firm.id, [partner_id for partner_id, _name in offered])

    def test_persons_are_found_under_their_company(self):
        person = self.Partner.create({"name": "كريمي", "parent_id": self.firm.id})
        found = self.Partner.search([("display_name", "ilike", "پارسیک کریمی")])
        self.assertEqual(found, person)

    def test_what_was_typed_is_never_changed(self):
        person = self.Partner.create({"name": "علي كاظمي", "phone": "۰۹۱۲۱۱۱۱۱۱۱"})
        self.assertEqual(person.name, "علي كاظمي")
        self.assertEqual(person.phone, "۰۹۱۲۱۱۱۱۱۱۱")
        self.assertEqual(person.crm_phone_key, "9121111111")

    def test_keys_follow_a_changed_name(self):
        self.firm.name = "بندر"
        self.assertFalse(self._found("پارسیک"))
        self.assertTrue(self._found("بندر"))

    def test_python_and_postgresql_make_the_same_keys(self):
        generator = random.Random(SEED)
        texts = [
            "".join(generator.choices(ALPHABET, k=generator.randint(0, 40)))
            for _number in range(1500)
        ]
        texts += [
            "".join(
                chr(generator.choice((*range(1, 0x700), *range(0xFB50, 0xFDCF))))
                for _letter in range(25)
            )
            for _number in range(500)
        ]
        for name, steps in {
            "squeeze": persian.SQUEEZE,
            "name": persian.NAME,
            "phone": persian.PHONE,
            "typed": persian.PHONE_TYPED,
            "mail": persian.MAIL,
            "vat": persian.VAT,
        }.items():
            rows = self.env.execute_query(
                SQL(
                    "SELECT %s FROM unnest(%s::text[]) WITH ORDINALITY"
                    " AS t(typed, place) ORDER BY place",
                    self.Partner._sql_key(steps, SQL("typed")),
                    texts,
                )
            )
            for text, (made,) in zip(texts, rows, strict=True):
                self.assertEqual(made, persian.run(steps, text), (name, text))

    def test_the_statement_of_the_installation_writes_what_the_orm_writes(self):
        self.env.flush_all()
        self.assertEqual(self.Partner._fill_keys(), 0)
        names = ["crm_search_key", "crm_name_key", "crm_phone_key"]
        before = self.firm.read(names)
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET crm_search_key = NULL, crm_name_key = 'x',"
                " crm_phone_key = NULL WHERE id = %s",
                self.firm.id,
            )
        )
        self.assertEqual(self.Partner._fill_keys(), 1)
        self.firm.invalidate_recordset()
        self.assertEqual(self.firm.read(names), before)

    def test_the_beginning_of_a_phone_uses_its_index(self):
        query = self.Partner._search(self.Partner._get_phone_domain("0912345"))
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        plan = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
        self.assertIn("crm_phone_key_idx", "\n".join(line for (line,) in plan))

    def test_with_trigrams_the_search_key_is_indexed_like_names(self):
        self.env.cr.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename = 'res_partner'"
            " AND indexdef LIKE '%crm_search_key%gin_trgm_ops%'"
        )
        indexed = bool(self.env.cr.fetchone())
        self.assertEqual(indexed, bool(self.registry.has_trigram))
