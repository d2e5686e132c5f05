from odoo import fields, models
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
        contract._terminate(self.date_end, self.reason)
        return {"type": "ir.actions.act_window_close"}
