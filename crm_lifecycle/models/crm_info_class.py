from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..lib import information


class CrmInfoClass(models.Model):
    """A class of information on customers, and the groups of people who may see it.

    Fields of a class are refused to everybody else wherever they are asked for: on
    screens, in searches, groupings and exports, and over RPC. A field in two classes
    is seen by those who may see both. Dated records of a class (crm.customer.info)
    follow the same groups by record rules.
    """

    _name = "crm.info.class"
    _description = "Class of Information"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="A short name without spaces, for imports and programs."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(
        translate=True, help="What belongs into this class, and why it is protected."
    )
    group_ids = fields.Many2many(
        "res.groups",
        string="Visible to",
        help="Only members of these groups see the fields and notes of this class. "
        "Where nobody is named, nobody sees them.",
    )
    field_ids = fields.Many2many(
        "ir.model.fields",
        string="Protected Fields",
        domain=lambda self: self._get_guardable_domain(),
        groups="crm_lifecycle.group_manager",
        help="Fields of customers, contacts and interactions that belong to the class.",
    )
    retention_months = fields.Integer(
        "Keep for (Months)",
        help="Notes of this class are deleted this many months after their date, "
        "unless a note says another day. 0: kept for good.",
    )
    info_count = fields.Integer("Notes", compute="_compute_info_count")

    _code_unique = models.UniqueIndex("(code)", "A class with this code exists.")
    _retention_positive = models.Constraint(
        "CHECK (retention_months >= 0)", "Months to keep cannot be negative."
    )

    def _compute_info_count(self):
        groups = self.env["crm.customer.info"]._read_group(
            [("class_id", "in", self.ids)], ["class_id"], ["__count"]
        )
        counts = {info_class.id: count for info_class, count in groups}
        for info_class in self:
            info_class.info_count = counts.get(info_class.id, 0)

    @api.constrains("field_ids")
    def _check_fields(self):
        for info_class in self:
            for field in info_class.field_ids:
                problem = self._find_problem(field)
                if problem:
                    raise ValidationError(
                        self.env._(
                            "%(field)s of %(model)s cannot be protected: %(why)s",
                            field=field.field_description,
                            model=field.model_id.name,
                            why=problem,
                        )
                    )

    @api.constrains("group_ids", "active")
    def _check_groups(self):
        for info_class in self:
            if info_class.active and not info_class.group_ids:
                raise ValidationError(
                    self.env._(
                        "Name the groups who may see %(name)s; otherwise nobody can.",
                        name=info_class.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        classes = super().create(vals_list)
        self.env.registry.clear_cache()
        return classes

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"active", "group_ids", "field_ids"}:
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def action_view_notes(self):
        """Open the dated notes of this class that the user may see."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "crm.customer.info",
            "view_mode": "list,form",
            "domain": [("class_id", "=", self.id)],
            "context": {"default_class_id": self.id},
        }

    @api.model
    def _get_guarded_models(self):
        """Return the names of the models whose fields may be protected."""
        return sorted(
            name
            for name, model in self.env.registry.models.items()
            if model._info_guarded and not model._abstract
        )

    @api.model
    def _get_protectable_models(self):
        """Return those whose fields are chosen; sums follow what they are made of."""
        return [
            name for name in self._get_guarded_models() if not self.env[name]._info_sums
        ]

    @api.model
    def _get_guardable_domain(self):
        return [
            ("model", "in", self._get_protectable_models()),
            ("store", "=", True),
        ]

    @api.model
    def _find_problem(self, field):
        """Return why a field cannot be protected, or None.

        Lists and names of records need some fields, and contacts belong to all apps:
        protecting a field of another app would break its screens.
        """
        if field.model not in self._get_protectable_models():
            return self.env._("only customers, contacts and interactions are.")
        model = self.env[field.model]
        if field.name not in model._fields or not field.store:
            return self.env._("it is calculated; protect what it is made from.")
        if field.name in model._get_unguardable_fields():
            return self.env._("the lists and names of records need it.")
        if not model._info_all_fields and not self._is_ours(field):
            return self.env._("it belongs to another app, whose screens need it.")
        return None

    @api.model
    def _is_ours(self, field):
        """Return whether a field comes from this suite, or from the company itself."""
        if field.state == "manual":
            return True
        modules = {name.strip() for name in (field.modules or "").split(",")}
        found = self.env["ir.module.module"].sudo()  # which app a field comes from
        known = found.search([("name", "in", [*modules, "crm_lifecycle"])])
        base = known.filtered(lambda module: module.name == "crm_lifecycle")
        above = base.downstream_dependencies(
            exclude_states=("uninstalled", "uninstallable")
        )
        return bool(known) and known <= (base | above)

    @api.model
    @tools.ormcache("self.env.uid")
    def _get_hidden_fields(self):
        """Return {model: frozenset of the names of fields hidden from the user}."""
        visible = set(self.env.user._get_group_ids())
        hidden = {}
        # what is protected is a setting; who reads it may be anybody
        for info_class in self.sudo().search([("active", "=", True)]):
            if visible.isdisjoint(info_class.group_ids.ids):
                for field in info_class.field_ids:
                    hidden.setdefault(field.model, set()).add(field.name)
        if not hidden:
            return {}
        paths = self._get_related_paths()
        return information.spread(hidden, paths, self._get_comodel)

    @api.model
    @tools.ormcache()
    def _get_classified_fields(self):
        """Return {(model, name)} of all fields that any class protects."""
        # what is protected is a setting
        return frozenset(
            (field.model, field.name)
            for field in self.sudo().search([("active", "=", True)]).field_ids
        )

    @api.model
    def _get_related_paths(self):
        """Return {(model, name): path} of what guarded models repeat or sum up."""
        paths = {}
        for name in self._get_guarded_models():
            Model = self.env[name]
            paths |= {
                (name, field.name): field.related
                for field in Model._fields.values()
                if field.related
            }
            paths |= {(name, key): path for key, path in Model._info_sums.items()}
        return paths

    @api.model
    def _get_comodel(self, model, name):
        """Return the name of the model that a field leads to, or None."""
        if model not in self.env:
            return None
        field = self.env[model]._fields.get(name)
        return field.comodel_name if field is not None and field.relational else None
