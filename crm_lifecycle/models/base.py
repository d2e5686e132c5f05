from lxml import etree

from odoo import api, models

from ..lib.hiding import prune_view


class Base(models.AbstractModel):
    """Views come without the fields that classes of information hide from the user.

    This only keeps screens whole: the fields are refused by crm_info_guarded.py.
    """

    _inherit = "base"

    # whether classes of information may protect fields of the model, and all of them
    _info_guarded = False
    _info_all_fields = True
    # fields that sum up others: {name: dotted path}; hidden together with them
    _info_sums: dict[str, str] = {}

    @api.model
    def get_view(self, view_id=None, view_type="form", **options):
        """Return the view without hidden fields, in views inside of it too."""
        result = super().get_view(view_id, view_type, **options)
        Class = self.env["crm.info.class"]
        hidden = Class._get_hidden_fields()
        if hidden:
            root = etree.fromstring(result["arch"])
            prune_view(root, self._name, hidden, Class._get_comodel)
            result["arch"] = etree.tostring(root, encoding="unicode")
        return result
