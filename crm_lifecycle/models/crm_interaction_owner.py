from odoo import api, models
from odoo.tools import SQL


class CrmCustomer(models.Model):
    """Interactions with people who were no customers yet join them once they are."""

    _inherit = "crm.customer"

    @api.model_create_multi
    def create(self, vals_list):
        customers = super().create(vals_list)
        customers._adopt_interactions()
        return customers

    @api.model
    def _insert_customers(self, columns, rows):
        customers = super()._insert_customers(columns, rows)
        customers._adopt_interactions()
        return customers

    def _adopt_interactions(self):
        """Let the interactions of the customers' contacts point to them."""
        if not self:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_interaction talk SET customer_id = customer.id
                  FROM crm_customer customer, res_partner contact
                 WHERE customer.id = ANY(%s) AND contact.id = talk.partner_id
                   AND contact.commercial_partner_id = customer.partner_id
                   AND talk.company_id = customer.company_id
                   AND talk.customer_id IS DISTINCT FROM customer.id
                """,
                list(self.ids),
            )
        )
        self.env["crm.interaction"].invalidate_model(["customer_id"], flush=False)
