from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    service_period_id = fields.Many2one(
        "service.contract.period",
        string="Billing Period",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        readonly=True,
        groups="base.group_user",
    )

    def unlink(self):
        """Periods whose line is gone can be billed again, by a person."""
        # Who works on invoices need not have rights on contracts.
        periods = self.env["service.contract.period"].sudo()
        if self.ids:
            periods = periods.search([("move_line_id", "in", self.ids)])
        result = super().unlink()
        periods._reopen()
        return result
