from odoo import api, models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["crm.customer.source", "sale.order"]

    _customer_fields = frozenset(("partner_id", "company_id", "state", "date_order"))

    _crm_timeline_idx = models.Index("(partner_id, date_order DESC, id DESC)")

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._queue_customer_events()
        return orders

    def _queue_customer_events(self):
        # who changes documents need not see every customer behind them
        self.env["crm.customer"]._queue_events(
            "order",
            {(order.company_id.id, order.partner_id.id) for order in self.sudo()},
        )
