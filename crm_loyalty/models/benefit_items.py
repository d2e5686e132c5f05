"""What a benefit can give: which field of which record it sets.

A new kind of benefit is a row here and a field on ``crm.loyalty.benefit``.
"""

from typing import NamedTuple


class Item(NamedTuple):
    """``gift`` of the benefit goes to ``field`` of the customer or the contact."""

    gift: str
    record: str  # customer or partner
    field: str
    requires: str = ""  # the model that has to be installed


ITEMS = {
    "pricelist": Item("pricelist_id", "partner", "specific_property_product_pricelist"),
    "payment_term": Item("payment_term_id", "partner", "property_payment_term_id"),
    "credit_limit": Item("credit_limit", "partner", "credit_limit"),
    "user": Item("user_id", "customer", "user_id"),
    "team": Item("team_id", "customer", "team_id"),
    "tier": Item("service_tier_id", "customer", "service_tier_id"),
    "grade": Item("grade_ref", "partner", "grade_id", "res.partner.grade"),
}
"""Values that are set, kept and taken back."""

ONCE = {"plan": "plan_id", "card": "program_ref"}
"""What happens once, when the class is reached: an activity plan, a loyalty card."""
