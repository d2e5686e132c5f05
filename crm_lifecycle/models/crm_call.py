from odoo import api, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from ..lib.phone import is_number

SALES_GROUP = "sales_team.group_sale_salesman"


class CrmCall(models.AbstractModel):
    """Who calls: what the telephone's number tells a colleague, by his own rights.

    For the page ``/crm/call`` and for telephone software. Looking up changes nothing;
    ``_log`` and ``_start_lead`` do.
    """

    _name = "crm.call"
    _description = "Incoming Call"

    @api.model
    def _check_caller(self, number):
        """Refuse who does not sell, and what is no number.

        :raise AccessError: without sales rights
        :raise ValidationError: in words for the person at the telephone
        """
        if not self.env.user.has_group(SALES_GROUP):
            raise AccessError(
                self.env._("Incoming calls are shown to people with sales rights only.")
            )
        if not is_number(number):
            raise ValidationError(
                self.env._(
                    "“%(number)s” is no complete telephone number: it takes 7 to 15 "
                    "digits, with or without spaces.",
                    number=(number or "")[:40],
                )
            )

    @api.model
    def _find(self, number):
        """Return what the number tells: one entry for each customer or contact.

        :return: ``[{"partner", "customer", "visible", "owner", "deputy"}]``; of a
            customer whom the colleague may not see only the names of the people in
            charge
        """
        self._check_caller(number)
        partners = self.env["res.partner"]._crm_find_by_number(number)
        return [
            self._prepare_match(partners_of)
            for partners_of in partners.grouped("commercial_partner_id").values()
        ]

    @api.model
    def _prepare_match(self, partners):
        """Describe the contacts of one commercial partner who share a number."""
        # a person says more than the switchboard of his company
        partner = (partners.filtered("parent_id") or partners)[:1]
        # who is in charge, also where the customer is hidden from this colleague
        hidden = self.env["crm.customer"].sudo().with_context(active_test=False)
        customer = hidden.search(
            Domain("partner_id", "=", partner.commercial_partner_id.id)
            & Domain("company_id", "=", self.env.company.sudo().root_id.id)
        )
        visible = customer.sudo(False)._filtered_access("read")
        return {
            "partner": partner,
            "customer": visible,
            "visible": bool(visible) or not customer,
            "owner": customer.user_id.name,
            "deputy": customer.deputy_id.name,
        }

    @api.model
    def _get_url(self, match):
        """Return where the 360 of a match opens."""
        if match["customer"]:
            return f"/odoo/crm-customers/{match['customer'].id}"
        return f"/odoo/contacts/{match['partner'].id}"

    @api.model
    def _log(self, partner, number, **values):
        """Note down that a contact called; return the interaction."""
        return self.env["crm.interaction"].create(
            {
                "name": self.env._("Call from %(number)s", number=number),
                "partner_id": partner.id,
                "channel_id": self.env["crm.channel"]._by_code("phone").id,
                "direction": "in",
                **values,
            }
        )

    @api.model
    def _start_lead(self, number, partner=None):
        """Make the lead of a caller, known or not; it is the colleague's own."""
        partner = partner or self.env["res.partner"]
        return self.env["crm.lead"].create(
            {
                "name": self.env._(
                    "Call from %(who)s", who=partner.display_name or number
                ),
                "type": "lead"
                if self.env.user.has_group("crm.group_use_lead")
                else "opportunity",
                "partner_id": partner.id,
                "phone": partner.phone or number,
                "user_id": self.env.uid,
                "company_id": self.env.company.id,
            }
        )
