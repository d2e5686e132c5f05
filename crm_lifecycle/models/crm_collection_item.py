from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

MODELS = ("res.partner", "crm.customer", "crm.lead")
REFUSED_TYPES = ("boolean", "json", "properties", "properties_definition", "reference")
EVENTS = [
    ("first_contact", "First contact"),
    ("quotation", "Quotation"),
    ("order", "Order"),
    ("delivery", "Delivery"),
    ("invoice", "Invoice or payment"),
    ("visit", "Visit"),
    ("service", "Service or repair"),
    ("complaint", "Complaint"),
    ("review", "Yearly review"),
    ("lost", "Customer lost"),
]
FORMS = [
    ("screen", "Screen, typed in"),
    ("survey", "Survey"),
    ("web", "Web form"),
    ("paper", "Paper form"),
    ("import", "Import"),
    ("measured", "Measured by Odoo"),
]


class CrmCollectionItem(models.Model):
    """One line of the collection plan: what is asked, where, when, by whom and why.

    How far the field is filled and where it is used is measured at night, see
    crm_collection_fill.py and crm_collection_usage.py.
    """

    _name = "crm.collection.item"
    _description = "Collection Plan"
    _inherit = ["crm.collection.fill", "crm.collection.usage"]
    _order = "company_id, sequence, id"
    _rec_name = "field_label"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company.root_id,
        domain=[("parent_id", "=", False)],
    )
    field_id = fields.Many2one(
        "ir.model.fields",
        "Field",
        required=True,
        ondelete="cascade",
        domain=[("model", "in", MODELS), ("ttype", "not in", REFUSED_TYPES)],
        groups="crm_lifecycle.group_manager",
        help="What is collected: a field of contacts, customers or leads.",
    )
    field_label = fields.Char("What", compute="_compute_field_label")
    model_name = fields.Char(related="field_id.model", store=True, index=True)
    field_name = fields.Char(related="field_id.name", store=True)
    channel_id = fields.Many2one(
        "crm.channel",
        ondelete="restrict",
        help="On which channel we ask. Empty: on any.",
    )
    event = fields.Selection(
        EVENTS, required=True, default="first_contact", help="On which occasion we ask."
    )
    form = fields.Selection(
        FORMS, "Where", required=True, default="screen", help="What it is noted on."
    )
    form_name = fields.Char("Name of the Form", help="Which survey, web page or paper.")
    collector_id = fields.Many2one(
        "res.users",
        "Collected by",
        ondelete="set null",
        domain=[("share", "=", False)],
        help="One person who asks; or name a role.",
    )
    collector_group_id = fields.Many2one(
        "res.groups", "Collecting Role", ondelete="set null"
    )
    purpose = fields.Text(
        required=True, help="What decision the information serves. None: do not ask."
    )
    class_id = fields.Many2one(
        "crm.info.class",
        "Information Class",
        ondelete="set null",
        help="Class of information; protect the field itself on the class.",
    )
    retention_months = fields.Integer(
        "Keep for (Months)",
        help="Blanked this many months after the last order, lead or interaction of "
        "the customer. 0: kept. See Retention.",
    )

    _field_event_unique = models.UniqueIndex(
        "(company_id, field_id, event, COALESCE(channel_id, 0))",
        "This field is planned for this event and channel already.",
    )
    _retention_positive = models.Constraint(
        "CHECK (retention_months >= 0)", "Months to keep cannot be negative."
    )

    @api.depends("field_id")
    @api.depends_context("lang")
    def _compute_field_label(self):
        for item in self:
            field = item.sudo().field_id  # its label; the register is for managers
            item.field_label = (
                f"{field.field_description} ({field.model_id.name})" if field else ""
            )

    @api.depends("field_label")
    def _compute_display_name(self):
        for item in self:
            item.display_name = item.field_label

    @api.constrains("field_id")
    def _check_field(self):
        for item in self:
            if not item._get_field():
                raise ValidationError(
                    self.env._(
                        "%(field)s cannot be planned: choose a field of contacts, "
                        "customers or leads that is stored and can be empty.",
                        field=item.field_label,
                    )
                )

    @api.constrains("field_id", "retention_months")
    def _check_retention(self):
        for item in self.filtered("retention_months"):
            if not item._is_erasable():
                raise ValidationError(
                    self.env._(
                        "%(field)s cannot be blanked after a time: it is required, "
                        "measured, or carries the record.",
                        field=item.field_label,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items._measure()
        return items

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"field_id", "company_id"}:
            self._measure()
        return result

    def action_measure(self):
        """Measure fill rate and use now; an empty recordset means all."""
        (self or self.search(Domain.TRUE))._measure()
        return True

    @api.model
    def _cron_measure(self):
        """Measure all items of all companies."""
        self.search(Domain.TRUE)._measure()

    def action_view_missing(self):
        """Open the customers, or leads, of whom the field is not known."""
        self.ensure_one()
        field = self._get_field()
        number = field.type in ("integer", "float", "monetary")
        values = [0, False] if number else [False]
        lead = self.model_name == "crm.lead"
        path = field.name
        if self.model_name == "res.partner":
            path = f"partner_id.{path}"
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Without %(field)s", field=self.field_label),
            "res_model": "crm.lead" if lead else "crm.customer",
            "view_mode": "list,form",
            "domain": list(
                Domain(path, "in", values)
                & Domain("company_id", "child_of", self.company_id.ids)
            ),
        }

    def _get_field(self):
        """Return the Field that is collected, or None where it cannot be planned."""
        self.ensure_one()
        if self.model_name not in MODELS:
            return None
        field = self.env[self.model_name]._fields.get(self.field_name)
        if field is None or not field.store or field.company_dependent:
            return None
        return None if field.type in REFUSED_TYPES else field

    def _is_erasable(self):
        """Return whether the field can be blanked without harm to the record."""
        field = self._get_field()
        if field is None or self.model_name == "crm.lead":
            return False
        Model = self.env[self.model_name]
        measured = self.env["crm.customer"]._get_fact_columns()
        return not (
            field.required
            or field.name in ("name", "display_name", "active", "complete_name")
            or field.type in ("one2many", "many2many")
            or (field.compute and field.readonly)
            or field.related
            or (Model._name == "crm.customer" and field.name in measured)
            or (Model._name == "crm.customer" and field.name.startswith("stage"))
        )
