from odoo import api, models


class IrFilters(models.Model):
    """The shipped favourites of customers have names in the user's language."""

    _inherit = "ir.filters"

    @api.model
    def get_filters(self, model, *args, **kwargs):
        filters = super().get_filters(model, *args, **kwargs)
        if model == "crm.customer":
            names = self._get_crm_favourite_names()
            for saved in filters:
                saved["name"] = names.get(saved["name"], saved["name"])
        return filters

    @api.model
    def _get_crm_favourite_names(self):
        return {
            "A customers at risk": self.env._("A customers at risk"),
            "Champions": self.env._("Champions"),
            "Large but silent": self.env._("Large but silent"),
            "Once good, now fading": self.env._("Once good, now fading"),
            "Large, but loyal to a competitor": self.env._(
                "Large, but loyal to a competitor"
            ),
            "A customers whom nobody asked": self.env._(
                "A customers whom nobody asked"
            ),
            "New and promising": self.env._("New and promising"),
            "Faithful, but small": self.env._("Faithful, but small"),
        }
