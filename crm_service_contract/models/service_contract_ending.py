from odoo import fields, models

from ..lib.recurrence import ONE_DAY
from ..lib.versions import Version


class ServiceContractEnding(models.Model):
    """The end of a contract before its time."""

    _inherit = "service.contract"

    def _terminate(self, date_end, reason):
        """End on ``date_end``, and draft the credit note of what is invoiced beyond.

        Periods that start later are dropped, the one that is cut is prorated. Nothing
        new is billed. Returns the credit notes.
        """
        date_end = fields.Date.to_date(date_end)
        self._take_billing_turn()
        # The ledger is written by the contract, not by rights of a user.
        contracts = self.sudo()
        periods = self.env["service.contract.period"].sudo()
        credits = periods._add_corrections(contracts._prepare_end_credits(date_end))
        self.write(
            {
                "date_end": date_end,
                "state": "terminated",
                "termination_reason": reason,
            }
        )
        contracts.period_ids.filtered("is_reopened")._refresh()
        self.env["service.contract.change"]._log_end(self, date_end, reason, credits)
        return credits._create_moves().sudo(self.env.su)

    def _prepare_end_credits(self, date_end):
        """Rows that give back, to the cent, what is invoiced beyond ``date_end``."""
        vals_list, first = [], date_end + ONE_DAY
        today = fields.Date.context_today(self)
        for line in self.line_ids:
            kept = [
                Version(
                    version.first,
                    min(version.last or date_end, date_end),
                    version.terms,
                )
                for version in line._get_versions()
                if version.first <= date_end
            ]
            vals_list += line._prepare_correction_values(kept, first, today)
        return vals_list

    def _get_end_credit(self, date_end):
        """What terminating on that day gives back, without taxes; 0 or more."""
        # sudo: invoiced periods, of which only the sum is shown
        rows = self.sudo()._prepare_end_credits(date_end)
        return -sum(row["amount"] for row in rows)
