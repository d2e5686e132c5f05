from odoo import fields, models


class CrmCustomer(models.Model):
    """Since when, and how long, a customer is bound by contracts of any kind.

    A neutral point: whoever keeps contracts fills it as a fact source, and whoever
    wants to know how many customers under contract stay reads it.
    """

    _inherit = "crm.customer"

    contract_since = fields.Date(
        "Under Contract Since",
        readonly=True,
        copy=False,
        help="Start of the first contract, also of one that has ended.",
    )
    contract_until = fields.Date(
        "Under Contract Until",
        readonly=True,
        copy=False,
        help="End of the last contract. Empty: one of them runs until further notice.",
    )
