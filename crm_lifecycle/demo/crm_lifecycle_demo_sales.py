from datetime import timedelta

from odoo import Command, fields, models

REFUNDED_EVERY = 29
"""Every 29th invoice was credited: the pump came back."""


class CrmLifecycleDemo(models.AbstractModel):
    """Orders, deliveries, invoices, credit notes and payments of the demo company."""

    _inherit = "crm.lifecycle.demo"

    def _get_amount(self, deal):
        return sum(
            self._ref("product", product).list_price * quantity
            for product, quantity in deal.lines
        )

    def _prepare_order_values(self, deal):
        values = {
            "partner_id": self._ref("partner", deal.key).id,
            "company_id": self.env.company.id,
            "user_id": self._ref("user", deal.owner).id,
            "team_id": self.env.ref("crm_lifecycle.demo_team").id,
            "date_order": self._moment(deal.day),
            "payment_term_id": self.env.ref("account.account_payment_term_30days").id,
            "order_line": [
                Command.create(
                    {
                        "product_id": self._ref("product", product).id,
                        "product_uom_qty": quantity,
                    }
                )
                for product, quantity in deal.lines
            ],
        }
        if deal.euro:
            values["pricelist_id"] = self.env.ref("crm_lifecycle.demo_pricelist_eur").id
        return values

    def _load_deals(self, deals, won):
        """Order, invoice and payment of each deal.

        :param dict won: {key of the buyer: the lead that the order came from}
        """
        orders = self.env["sale.order"].create(
            [
                {
                    **self._prepare_order_values(deal),
                    "opportunity_id": won[deal.key].id if won else False,
                }
                for deal in deals
            ]
        )
        orders.action_confirm()
        moments = [self._moment(deal.day) for deal in deals]
        self._backdate(orders, moments, "date_order", "create_date")
        self._win(deals, won)
        self._load_deliveries(deals, orders)
        invoices = self._load_invoices(deals, orders)
        credited = self.env["account.move"]
        if not won:  # nobody sent his first pump back
            credited = invoices[REFUNDED_EVERY::REFUNDED_EVERY]
            self._load_credit_notes(credited)
        self._load_payments(
            [
                (invoice, deal.paid)
                for invoice, deal in zip(invoices, deals, strict=True)
                if deal.paid > 0 and invoice not in credited
            ]
        )

    def _win(self, deals, won):
        for deal in deals:
            if won:
                won[deal.key].stage_id = self.env.ref("crm.stage_lead4")
                moments = [self._moment(deal.day)]
                self._backdate(won[deal.key], moments, "date_closed")

    def _load_deliveries(self, deals, orders):
        """Deliver a week after the order, where an app for that is installed."""
        if "picking_ids" not in orders._fields:
            return
        delivered = [
            pair for pair in zip(deals, orders, strict=True) if pair[0].day > 7
        ]
        moves = orders.browse().picking_ids.move_ids
        moments = []
        for deal, order in delivered:
            theirs = order.picking_ids.move_ids
            for move in theirs:
                move.quantity = move.product_uom_qty
            moves += theirs
            moments += [self._moment(deal.day - 7)] * len(theirs)
        moves.picked = True
        moves._action_done()
        self._backdate(moves, moments, "date")
        by_picking = {
            move.picking_id.id: moment
            for move, moment in zip(moves, moments, strict=True)
        }
        self._backdate(
            moves.picking_id,
            [by_picking[picking.id] for picking in moves.picking_id],
            "date_done",
        )

    def _load_invoices(self, deals, orders):
        """Post an invoice a day after each order, all in one call."""
        invoices = self.env["account.move"].create(
            [
                {
                    **order._prepare_invoice(),
                    "invoice_date": self._day(max(deal.day - 1, 0)),
                    "invoice_line_ids": [
                        Command.create(line._prepare_invoice_line())
                        for line in order.order_line
                    ],
                }
                for deal, order in zip(deals, orders, strict=True)
            ]
        )
        invoices.action_post()
        return invoices

    def _load_credit_notes(self, invoices):
        invoices._reverse_moves(
            [
                {
                    "invoice_date": min(
                        invoice.invoice_date + timedelta(days=12), fields.Date.today()
                    ),
                    "date": min(
                        invoice.invoice_date + timedelta(days=12), fields.Date.today()
                    ),
                    "ref": f"Returned: {invoice.name}",
                }
                for invoice in invoices
            ],
            cancel=True,
        )

    def _load_payments(self, paid):
        """Pay invoices in full by bank.

        :param paid: [(invoice, days ago)]
        """
        journal = self.env["account.journal"].search(
            [("company_id", "=", self.env.company.id), ("type", "=", "bank")], limit=1
        )
        method_line = journal.inbound_payment_method_line_ids[:1]
        payments = self.env["account.payment"].create(
            [
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": invoice.partner_id.id,
                    "amount": invoice.amount_residual,
                    "currency_id": invoice.currency_id.id,
                    "date": self._day(days_ago),
                    "memo": invoice.name,
                    "journal_id": journal.id,
                    "payment_method_line_id": method_line.id,
                    "invoice_ids": [Command.set(invoice.ids)],
                }
                for invoice, days_ago in paid
            ]
        )
        payments.action_post()
        plan = []
        for (invoice, _days_ago), payment in zip(paid, payments, strict=True):
            lines = (invoice + payment.move_id).line_ids
            plan.append(
                lines.filtered(
                    lambda line: line.account_id.account_type == "asset_receivable"
                )
            )
        self.env["account.move.line"]._reconcile_plan(plan)
