"""Every text of an addon is in its .pot and has its Persian."""

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import TranslationModuleReader

from tools import addons

from .suite import ROOT

SOURCE = 4  # column of the reader's rows


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    def test_the_template_holds_every_text(self):
        for name in addons.NAMES:
            with self.subTest(addon=name):
                template = polib.pofile(ROOT / name / "i18n" / f"{name}.pot")
                known = {entry.msgid for entry in template}
                self.assertFalse(self._get_texts(name) - known, "export the .pot again")

    def test_every_text_has_its_persian(self):
        for name in addons.NAMES:
            with self.subTest(addon=name):
                persian = polib.pofile(ROOT / name / "i18n" / "fa.po")
                done = {entry.msgid for entry in persian if entry.translated()}
                self.assertFalse(self._get_texts(name) - done)

    def _get_texts(self, name):
        rows = TranslationModuleReader(self.env.cr, modules=[name])
        texts = {row[SOURCE] for row in rows}
        self.assertGreater(len(texts), 100)
        return texts
