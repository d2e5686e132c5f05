from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL


class CrmCollectionFill(models.AbstractModel):
    """How many customers of a company have a field filled: one query per model."""

    _name = "crm.collection.fill"
    _description = "Fill Rate"

    customer_count = fields.Integer(
        "Customers",
        readonly=True,
        help="Active customers of the company; for fields of leads, its leads.",
    )
    filled_count = fields.Integer("Filled", readonly=True)
    fill_rate = fields.Float(
        readonly=True,
        aggregator="avg",
        digits=(5, 2),
        help="Share of the customers of whom we know it, in percent.",
    )
    target_rate = fields.Float(
        "Target",
        default=80.0,
        aggregator="avg",
        digits=(5, 2),
        help="Share of the customers of whom we want to know it, in percent.",
    )
    below_target = fields.Boolean(compute="_compute_below_target", store=True)
    measured_at = fields.Datetime("Measured", readonly=True)

    _target_is_percent = models.Constraint(
        "CHECK (target_rate BETWEEN 0 AND 100)", "A target lies between 0 and 100."
    )

    @api.depends("fill_rate", "target_rate", "customer_count")
    def _compute_below_target(self):
        for item in self:
            known = item.customer_count > 0
            item.below_target = known and item.fill_rate < item.target_rate

    def _measure(self):
        """Write fill rate and use of the items where they changed."""
        self = self.sudo()  # facts on the plan; which customers are counted is settled
        self.env.flush_all()
        by_model = defaultdict(self.browse)
        for item in self:
            if item._get_field():
                by_model[item.model_name] |= item
        for model, items in by_model.items():
            items._measure_fill(model)
        self._measure_usage()

    def _measure_fill(self, model):
        names = sorted(set(self.mapped("field_name")))
        fields_ = [self.env[model]._fields[name] for name in names]
        rows = self.env.execute_query(
            SQL(
                "SELECT company_id, COUNT(*), %s FROM (%s) seen GROUP BY company_id",
                SQL(", ").join(
                    SQL("COUNT(*) FILTER (WHERE %s)", self._sql_filled(model, field))
                    for field in fields_
                ),
                self._sql_population(model, names),
            )
        )
        counts = {row[0]: row[1:] for row in rows}
        now = fields.Datetime.now()
        for item in self:
            row = counts.get(item.company_id.id, (0,) * (len(names) + 1))
            total, filled = row[0], row[1 + names.index(item.field_name)]
            rate = round(100.0 * filled / total, 2) if total else 0.0
            values = {
                "customer_count": total,
                "filled_count": filled,
                "fill_rate": rate,
            }
            if not item.measured_at or any(item[k] != v for k, v in values.items()):
                item.write({**values, "measured_at": now})

    @api.model
    def _sql_population(self, model, names):
        """Return the SELECT of those who are counted: id, company_id and columns."""
        columns = [
            SQL(", t.%s", SQL.identifier(name))
            for name in names
            if self.env[model]._fields[name].column_type and name != "company_id"
        ]
        company, active = SQL("customer.company_id"), SQL("customer.active")
        source = SQL("crm_customer customer JOIN crm_customer t ON t.id = customer.id")
        if model == "res.partner":
            source = SQL(
                "crm_customer customer JOIN res_partner t ON t.id = customer.partner_id"
            )
        elif model == "crm.lead":
            source = SQL("crm_lead t JOIN res_company c ON c.id = t.company_id")
            company, active = (
                SQL("split_part(c.parent_path, '/', 1)::int"),
                SQL("t.active"),
            )
        return SQL(
            "SELECT t.id, %s AS company_id %s FROM %s WHERE %s",
            company,
            SQL("").join(columns),
            source,
            active,
        )

    @api.model
    def _sql_filled(self, model, field):
        """Return the condition that a field of the population is filled."""
        if field.type == "many2many":
            return SQL(
                "EXISTS (SELECT FROM %s WHERE %s = seen.id)",
                SQL.identifier(field.relation),
                SQL.identifier(field.column1),
            )
        if field.type == "one2many":
            comodel = self.env[field.comodel_name]
            return SQL(
                "EXISTS (SELECT FROM %s WHERE %s = seen.id)",
                SQL.identifier(comodel._table),
                SQL.identifier(field.inverse_name),
            )
        column = SQL.identifier("seen", field.name)
        if field.type in ("integer", "float", "monetary"):
            return SQL("COALESCE(%s, 0) != 0", column)
        if field.type in ("char", "text", "html"):
            # an empty editor leaves tags behind
            return SQL("regexp_replace(%s::text, '<[^>]*>|\\s', '', 'g') != ''", column)
        return SQL("%s IS NOT NULL", column)
