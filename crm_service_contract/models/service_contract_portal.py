from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

OPEN_STATES = ("not_paid", "partial")
PORTAL_STATES = ("running", "expired", "terminated")
ROWS_SHOWN = 6
"""Invoices and periods that the page shows before somebody asks for all."""


class ServiceContractPortal(models.AbstractModel):
    """What a customer sees of a contract: chosen values, as text, never records.

    Portal users have no rights on the models of this addon. The routes find the
    contracts by ``_get_portal_domain`` and hand these values to the templates.
    """

    _name = "service.contract.portal"
    _description = "Service Contract in the Portal"

    @api.model
    def _get_portal_domain(self, user):
        """Contracts of the company that the user belongs to, once confirmed."""
        # sudo: a portal user may not read his company's contact
        partner = user.sudo().partner_id.commercial_partner_id
        return Domain("commercial_partner_id", "=", partner.id) & Domain(
            "state", "in", PORTAL_STATES
        )

    def _get_portal_card_values(self):
        """One dict for each contract, as the list shows them."""
        return [
            {
                "id": contract.id,
                "url": contract.access_url,
                "code": contract.code,
                "name": contract.name,
                "state": contract.state,
                "state_label": contract._get_selection_label("state"),
                "dates": contract._get_portal_dates(),
                "monthly": contract._format_amount(contract.amount_monthly),
                "next_billing": contract._format_date(contract.next_billing_date),
            }
            for contract in self
        ]

    def _get_portal_page_values(self, all_rows=False):
        """Everything that the page of one contract shows."""
        self.ensure_one()
        periods, moves = self._get_portal_periods(), self._get_portal_moves()
        limit = None if all_rows else ROWS_SHOWN
        return {
            **self._get_portal_card_values()[0],
            "customer": self.commercial_partner_id.name,
            "company": self.company_id.name,
            "terms": self.terms or "",
            "termination_reason": self.termination_reason or "",
            "contact": self._get_portal_contact_values(),
            "lines": [line._get_portal_values() for line in self.line_ids],
            "periods": [period._get_portal_values() for period in periods[:limit]],
            "period_count": len(periods),
            "moves": [self._get_portal_move_values(move) for move in moves[:limit]],
            "move_count": len(moves),
            "due": self._get_portal_due(moves),
        }

    def _get_portal_contact_values(self):
        partner = self.user_id.partner_id
        return {
            "name": partner.name or "",
            "email": partner.email or "",
            "phone": partner.phone or "",
        }

    def _get_portal_periods(self):
        return self.env["service.contract.period"].search(
            [("contract_id", "=", self.id)], order="date_from desc, id"
        )

    def _get_portal_moves(self):
        """Posted invoices and credit notes of this customer; open ones come first."""
        moves = self.env["account.move"].search(
            [
                ("service_contract_ids", "in", self.ids),
                ("commercial_partner_id", "=", self.commercial_partner_id.id),
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("state", "=", "posted"),
            ],
            order="invoice_date desc, id desc",
        )
        return moves.sorted(lambda move: not self._is_portal_open(move))

    def _is_portal_open(self, move):
        """Whether the customer still has to pay it."""
        return move.move_type == "out_invoice" and move.payment_state in OPEN_STATES

    def _get_portal_move_values(self, move):
        sign = -1 if move.move_type == "out_refund" else 1
        is_open = self._is_portal_open(move)
        return {
            "name": move.name,
            "url": f"/my/invoices/{move.id}",
            "pay_url": f"/my/invoices/{move.id}?payment=True#portal_pay"
            if is_open
            else "",
            "date": self._format_date(move.invoice_date),
            "date_due": self._format_date(move.invoice_date_due),
            "is_overdue": is_open and move._is_portal_overdue(),
            "is_credit": sign < 0,
            "amount": format_amount(
                self.env, sign * move.amount_total, move.currency_id
            ),
            "residual": format_amount(
                self.env, sign * move.amount_residual, move.currency_id
            ),
            "payment_state": move.payment_state,
            "payment_label": move._get_portal_payment_label(),
        }

    def _get_portal_due(self, moves):
        """What is left to pay, as text; empty where nothing is."""
        owed = moves.filtered(
            lambda move: (
                self._is_portal_open(move) and move.currency_id == self.currency_id
            )
        )
        amount = sum(owed.mapped("amount_residual"))
        return self._format_amount(amount) if amount else ""

    def _get_portal_dates(self):
        start = self._format_date(self.date_start)
        if not self.date_end:
            return self.env._("since %(start)s", start=start)
        end = self._format_date(self.date_end)
        return self.env._("%(start)s to %(end)s", start=start, end=end)

    def _get_selection_label(self, name):
        return dict(self._fields[name]._description_selection(self.env))[self[name]]

    def _format_amount(self, amount):
        return format_amount(self.env, amount, self.currency_id)

    def _format_date(self, value):
        return format_date(self.env, value) if value else ""
