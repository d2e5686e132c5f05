from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_lifecycle.lib.timeline import (
    TimelineBranch,
    TimelineKind,
    TimelineSource,
)


class CrmCustomer(models.Model):
    """Classes and purchases before Odoo in the timeline; the class in the header."""

    _inherit = "crm.customer"

    @api.model
    def _timeline_sources(self):
        return [
            *super()._timeline_sources(),
            self._get_purchase_timeline(),
            self._get_class_timeline(),
        ]

    @api.model
    def _get_purchase_timeline(self):
        branch = TimelineBranch(
            tables=SQL("crm_purchase_history doc"),
            key=SQL("doc.partner_id"),
            date=SQL("doc.date"),
            company=SQL("doc.company_id"),
            texts=(SQL("doc.reference"), SQL("doc.source")),
            dated=True,
        )
        kind = TimelineKind(
            "purchase", self.env._("Purchase Before Odoo"), "fa-history"
        )
        return TimelineSource(
            "crm.purchase.history", (kind,), (branch,), self._describe_purchases
        )

    @api.model
    def _describe_purchases(self, purchases):
        return {
            purchase.id: {
                "summary": purchase.reference or purchase.source or "",
                "amount": purchase.amount,
                "currency_id": purchase.currency_id.id,
            }
            for purchase in purchases
        }

    @api.model
    def _get_class_timeline(self):
        branch = TimelineBranch(
            tables=SQL("crm_loyalty_history doc"),
            key=SQL("doc.customer_id"),
            date=SQL("doc.date_from"),
            owner="customer",
            dated=True,
        )
        kind = TimelineKind("class", self.env._("Class"), "fa-trophy", "warning")
        return TimelineSource(
            "crm.loyalty.history", (kind,), (branch,), self._describe_classes
        )

    @api.model
    def _describe_classes(self, rows):
        return {
            row.id: {
                "summary": self._join(
                    *(
                        self._get_state_label(row, name)
                        for name in ("abc_class", "rfm_segment")
                        if row._has_field_access(row._fields[name], "read")
                    )
                )
            }
            for row in rows
        }

    def _get_header_values(self):
        values = super()._get_header_values()
        shown = [
            name
            for name in ("abc_class", "rfm_segment")
            if self._has_field_access(self._fields[name], "read")
        ]
        if not shown or not self.env.user.has_group("crm_loyalty.group_user"):
            return values
        tones = {"a": "success", "b": "warning", "c": "info"}
        text = self._join(*(self._get_state_label(self, name) for name in shown))
        tone = tones.get(self.abc_class, "") if "abc_class" in shown else ""
        values.insert(2, self._get_header_value("abc_class", text, tone))
        return values
