from odoo import models

from ..lib.facts import INVOICES


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["crm.customer.source", "account.move"]

    _customer_fields = frozenset(
        ("state", "payment_state", "partner_id", "commercial_partner_id")
        + ("invoice_date",)
    )

    _crm_customer_facts_idx = models.Index(
        "(commercial_partner_id, company_id)"
        " INCLUDE (amount_untaxed_signed, amount_residual_signed, invoice_date)"
        " WHERE state = 'posted'"
        " AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')"
        " AND commercial_partner_id IS NOT NULL"
    )
    _crm_timeline_idx = models.Index(
        "(commercial_partner_id, invoice_date DESC, id DESC)"
        " WHERE state = 'posted'"
        " AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')"
        " AND commercial_partner_id IS NOT NULL"
    )

    def _queue_customer_events(self):
        """Queue the customers of the customer invoices among the moves.

        An invoice names two: whom it is made out to, and who ordered.
        """
        # who changes documents need not see every customer behind them
        invoices = self.sudo().filtered(lambda move: move.move_type in INVOICES)
        pairs = {
            (move.company_id.id, move.commercial_partner_id.id) for move in invoices
        }
        orders = invoices.invoice_line_ids.sale_line_ids.order_id
        pairs |= {(order.company_id.id, order.partner_id.id) for order in orders}
        self.env["crm.customer"]._queue_events("invoice", pairs)
