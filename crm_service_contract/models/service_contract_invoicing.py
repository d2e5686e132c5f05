from odoo import fields, models


class ServiceContractInvoicing(models.Model):
    """What the invoices of contracts look like, and what becomes of them."""

    _inherit = "service.contract"

    invoice_handling = fields.Selection(
        [
            ("draft", "Leave as draft"),
            ("post", "Post"),
            ("send", "Post and send by mail"),
        ],
        string="New Invoices",
        help="What billing does with a new invoice of this contract. Empty: as the "
        "settings of the company say.",
    )

    def _get_invoice_handling(self):
        """The most careful one of these contracts decides for a common invoice."""
        order = ("draft", "post", "send")
        return min(
            (c.invoice_handling or c.company_id.service_invoice_handling for c in self),
            key=order.index,
        )

    def _get_invoice_address(self):
        address = self.partner_id.address_get(["invoice"])["invoice"]
        return self.env["res.partner"].browse(address)

    def _get_invoice_key(self):
        """Contracts with equal keys share an invoice of the same day."""
        if self.company_id.service_invoice_grouping == "contract":
            return (self.id,)
        return (
            self._get_invoice_address().id,
            self.currency_id.id,
            self.payment_term_id.id,
            self.fiscal_position_id.id,
        )

    def _prepare_move_values(self, date_due, contracts):
        """Head of an invoice of these contracts, dated on the day they are due."""
        self.ensure_one()
        return {
            "move_type": "out_invoice",
            "company_id": self.company_id.id,
            "partner_id": self._get_invoice_address().id,
            "currency_id": self.currency_id.id,
            "invoice_date": date_due,
            "invoice_user_id": self.user_id.id,
            "invoice_origin": ", ".join(contracts.mapped("code")),
            "invoice_payment_term_id": self.payment_term_id.id,
            "fiscal_position_id": self.fiscal_position_id.id,
            "service_contract_id": self.id if len(contracts) == 1 else False,
            "service_contract_ids": [fields.Command.set(contracts.ids)],
        }

    def _prepare_invoice_section_values(self):
        return {"display_type": "line_section", "name": self.display_name}

    def _handle_moves(self, moves):
        """Post and send new invoices where it is wanted; credit notes stay drafts."""
        invoices = moves.filtered(lambda move: move.move_type == "out_invoice")
        handled = invoices.grouped(
            lambda move: move.service_contract_ids._get_invoice_handling()
        )
        to_send = handled.get("send", moves.browse())
        to_post = handled.get("post", moves.browse()) | to_send
        if to_post:
            to_post.with_context(tracking_disable=True)._post(soft=False)
        self._send_moves(to_send.filtered("partner_id.email"))

    def _send_moves(self, moves):
        """Hand over to Odoo's own sending, which runs in the background."""
        if not moves:
            return
        user = self.env.user
        moves.sending_data = {
            "author_user_id": user.id,
            "author_partner_id": user.partner_id.id,
        }
        self.env.ref("account.ir_cron_account_move_send")._trigger()
