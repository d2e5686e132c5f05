from odoo import SUPERUSER_ID, api

FIELDS = (
    "wallet_share",
    "wallet_date",
    "wallet_basis",
    "competitor_share",
    "main_competitor_id",
)


def migrate(cr, version):
    """Put what is known of competitors into their class of information."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    info_class = env.ref(
        "crm_lifecycle.crm_info_class_competitors", raise_if_not_found=False
    )
    if info_class:
        fields = env["ir.model.fields"].search(
            [("model", "=", "crm.customer"), ("name", "in", FIELDS)]
        )
        info_class.field_ids |= fields
