from odoo import api, fields, models
from odoo.tools import SQL


class AccountMove(models.Model):
    """A posted document keeps the name it was made out to when the contact is erased.

    Tax law wants name and address on invoices for years; the contact itself loses them.
    """

    _inherit = "account.move"

    crm_legal_name = fields.Text(
        "Made out to",
        readonly=True,
        copy=False,
        help="Name and address as they were when the contact was erased on request.",
    )

    @api.depends("crm_legal_name")
    def _compute_invoice_partner_display_info(self):
        kept = self.filtered("crm_legal_name")
        for move in kept:
            move.invoice_partner_display_name = move.crm_legal_name.split("\n")[0]
        return super(AccountMove, self - kept)._compute_invoice_partner_display_info()

    @api.model
    def _keep_legal_names(self, partners):
        """Write name and address of contacts on their posted documents, once."""
        self.env.flush_all()
        for partner in partners:
            lines = [partner.name or "", partner._display_address(without_company=True)]
            text = "\n".join(line for line in "\n".join(lines).split("\n") if line)
            rows = self.env.execute_query(
                SQL(
                    """
                    UPDATE account_move SET crm_legal_name = %s
                     WHERE partner_id = %s AND state = 'posted'
                       AND move_type != 'entry' AND crm_legal_name IS NULL
                    RETURNING id
                    """,
                    text,
                    partner.id,
                )
            )
            moves = self.browse([row[0] for row in rows])
            moves.invalidate_recordset(["crm_legal_name"], flush=False)
            moves.modified(["crm_legal_name"])
