from .models.crm_customer import RATING_COLUMNS
from .models.crm_customer_value import VALUE_COLUMNS


def uninstall_hook(env):
    """Remove saved filters on customers that use the fields which go away."""
    filters = env["ir.filters"].search([("model_id", "=", "crm.customer")])
    facts = (
        "purchase_count",
        "purchase_revenue",
        "purchase_date",
        "purchase_category_ids",
    )
    ours = (*RATING_COLUMNS, *VALUE_COLUMNS, *facts)
    filters.filtered(
        lambda saved: any(
            name in f"{saved.domain} {saved.context} {saved.sort}" for name in ours
        )
    ).unlink()
