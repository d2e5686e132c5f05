from odoo import api, models

from .crm_customer_classed import CLASS_FIELDS

HISTORY_FIELDS = {"abc_class", "rfm_segment"}


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
        more["crm.loyalty.history"] = HISTORY_FIELDS & sources
        return hidden | {
            model: hidden.get(model, frozenset()) | found
            for model, found in more.items()
        }
