from odoo import models

from .measures.base import Scope


class ResCompany(models.Model):
    _inherit = "res.company"

    def _kpi_scope(self, periods):
        """Return what to measure for these companies in `periods`.

        A company's figure includes its branches, and the days of all of them begin
        by the clock of the root company.
        """
        # Branches count whether or not the user has ticked them, or archived since.
        companies = self.sudo().with_context(active_test=False)
        family = companies.search([("id", "child_of", companies.ids)])
        return Scope(
            periods,
            {
                company.id: [
                    member.id
                    for member in family
                    if member.parent_path.startswith(company.parent_path)
                ]
                for company in companies
            },
            {company.id: company._kpi_timezone() for company in companies},
        )

    def _kpi_timezone(self):
        """Return the time zone of the company: that of its working hours."""
        root = self.root_id
        return root.resource_calendar_id.tz or root.partner_id.tz or "UTC"
