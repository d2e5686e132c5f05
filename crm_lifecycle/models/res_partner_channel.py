from odoo import api, fields, models


class ResPartner(models.Model):
    """On which channel a contact wants to be reached: what he said, else what he does.

    What the contact said comes first, then what his company said; then what is noted
    on the customer; then the
    channel that he himself used most in the last twelve months; then the one that his
    company used most.
    """

    _inherit = "res.partner"

    crm_preferred_channel_id = fields.Many2one(
        "crm.channel",
        "Preferred Channel",
        ondelete="set null",
        index="btree_not_null",
        groups="sales_team.group_sale_salesman",
        help="How this person wants to be contacted, as told by the person. Empty: we "
        "go by the customer, and by the channels that the person used.",
    )

    def _crm_channel_preferences(self):
        """Return {id of a contact: (channel, origin, times)} in the present company.

        The origin is ``contact``, ``firm``, ``customer`` (declared), ``used`` or
        ``company_used`` (inferred from so many ``times``), or None with an empty
        channel. Two queries whatever the number of contacts.
        """
        # which channel a colleague's customer uses; no document is shown
        partners = self.sudo()
        customers = self.env["crm.customer"].sudo()
        root = self.env.company.sudo().root_id
        known = {
            customer.partner_id.id: customer
            for customer in customers.search(
                [
                    ("partner_id", "in", partners.commercial_partner_id.ids),
                    ("company_id", "=", root.id),
                ]
            )
        }
        used = customers._get_used_channels(partners.commercial_partner_id.ids, root)
        return {
            partner.id: self._choose_channel(
                partner,
                known.get(partner.commercial_partner_id.id, customers),
                used.get(partner.id),
            )
            for partner in partners
        }

    @api.model
    def _choose_channel(self, partner, customer, used):
        """Return (channel, origin, times) of one contact, the declared one first."""
        Channel = self.env["crm.channel"]
        owner = partner.commercial_partner_id
        choices = [
            (partner.crm_preferred_channel_id.id, "contact", 0),
            (owner.crm_preferred_channel_id.id, "firm", 0),
            (customer.preferred_channel_id.id, "customer", 0),
            (used and used[0], "used", used and used[1]),
            (customer.inferred_channel_id.id, "company_used", customer.channel_uses),
        ]
        for channel_id, origin, times in choices:
            channel = Channel.browse(channel_id or [])
            if channel.active:
                return channel, origin, times
        return Channel, None, 0

    def _crm_postal_address(self):
        """Return the address for a letter, empty when street and city are unknown."""
        self.ensure_one()
        owner = self if self.street or self.city else self.commercial_partner_id
        if not (owner.street or owner.city):
            return ""
        lines = owner._display_address(without_company=True).splitlines()
        return "\n".join(line.strip() for line in lines if line.strip())
