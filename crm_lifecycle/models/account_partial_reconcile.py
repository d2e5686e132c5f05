from odoo import api, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._queue_customer_events()
        return partials

    def unlink(self):
        self._queue_customer_events()
        return super().unlink()

    def _queue_customer_events(self):
        # who changes documents need not see every customer behind them
        lines = self.sudo().debit_move_id + self.sudo().credit_move_id
        lines.move_id._queue_customer_events()
