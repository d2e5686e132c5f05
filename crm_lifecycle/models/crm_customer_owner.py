from odoo import api, fields, models
from odoo.tools import SQL


class CrmCustomerOwner(models.Model):
    """Who answered for a customer, since when, and why he took over.

    One line per change; the last one holds now. Written with the customer, by persons
    and by the engine; nobody edits it.
    """

    _name = "crm.customer.owner"
    _description = "Accountability History"
    _order = "date_from desc, id desc"
    _rec_name = "user_id"

    customer_id = fields.Many2one(
        "crm.customer", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade", readonly=True
    )
    user_id = fields.Many2one(
        "res.users", "Accountable", readonly=True, help="Empty: nobody any more."
    )
    date_from = fields.Datetime("Since", required=True, readonly=True)
    is_estimated = fields.Boolean(
        "Taken Over",
        readonly=True,
        help="The customer was older than this record: when the person really took "
        "over is not known, and does not count for the time to the person in charge.",
    )
    assigned_by = fields.Many2one("res.users", readonly=True)
    reason = fields.Char(readonly=True)

    @api.model
    def _record(self, customer_ids, now, reason=None, estimated=None):
        """Note down who answers for customers now, where that has changed.

        :param estimated: SQL condition on the customer: the true date is not known
        :return: {id of a customer whose person changed: whether that is estimated}
        """
        self.env["crm.customer"].flush_model(["user_id"])
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO crm_customer_owner (
                    customer_id, company_id, user_id, date_from, is_estimated,
                    assigned_by, reason, create_uid, write_uid, create_date, write_date)
                SELECT customer.id, customer.company_id, customer.user_id, %(now)s,
                       %(estimated)s, %(uid)s, %(reason)s, %(uid)s, %(uid)s,
                       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM crm_customer customer
                  LEFT JOIN LATERAL (
                       SELECT owner.user_id FROM crm_customer_owner owner
                        WHERE owner.customer_id = customer.id
                        ORDER BY owner.date_from DESC, owner.id DESC LIMIT 1) last
                    ON TRUE
                 WHERE customer.id = ANY(%(ids)s)
                   AND last.user_id IS DISTINCT FROM customer.user_id
                RETURNING customer_id, is_estimated
                """,
                now=now,
                estimated=estimated or SQL("FALSE"),
                uid=self.env.uid,
                reason=reason or None,
                ids=list(customer_ids),
            )
        )
        self.invalidate_model(flush=False)
        return dict(rows)
