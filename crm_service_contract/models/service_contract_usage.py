from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, format_date


class ServiceContractUsage(models.Model):
    """What was counted for a line on a day: hours, running hours, call-outs, litres.

    Billing sums it up for each period. What is billed cannot change any more.
    """

    _name = "service.contract.usage"
    _description = "Counted Usage"
    _order = "date desc, id desc"
    _rec_name = "name"

    line_id = fields.Many2one(
        "service.contract.line",
        string="Contract Line",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("quantity_source", "=", "usage")],
        help="Only lines that bill counted usage.",
    )
    contract_id = fields.Many2one(related="line_id.contract_id", store=True, index=True)
    company_id = fields.Many2one(related="contract_id.company_id", store=True)
    commercial_partner_id = fields.Many2one(
        related="contract_id.commercial_partner_id", string="Customer", store=True
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    quantity = fields.Float(required=True, digits="Product Unit")
    name = fields.Char(
        string="What", help="For example: call-out on Sunday, meter reading 4,310."
    )
    user_id = fields.Many2one(
        "res.users", string="Counted By", default=lambda self: self.env.user
    )

    _quantity_not_negative = models.Constraint(
        "CHECK (quantity >= 0)", "Counted usage cannot be negative."
    )
    _line_date_idx = models.Index("(line_id, date) INCLUDE (quantity)")

    @api.constrains("line_id")
    def _check_line_counts(self):
        for usage in self:
            if usage.line_id.quantity_source != "usage":
                raise ValidationError(
                    self.env._(
                        "Line “%(line)s” bills an agreed quantity; nothing is counted.",
                        line=usage.line_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        usages = super().create(vals_list)
        usages._check_not_billed()
        return usages

    def write(self, vals):
        counts = {"line_id", "date", "quantity"} & vals.keys()
        if counts:
            self._check_not_billed()
        result = super().write(vals)
        if counts:
            self._check_not_billed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self._check_not_billed()

    def _check_not_billed(self):
        for line, usages in self.grouped("line_id").items():
            # The ledger says what is billed, whoever counts.
            first = line.sudo()._get_first_unbilled()
            for usage in usages:
                if line.billed_until and usage.date < first:
                    raise UserError(
                        self.env._(
                            "Usage of “%(line)s” on %(date)s is billed: it cannot "
                            "change any more. Count the difference on a later day.",
                            line=line.display_name,
                            date=format_date(self.env, usage.date),
                        )
                    )

    @api.model
    def _sum_up(self, spans):
        """Quantity counted in each span of (line id, first day, last day)."""
        self.flush_model(["line_id", "date", "quantity"])
        lines, firsts, lasts = zip(*spans, strict=True)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT span.line_id, span.first, span.last, SUM(usage.quantity)
                  FROM unnest(%s::int[], %s::date[], %s::date[])
                    AS span(line_id, first, last)
                  JOIN service_contract_usage usage ON usage.line_id = span.line_id
                   AND usage.date BETWEEN span.first AND span.last
                 GROUP BY 1, 2, 3
                """,
                list(lines),
                list(firsts),
                list(lasts),
            )
        )
        return {row[:3]: row[3] for row in rows}
