from odoo import fields, models


class CrmServiceTier(models.Model):
    _name = "crm.service.tier"
    _description = "Service Tier"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10, help="The lowest number is served first.")
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex("(code)", "A service tier with this code exists.")
