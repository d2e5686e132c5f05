from odoo import api, models

from .crm_customer_classed import CLASS_FIELDS

HISTORY_FIELDS = ("abc_class", "rfm_segment", "loyalty_type")
FIGURES = {"figures", "reason"}
"""What the history tells in numbers and words, of all classes at once."""


class CrmInfoClass(models.Model):
    """What is hidden of customers is hidden of their documents and history, too."""

    _inherit = "crm.info.class"

    @api.model
    def _get_hidden_fields(self):
        hidden = super()._get_hidden_fields()
        sources = hidden.get("crm.customer", ())
        names = {name for name, source in CLASS_FIELDS.items() if source in sources}
        if not names:
            return hidden
        documents = self.env.registry["crm.customer.classed"]._inherit_children
        more = dict.fromkeys(documents, names)
        more["crm.loyalty.history"] = self._get_hidden_history(sources)
        return hidden | {
            model: hidden.get(model, frozenset()) | found
            for model, found in more.items()
        }

    @api.model
    def _get_hidden_history(self, sources):
        names = {name for name in HISTORY_FIELDS if name in sources}
        return (
            names | {f"{name}_before" for name in names} | (FIGURES if names else set())
        )
