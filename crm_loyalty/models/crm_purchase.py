from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .purchases import documents


def _everybody(_company_expr, _partner_expr):
    return SQL("TRUE")


class CrmPurchase(models.Model):
    """The documents behind the purchases of customers, one row each; read only.

    The same statement as the engine's (see `purchases`), so what is added up here is
    what customers are rated by. A credit note stands on the day that it reduces.
    """

    _name = "crm.purchase"
    _description = "Purchase"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "reference"
    _depends = {
        "account.move": [
            "state",
            "move_type",
            "name",
            "invoice_date",
            "amount_untaxed_signed",
            "commercial_partner_id",
            "reversed_entry_id",
            "company_id",
        ],
        "crm.purchase.history": [
            "company_id",
            "commercial_partner_id",
            "date",
            "amount_company",
            "reference",
        ],
        "crm.customer": ["company_id", "partner_id", "user_id", "deputy_id"],
        "res.partner": ["commercial_partner_id"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    customer_id = fields.Many2one("crm.customer", "Customer Record", readonly=True)
    user_id = fields.Many2one("res.users", "Accountable", readonly=True)
    deputy_id = fields.Many2one("res.users", "Deputy", readonly=True)
    day = fields.Date(
        "Purchase Day",
        readonly=True,
        help="All documents of a customer on one day are one purchase. A credit note "
        "stands on the day of the invoice that it reverses.",
    )
    amount = fields.Monetary(
        readonly=True,
        help="Without tax, in company currency at the rate of the document.",
    )
    kind = fields.Selection(
        [
            ("sale", "Sale"),
            ("return", "Return or Credit Note"),
        ],
        readonly=True,
    )
    source = fields.Selection(
        [("invoice", "Accounting"), ("history", "Before Odoo")], readonly=True
    )
    move_id = fields.Many2one("account.move", "Invoice", readonly=True)
    history_id = fields.Many2one(
        "crm.purchase.history", "Purchase Before Odoo", readonly=True
    )
    reference = fields.Char(readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT COALESCE(2 * document.move_id, 2 * document.history_id + 1) AS id,
                   document.company_id, document.partner_id, document.day,
                   document.amount, document.move_id, document.history_id,
                   CASE WHEN document.is_return THEN 'return' ELSE 'sale' END AS kind,
                   CASE WHEN document.move_id IS NULL THEN 'history' ELSE 'invoice'
                    END AS source,
                   COALESCE(move.name, history.reference) AS reference,
                   customer.id AS customer_id, customer.user_id, customer.deputy_id
              FROM (%s) document
         LEFT JOIN account_move move ON move.id = document.move_id
         LEFT JOIN crm_purchase_history history ON history.id = document.history_id
         LEFT JOIN crm_customer customer
                ON customer.company_id = document.company_id
               AND customer.partner_id = document.partner_id
            """,
            documents(_everybody),
        )

    @api.model
    def _get_customer_domain(self, customer):
        """The rows of one customer; a condition that reaches into the statement."""
        return Domain("company_id", "=", customer.company_id.id) & Domain(
            "partner_id", "=", customer.partner_id.id
        )

    def action_open_document(self):
        """Open the invoice or the imported row."""
        self.ensure_one()
        document = self.move_id or self.history_id
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "views": [(False, "form")],
        }
