from odoo import api, fields, models
from odoo.fields import Domain


class CrmRatedDocument(models.Model):
    """A kind of document that customers can rate; follows the installed applications.

    Managers choose among these; Odoo's own list of models is for administrators only.
    """

    _name = "crm.rated.document"
    _description = "Rated Document"
    _order = "model"
    _rec_name = "model"

    model = fields.Char(required=True, readonly=True)

    _model_unique = models.UniqueIndex("(model)", "This document is listed already.")

    @api.depends("model")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for document in self:
            Model = self.env["ir.model"].sudo()  # its name only
            name = Model._get(document.model).name
            document.display_name = name or document.model

    @api.model
    def _sync(self):
        """List what can be rated and drop what is no longer installed."""
        rated = {
            name
            for name, model in self.env.registry.items()
            if "rating_ids" in model._fields and not model._abstract and model._auto
        }
        known = self.search(Domain.TRUE)
        missing = rated - set(known.mapped("model"))
        known.filtered(lambda document: document.model not in rated).unlink()
        self.create([{"model": name} for name in sorted(missing)])
