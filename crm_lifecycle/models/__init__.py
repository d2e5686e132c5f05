# the parts come before the models that are made of them
from . import (
    crm_customer_collect,
    crm_customer_facts,
    crm_customer_merge,
    crm_customer_pass,
    crm_customer_refresh,
    crm_customer_rules,
    crm_customer_source,
)

# isort: split
from . import (
    account_move,
    account_partial_reconcile,
    crm_channel,
    crm_customer,
    crm_customer_event,
    crm_customer_event_screen,
    crm_customer_merge_log,
    crm_customer_run,
    crm_customer_screen,
    crm_interaction,
    crm_lead,
    crm_lifecycle_history,
    crm_lifecycle_rule,
    crm_lifecycle_stage,
    crm_service_tier,
    res_partner,
    sale_order,
)
