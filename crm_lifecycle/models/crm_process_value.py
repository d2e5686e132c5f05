from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class CrmProcess(models.Model):
    """What a process contributes to customer value, and what it costs the customer.

    The revenue of the customers whom it touches is measured; the share that depends on
    the process is an estimate and says why.
    """

    _inherit = "crm.process"

    segment_ids = fields.Many2many(
        "crm.segment",
        "crm_process_segment_rel",
        "process_id",
        "segment_id",
        "Customers touched",
        domain="[('company_id', '=', company_id)]",
        help="The segments whose customers meet this process.",
    )
    touched_count = fields.Integer("Customers", compute="_compute_touched")
    touched_revenue = fields.Monetary(
        "Their revenue",
        compute="_compute_touched",
        help="Measured: of all customers in these segments, each once.",
    )
    value_share = fields.Float(
        "Depends on it (%)",
        digits=(5, 1),
        tracking=True,
        help="Estimate: the share of that revenue that would be lost if the process "
        "failed for good.",
    )
    value_note = fields.Char("Why this share", tracking=True)
    value_contribution = fields.Monetary(
        "Contribution to value", compute="_compute_touched"
    )
    customer_cost = fields.Monetary(
        "Cost to the customer",
        tracking=True,
        help="What one case costs the customer, besides our price: working time, "
        "standstill, travel.",
    )
    customer_cost_source = fields.Char("Where the cost is known from", tracking=True)

    @api.depends("segment_ids", "value_share")
    @api.depends_context("uid")
    def _compute_touched(self):
        """Count each customer once, and only those whom the viewer may see."""
        self.env["crm.segment"].flush_model(["customer_ids"])
        self.flush_model(["segment_ids"])
        visible = self.env["crm.customer"]._search([])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT touched.process_id, COUNT(*), SUM(customer.revenue_total)
                  FROM (SELECT DISTINCT process.process_id, member.customer_id
                          FROM crm_process_segment_rel process
                          JOIN crm_segment_customer_rel member
                            ON member.segment_id = process.segment_id
                         WHERE process.process_id = ANY(%s)) touched
                  JOIN crm_customer customer ON customer.id = touched.customer_id
                 WHERE customer.id IN %s
                 GROUP BY touched.process_id
                """,
                self.ids,
                visible.subselect(),
            )
        )
        values = {process_id: figures for process_id, *figures in rows}
        for process in self:
            count, revenue = values.get(process._origin.id, (0, 0.0))
            process.touched_count = count
            process.touched_revenue = revenue or 0.0
            process.value_contribution = (
                process.touched_revenue * process.value_share / 100
            )

    @api.constrains("value_share", "value_note")
    def _check_value_share(self):
        for process in self:
            if not 0 <= process.value_share <= 100:
                raise ValidationError(
                    self.env._("A share lies between 0 and 100 percent.")
                )
            if process.value_share and not process.value_note:
                raise ValidationError(
                    self.env._(
                        "Say why %(share)s %% of the revenue depend on %(process)s.",
                        share=process.value_share,
                        process=process.name,
                    )
                )

    @api.constrains("customer_cost", "customer_cost_source")
    def _check_customer_cost(self):
        for process in self:
            if process.customer_cost < 0:
                raise ValidationError(self.env._("A cost cannot be below zero."))
            if process.customer_cost and not process.customer_cost_source:
                raise ValidationError(
                    self.env._(
                        "Say where the cost to the customer of %(process)s is known "
                        "from.",
                        process=process.name,
                    )
                )

    @api.constrains("segment_ids", "company_id")
    def _check_segments(self):
        for process in self.sudo():  # a segment that the user may not see counts too
            if process.segment_ids.company_id - process.company_id:
                raise ValidationError(
                    self.env._(
                        "The segments of %(process)s belong to another company.",
                        process=process.name,
                    )
                )
