from odoo import api, models
from odoo.fields import Domain

from ..lib.information import walk


class CrmInfoGuarded(models.AbstractModel):
    """Fields of this model may belong to a class of information.

    Odoo asks `_has_field_access` when a field is read, written, exported, imported or
    described. It does not ask where a field without a column is searched or sorted
    by; this is done here.
    """

    _name = "crm.info.guarded"
    _description = "Fields in Classes of Information"
    _info_guarded = True

    @api.model
    def _has_field_access(self, field, operation):
        if not super()._has_field_access(field, operation):
            return False
        if self.env.su:
            return True
        hidden = self.env["crm.info.class"]._get_hidden_fields()
        return not hidden or field.name not in hidden.get(self._name, ())

    def _field_to_sql(self, alias, field_expr, query=None):
        """Refuse to sort and group by hidden fields that have no column either."""
        if not self.env.su:
            self._check_field_access(self._fields[field_expr.split(".")[0]], "read")
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Refuse conditions on hidden fields that have no column either."""
        if not self.env.su and self.env["crm.info.class"]._get_hidden_fields():
            self._check_domain_access(Domain(domain))
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _check_domain_access(self, domain):
        """Refuse a domain that asks for hidden fields, through other models too."""
        Class = self.env["crm.info.class"]
        hidden = Class._get_hidden_fields()
        for condition in domain.iter_conditions():
            model = self._name
            for model, name in walk(
                self._name, condition.field_expr, Class._get_comodel
            ):
                if name in hidden.get(model, ()):
                    self.env[model]._check_field_access(
                        self.env[model]._fields[name], "read"
                    )
            last = condition.field_expr.rsplit(".", 1)[-1]
            inner = Class._get_comodel(model, last)
            if inner and isinstance(condition.value, Domain):
                self.env["crm.info.guarded"]._check_inner(inner, condition.value)

    @api.model
    def _check_inner(self, model, domain):
        if self.env[model]._info_guarded:
            self.env[model]._check_domain_access(domain)

    @api.model
    def _get_readable_names(self, names):
        """Return those of the names of fields that the user may read."""
        return [
            name for name in names if self._has_field_access(self._fields[name], "read")
        ]

    @api.model
    def _get_unguardable_fields(self):
        """Return the names of the fields that lists, names and rules live on."""
        order = {part.split()[0] for part in (self._order or "").split(",")}
        names = {path.split(".")[0] for path in self._rec_names_search or ()}
        required = {name for name, field in self._fields.items() if field.required}
        plain = {"id", "active", "company_id", "partner_id", "customer_id", "user_id"}
        technical = set(models.MAGIC_COLUMNS) | {"display_name"}
        return order | names | required | plain | technical | {self._rec_name}
