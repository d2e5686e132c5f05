from odoo import api, models

WATCHED = frozenset(("partner_id", "company_id", "state", "date_order"))


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._queue_customer_events()
        return orders

    def write(self, vals):
        if not vals.keys() & WATCHED:
            return super().write(vals)
        self._queue_customer_events()
        result = super().write(vals)
        self._queue_customer_events()
        return result

    def unlink(self):
        self._queue_customer_events()
        return super().unlink()

    def _queue_customer_events(self):
        self.env["crm.customer"]._queue_events(
            "order",
            {(order.company_id.id, order.partner_id.id) for order in self.sudo()},
        )
