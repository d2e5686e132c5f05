from odoo import api, models

from .crm_customer_classed import CLASS_FIELDS


class CrmInfoClass(models.Model):
    """What a class of information hides of customers, their documents hide, too."""

    _inherit = "crm.info.class"

    @api.model
    def _get_hidden_fields(self):
        hidden = super()._get_hidden_fields()
        sources = hidden.get("crm.customer", ())
        names = {name for name, source in CLASS_FIELDS.items() if source in sources}
        if not names:
            return hidden
        documents = self.env.registry["crm.customer.classed"]._inherit_children
        return hidden | {
            model: hidden.get(model, frozenset()) | names for model in documents
        }
