from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class ServiceContractTerminate(models.TransientModel):
    _name = "service.contract.terminate"
    _description = "Terminate a Service Contract"

    contract_id = fields.Many2one(
        "service.contract", required=True, readonly=True, ondelete="cascade"
    )
    date_end = fields.Date(
        string="Last Day",
        required=True,
        default=fields.Date.context_today,
        help="Periods after this day are not billed; the last one is prorated.",
    )
    reason = fields.Char(required=True)
    currency_id = fields.Many2one(related="contract_id.currency_id")
    amount_credit = fields.Monetary(
        string="Credit Note",
        compute="_compute_amount_credit",
        help="What is invoiced for days after the last one, without taxes. It is "
        "drafted as a credit note.",
    )

    @api.depends("date_end", "contract_id")
    def _compute_amount_credit(self):
        for wizard in self:
            end, contract = wizard.date_end, wizard.contract_id
            wizard.amount_credit = contract._get_end_credit(end) if end else 0.0

    def action_terminate(self):
        self.ensure_one()
        contract = self.contract_id
        if contract.state != "running":
            raise UserError(
                self.env._(
                    "Contract %(contract)s is not running.",
                    contract=contract.display_name,
                )
            )
        if contract.date_end and self.date_end > contract.date_end:
            raise UserError(
                self.env._(
                    "The contract already ends on %(date)s.",
                    date=format_date(self.env, contract.date_end),
                )
            )
        credits = contract._terminate(self.date_end, self.reason)
        if credits:
            return contract._get_moves_action(credits)
        return {"type": "ir.actions.act_window_close"}
