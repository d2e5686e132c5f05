from odoo import api, models
from odoo.tools import SQL

WIZARD = "privacy.lookup.wizard"
# these have to stay when a person is erased: the proof of it, and numbers without names
KEPT = ("crm.erasure.request", "crm.stage.import")


class CrmPrivacy(models.AbstractModel):
    """Odoo's privacy lookup, where it is installed, finds our records of a person.

    It leaves out what is deleted with a contact; but who looks for traces of a person
    wants to see them. The app is no dependency, so its wizard is extended when the
    registry is complete (as Odoo's automation rules extend models).
    """

    _name = "crm.privacy"
    _description = "Privacy Lookup"

    def _register_hook(self):
        result = super()._register_hook()
        wizard = self.env.registry.models.get(WIZARD)
        if wizard is None or hasattr(wizard._get_query, "crm_origin"):
            return result
        origin = wizard._get_query

        def _get_query(wizard):
            return wizard.env["crm.privacy"]._extend_query(origin(wizard))

        _get_query.crm_origin = origin
        wizard._get_query = _get_query
        return result

    def _unregister_hook(self):
        wizard = self.env.registry.models.get(WIZARD)
        if wizard is not None and hasattr(wizard._get_query, "crm_origin"):
            wizard._get_query = wizard._get_query.crm_origin
        return super()._unregister_hook()

    @api.model
    def _extend_query(self, query):
        """Add the records that are deleted with their contact to a lookup.

        :param query: SQL that begins with the contacts as `indirect_references`
        """
        for model, names in self._get_contact_fields().items():
            Model = self.env[model]
            query = SQL(
                "%s UNION ALL SELECT %s, id, %s FROM %s WHERE %s",
                query,
                self.env["ir.model"]._get_id(model),
                SQL.identifier("active")
                if "active" in Model._fields and Model._fields["active"].store
                else SQL("TRUE"),
                SQL.identifier(Model._table),
                SQL(" OR ").join(
                    SQL(
                        "%s IN (SELECT id FROM indirect_references)",
                        SQL.identifier(name),
                    )
                    for name in names
                ),
            )
        return query

    @api.model
    def _get_contact_fields(self):
        """Return {model of this suite: its fields that the lookup leaves out}."""
        found = {}
        ours = self._get_modules()
        for name, model in self.env.registry.models.items():
            if model._abstract or model._transient or name in KEPT:
                continue
            if model._original_module not in ours:
                continue
            fields = [
                field.name
                for field in model._fields.values()
                if field.comodel_name == "res.partner"
                and field.type == "many2one"
                and field.store
                and field.ondelete == "cascade"
            ]
            if fields:
                found[name] = fields
        return found

    @api.model
    def _get_modules(self):
        """Return the names of this app and of those that build on it."""
        # which apps are installed
        Module = self.env["ir.module.module"].sudo()
        base = Module.search([("name", "=", "crm_lifecycle")])
        return set((base | base.downstream_dependencies()).mapped("name"))
