def post_init_hook(env):
    """Queue the first pass: it runs as a cron with progress, not in here."""
    env.ref("crm_lifecycle.ir_cron_refresh")._trigger()


def uninstall_hook(env):
    """Remove filters that would name fields which are about to disappear.

    Odoo drops the indexes declared on core models by itself.
    """
    # before the index on which it stands; Odoo drops by name
    env.cr.execute(
        "ALTER TABLE crm_lifecycle_history"
        " DROP CONSTRAINT IF EXISTS crm_lifecycle_history_no_gap"
    )
    filters = env["ir.filters"].with_context(active_test=False)
    filters.search(
        [
            "|",
            ("domain", "ilike", "crm_customer_id"),
            ("context", "ilike", "crm_customer_id"),
        ]
    ).unlink()
