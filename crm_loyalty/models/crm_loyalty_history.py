from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.crm_lifecycle.lib.history import interleave

from .crm_loyalty_segment import rfm_segments

ABC_CLASSES = [("a", "A"), ("b", "B"), ("c", "C")]
RFM_SEGMENTS = rfm_segments  # choices that are records, see there


class CrmLoyaltyHistory(models.Model):
    """The classes of a customer over time; written by the rating engine alone.

    Rows are added and closed, never rewritten: only the rows of the day of a run give
    way to those of a later run on that day.
    """

    _name = "crm.loyalty.history"
    _description = "Loyalty Class History"
    _order = "date_from desc, id desc"

    customer_id = fields.Many2one(
        "crm.customer", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        related="customer_id.company_id", store=True, index=True
    )
    abc_class = fields.Selection(ABC_CLASSES, "Class", readonly=True)
    rfm_segment = fields.Selection(RFM_SEGMENTS, "Segment", readonly=True)
    date_from = fields.Date("From", required=True, readonly=True)
    date_to = fields.Date(
        "To", readonly=True, help="The day from which another class holds."
    )
    run_id = fields.Many2one(
        "crm.loyalty.run", "Run", ondelete="set null", readonly=True
    )

    _open_uniq = models.UniqueIndex(
        "(customer_id) WHERE date_to IS NULL",
        "A customer has one class at a time.",
    )

    @api.depends("customer_id", "date_from")
    def _compute_display_name(self):
        for row in self:
            row.display_name = self.env._(
                "%(customer)s, from %(date)s",
                customer=row.customer_id.display_name or "",
                date=row.date_from or "",
            )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_engine()
        return super().create(vals_list)

    def write(self, vals):
        self._check_engine()
        return super().write(vals)

    def unlink(self):
        self._check_engine()
        return super().unlink()

    def _check_engine(self):
        """Whatever rights somebody got: history is not written by hand."""
        if not self.env.su:
            raise AccessError(
                self.env._("The class history is written by the loyalty run alone.")
            )

    @api.model
    def _record_moves(self, run, customer_ids):
        """Close the open rows of these customers and open new ones.

        An open row that began on the day of the run or later has not lasted: it
        gives way to the new one, on its own day. So two runs a day leave one row,
        and a run as of an earlier day never rewrites what came before.
        A customer who is not rated any more gets a row without class that says so.
        """
        if not customer_ids:
            return
        later = self._close_rows(run.date_as_of, list(customer_ids))
        self._open_rows(run, list(customer_ids), later)
        self.invalidate_model()
        self.env["crm.customer"].invalidate_model(["loyalty_history_ids"])

    @api.model
    def _close_rows(self, day, customer_ids):
        """Close the open rows, or drop those that began on the day or later.

        :return: (customer id, day) of the rows dropped that began later
        """
        return self.env.execute_query(
            SQL(
                """
                WITH dropped AS (
                    DELETE FROM crm_loyalty_history
                     WHERE customer_id = ANY(%(ids)s)
                       AND date_to IS NULL AND date_from >= %(day)s
                 RETURNING customer_id, date_from
                ),
                closed AS (
                    UPDATE crm_loyalty_history SET date_to = %(day)s
                     WHERE customer_id = ANY(%(ids)s)
                       AND date_to IS NULL AND date_from < %(day)s
                )
                SELECT customer_id, date_from FROM dropped WHERE date_from > %(day)s
                """,
                ids=customer_ids,
                day=day,
            )
        )

    def _interleave(self):
        """Lay the rows of several customers into one history, before they merge.

        What began last holds until the next begins; only the last row stays open. Of
        two that began on one day the later row stays.

        :return: the last row, and [(model, {field: value})] of those that fell away
        """
        rows = self.sorted(lambda row: (row.date_from, row.id))
        merged = interleave([(row, row.date_from, row.date_to) for row in rows])
        gone = rows - self.browse([row.id for row, _start, _end in merged])
        values = [(self._name, one) for one in gone.read(load="")]
        gone.unlink()
        for row, _start, end in merged:
            row.date_to = end
        self.flush_recordset()
        return merged[-1][0], values
