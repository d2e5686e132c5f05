from odoo import models

from .measures.base import Scope


class ResCompany(models.Model):
    _inherit = "res.company"

    def _kpi_scope(self, periods):
        """Return what to measure for these companies in `periods`.

        A company's figure includes its branches, and the days of all of them begin
        by the clock of the root company.
        """
        # Branches count whether or not the user has ticked them.
        companies = self.sudo()
        return Scope(
            periods,
            {
                company.id: self.sudo().search([("id", "child_of", company.id)]).ids
                for company in companies
            },
            {company.id: company._kpi_timezone() for company in companies},
        )

    def _kpi_timezone(self):
        """Return the time zone of the company: that of its working hours."""
        root = self.root_id
        return root.resource_calendar_id.tz or root.partner_id.tz or "UTC"
