from odoo import models
from odoo.fields import Domain

SURVEY_BLANKED = ("email", "nickname")
ANSWER_BLANKED = ("value_char_box", "value_text_box")


class CrmErasure(models.AbstractModel):
    """What this addon knows of a person goes with him.

    Findings about his purchases elsewhere, tasks about him, and his own words in
    surveys and ratings are erased. The scores that he gave stay as numbers without a
    name, and so do purchases from before Odoo, which are accounts like invoices.
    """

    _inherit = "crm.erasure"

    def _get_erased_records(self):
        found = super()._get_erased_records()
        partners, customers = self._get_addresses(), self._get_customers()
        about = Domain("partner_id", "in", partners.ids)
        of_customer = Domain("customer_id", "in", customers.ids)
        return found | {
            "crm.competitor.purchase": self.env["crm.competitor.purchase"].search(
                of_customer
            ),
            "mail.activity": customers.activity_ids,
            "survey.user_input": self.env["survey.user_input"].search(about),
            "rating.rating": self.env["rating.rating"].search(
                about & Domain("feedback", "!=", False)
            ),
        }

    def _count_kept(self):
        kept = super()._count_kept()
        History = self.env["crm.purchase.history"]
        kept[History._description] = History.search_count(
            [("partner_id", "in", self._get_addresses().ids)]
        )
        return kept

    def _erase(self):
        records = self._get_erased_records()
        result = super()._erase()
        records["crm.competitor.purchase"].unlink()
        records["mail.activity"].unlink()
        answers = records["survey.user_input"]
        self._blank(answers, SURVEY_BLANKED)
        self._blank(answers.user_input_line_ids, ANSWER_BLANKED)
        self._blank(records["rating.rating"], ["feedback"])
        return result
