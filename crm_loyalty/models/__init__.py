from . import (
    crm_customer,
    crm_loyalty_history,
    crm_loyalty_policy,
    crm_loyalty_run,
    crm_purchase_history,
)
