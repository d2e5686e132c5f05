from odoo import fields, models


class CrmCompetitor(models.Model):
    """Somebody else from whom our customers buy."""

    _name = "crm.competitor"
    _description = "Competitor"
    _order = "name, id"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        ondelete="cascade",
        domain=[("parent_id", "=", False)],
        help="Empty: a competitor of all companies.",
    )
    partner_id = fields.Many2one(
        "res.partner", "Contact", help="The competitor's own entry, where there is one."
    )
    note = fields.Text("Strengths and Weaknesses")
    active = fields.Boolean(default=True)

    _name_unique = models.UniqueIndex(
        "(lower(name), COALESCE(company_id, 0))",
        "There is a competitor of this name already.",
    )
