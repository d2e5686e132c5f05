from odoo import fields, models


class CrmCustomer(models.Model):
    _inherit = "crm.customer"

    loyalty_grant_ids = fields.One2many("crm.loyalty.grant", "customer_id", "Benefits")

    def _take_references(self, other):
        """Of two open grants of a kind the surviving customer's own one stays."""
        # sudo: grants are the engine's; whoever merges contacts may not write them
        both = (self + other).sudo().loyalty_grant_ids.filtered("is_open")
        own = both.filtered(lambda grant: grant.customer_id == self).mapped("item")
        ending = both.filtered(lambda g: g.customer_id == other and g.item in own)
        ending.write({"state": "let", "date_end": fields.Date.context_today(self)})
        self.env.flush_all()
        return super()._take_references(other)
