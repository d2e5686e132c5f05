from odoo import fields, models


class CrmLoyaltyPolicy(models.Model):
    """Around each run: the month of customer equity is opened before, closed after."""

    _inherit = "crm.loyalty.policy"

    def _run(self):
        self.ensure_one()
        self.lock_for_update()  # as the run itself does: one at a time
        # sudo: equity is the engine's own record; nobody may write it by hand
        equity = self.env["crm.loyalty.equity"].sudo()
        day = self.date_as_of or fields.Date.context_today(self)
        opened = equity._open_month(self.sudo(), day)
        run = super()._run()
        equity._close_month(run, opened)
        return run
