from odoo import api, models
from odoo.tools import SQL

from ..lib.phone import FOREIGN_DIGITS, TAIL, same_number, tail

NUMBER_TAIL = (
    f"right(regexp_replace(translate(phone, '{FOREIGN_DIGITS}', "
    f"'{'0123456789' * 2}'), '[^0-9]', '', 'g'), {TAIL})"
)


class ResPartner(models.Model):
    """Contacts by the number that calls, whatever way it was typed in."""

    _inherit = "res.partner"

    _crm_number_tail_idx = models.Index(f"(({NUMBER_TAIL})) WHERE phone IS NOT NULL")

    @api.model
    def _crm_find_by_number(self, number):
        """Return the contacts with a telephone number, found by an index.

        :param str number: as the telephone tells it, see ``lib.phone.is_number``
        """
        self.flush_model(["phone"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM res_partner WHERE phone IS NOT NULL AND %s = %s",
                SQL(NUMBER_TAIL),
                tail(number),
            )
        )
        # the caller's own rights decide whom he finds
        found = self.search([("id", "in", [partner_id for (partner_id,) in rows])])
        return found.filtered(lambda partner: same_number(partner.phone, number))
