from odoo import models
from odoo.tools import SQL


class CrmLoyaltyPolicy(models.Model):
    """Writing what a run found on the customers, where it differs."""

    _inherit = "crm.loyalty.policy"

    def _write_differing(self, columns, source, returning, ids=None, clear=True):
        """Write columns of the company's customers from a relation, by one statement.

        :param columns: their names, in the relation as on the customer
        :param source: SQL of a table or SELECT in parentheses, with id and the columns
        :param returning: SQL of what is asked beside the id; ``customer`` is the row
            as it was, ``target`` as it is now
        :param ids: (first, last) for only the customers first < id <= last
        :param clear: whether who has no row in the relation loses his values
        :return: rows (id, *returning) of the customers that were written
        """
        names = [SQL.identifier(name) for name in columns]
        within = SQL("TRUE")
        if ids:
            within = SQL("customer.id > %s AND customer.id <= %s", *ids)
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE crm_customer target
                   SET %(assigned)s
                  FROM crm_customer customer
                  %(join)s %(source)s source ON source.id = customer.id
                 WHERE customer.company_id = %(company)s AND %(within)s
                   AND target.id = customer.id
                   AND (%(old)s) IS DISTINCT FROM (%(new)s)
             RETURNING target.id, %(returning)s
                """,
                assigned=SQL(", ").join(SQL("%s = source.%s", n, n) for n in names),
                join=SQL("LEFT JOIN") if clear else SQL("JOIN"),
                source=source,
                company=self.company_id.id,
                within=within,
                old=SQL(", ").join(SQL("customer.%s", name) for name in names),
                new=SQL(", ").join(SQL("source.%s", name) for name in names),
                returning=returning,
            )
        )
        customers = self.env["crm.customer"].browse([row[0] for row in rows])
        customers.invalidate_recordset(columns, flush=False)
        customers.modified(columns)
        return rows
