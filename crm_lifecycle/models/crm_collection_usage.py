from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from ..lib import collection

# (model, fields with conditions, fields with templates, the model they are about: its
#  name, or the field of the record that tells it). Models may be missing: they belong
#  to apps that need not be installed. The fields of a model that is there are not.
SOURCES = [
    ("crm.lifecycle.rule", ("domain",), (), "=crm.customer"),
    ("crm.segment", ("domain",), (), "=crm.customer"),
    ("crm.quality.rule", ("customer_path",), (), "=crm.customer"),
    ("ir.filters", ("domain", "context", "sort"), (), "model_id"),
    (
        "mailing.mailing",
        ("mailing_domain",),
        ("subject", "body_html"),
        "mailing_model_real",
    ),
    ("mail.template", (), ("subject", "body_html", "email_to"), "model"),
    ("base.automation", ("filter_domain", "filter_pre_domain"), (), "model_name"),
    ("ir.exports.line", ("name",), (), "export_id.resource"),
]


class CrmCollectionUsage(models.AbstractModel):
    """Where a field of the plan is used: in conditions, filters, mailings, exports.

    Being shown on a form is no use: what nobody ever selects, addresses or exports by
    is collected for nothing. Code of apps is not looked at.
    """

    _name = "crm.collection.usage"
    _description = "Use of Fields"

    use_count = fields.Integer(
        "Used in",
        readonly=True,
        help="Number of rules, segments, quality rules, saved filters, mailings, mail "
        "templates, automations and export lists that use the field. Screens and "
        "printed reports are not looked at.",
    )
    used_in = fields.Char(readonly=True, help="What uses the field, and how often.")

    @api.model
    def _get_usage_sources(self):
        """Return where to look, as in SOURCES; an addon above adds its own."""
        return SOURCES

    def _measure_usage(self):
        """Write where the fields are used, on the items where it changed."""
        used = self._count_usages()
        for item in self:
            places = used.get((item.model_name, item.field_name), Counter())
            values = {
                "use_count": places.total(),
                "used_in": ", ".join(f"{k}: {n}" for k, n in sorted(places.items())),
            }
            if item.use_count != values["use_count"] or (
                (item.used_in or "") != values["used_in"]
            ):
                item.write(values)

    @api.model
    def _count_usages(self):
        """Return {(model, field): Counter of kinds of records that use it}."""
        used = defaultdict(Counter)
        for name, conditions, templates, target in self._get_usage_sources():
            if name not in self.env:
                continue
            label = self.env[name]._description
            for model, paths in self._get_used_paths(
                name, conditions, templates, target
            ):
                for key in self._resolve(model, paths):
                    used[key][label] += 1
        return used

    @api.model
    def _get_used_paths(self, name, conditions, templates, target):
        """Yield (model, paths) of each record of a source."""
        # every person's filters count, whose ever they are
        Source = self.env[name].sudo()
        chosen = [
            field.name
            for field in Source._fields.values()
            if field.type in ("many2one", "many2many")
            and field.comodel_name == "ir.model.fields"
        ]
        for record in Source.search(Domain.TRUE):
            model = self._get_target(record, target)
            paths = set()
            for field in conditions:
                text = record[field]
                paths |= collection.quoted_paths(f"'{text}' {text}")
            for field in templates:
                paths |= collection.template_paths(str(record[field] or ""))
            yield model, paths
            for field in self.env["ir.model.fields"].union(
                *(record[name] for name in chosen)
            ):
                yield field.model, {field.name}

    @api.model
    def _get_target(self, record, target):
        if target.startswith("="):
            return target[1:]
        value = record.mapped(target)
        return value[0] if value and isinstance(value[0], str) else None

    @api.model
    def _resolve(self, model, paths):
        Class = self.env["crm.info.class"]
        return collection.fields_of(
            model, paths, Class._get_comodel, self._get_related_path
        )

    @api.model
    def _get_related_path(self, model, name):
        if model not in self.env:
            return None
        field = self.env[model]._fields.get(name)
        return field.related if field is not None else None
