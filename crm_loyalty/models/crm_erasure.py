from odoo import models


class CrmErasure(models.AbstractModel):
    """What this addon knows of a person goes with him.

    Findings about his purchases elsewhere are deleted. Scores that he gave stay as
    numbers without a name, and so do purchases from before Odoo, which are accounts
    like invoices.
    """

    _inherit = "crm.erasure"

    def _get_erased_records(self):
        Finding = self.env["crm.competitor.purchase"]
        of_customer = [("customer_id", "in", self._get_customers().ids)]
        return super()._get_erased_records() | {
            Finding._name: Finding.search(of_customer)
        }

    def _get_erasers(self):
        return super()._get_erasers() | {"crm.competitor.purchase": self._delete}

    def _count_kept(self):
        kept = super()._count_kept()
        History = self.env["crm.purchase.history"]
        kept[History._description] = History.search_count(
            [("partner_id", "in", self._get_addresses().ids)]
        )
        return kept
