from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_lifecycle.lib.serving import CostSource

from .purchases import SALE_TYPES


class CrmCustomer(models.Model):
    """What late payments cost: money that was missing, and for how long."""

    _inherit = "crm.customer"

    @api.model
    def _cost_sources(self):
        return [
            *super()._cost_sources(),
            CostSource(
                "late", self.env._("Late payment"), "capital", self._query_late_payments
            ),
        ]

    @api.model
    def _query_late_payments(self, scope, date_from, date_to):
        """Money x days of the period that it was overdue / 365.

        Each part of a due amount counts until it was settled, by payment or credit
        note; what is open still counts until the end of the period.
        """
        return SQL(
            """
            SELECT company.root_id AS company_id,
                   partner.commercial_partner_id AS partner_id,
                   SUM(part.amount * (part.until - part.since)) / 365.0 AS quantity
              FROM account_move_line due
              JOIN account_move move ON move.id = due.move_id
              JOIN res_partner partner ON partner.id = move.commercial_partner_id
              JOIN %(companies)s company ON company.id = move.company_id
             CROSS JOIN LATERAL (
                   SELECT settled.amount,
                          GREATEST(due.date_maturity, %(since)s::date) AS since,
                          LEAST(settled.max_date, %(until)s::date) AS until
                     FROM account_partial_reconcile settled
                    WHERE settled.debit_move_id = due.id
                UNION ALL
                   SELECT due.amount_residual,
                          GREATEST(due.date_maturity, %(since)s::date),
                          %(until)s::date) part
             WHERE move.state = 'posted' AND move.move_type IN %(types)s
               AND due.display_type = 'payment_term' AND due.balance > 0
               AND due.date_maturity < %(until)s
               AND part.until > part.since AND part.amount > 0
               AND %(scope)s
             GROUP BY company.root_id, partner.commercial_partner_id
            """,
            companies=self._sql_root_companies(),
            since=date_from,
            until=date_to,
            types=SALE_TYPES,
            scope=scope(SQL("company.root_id"), SQL("partner.commercial_partner_id")),
        )
