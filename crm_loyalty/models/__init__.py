# the parts come before the models that are made of them
from . import (
    crm_customer_warning,
    crm_loyalty_holdout,
    crm_loyalty_valuation,
)

# isort: split
from . import (
    crm_competitor,
    crm_competitor_purchase,
    crm_customer,
    crm_customer_attitude,
    crm_customer_benefit,
    crm_customer_event,
    crm_customer_late,
    crm_customer_measure,
    crm_customer_profit,
    crm_customer_purchases,
    crm_customer_timeline,
    crm_customer_type,
    crm_customer_value,
    crm_loyalty_benefit,
    crm_loyalty_equity,
    crm_loyalty_equity_opening,
    crm_loyalty_grant,
    crm_loyalty_history,
    crm_loyalty_policy,
    crm_loyalty_run,
    crm_loyalty_segment,
    crm_loyalty_segment_range,
    crm_purchase,
    crm_purchase_history,
    survey_question,
)

# isort: split
from . import (
    crm_customer_pareto_parts,
    crm_customer_rfm,
    crm_loyalty_benefit_segment,
    crm_loyalty_history_migration,
    crm_loyalty_history_reason,
    crm_loyalty_policy_equity,
    crm_loyalty_policy_measure,
    crm_loyalty_policy_preview,
    crm_loyalty_policy_profit,
    crm_loyalty_policy_segments,
    crm_loyalty_policy_snapshot,
    crm_loyalty_policy_type,
    crm_loyalty_policy_value,
    crm_loyalty_policy_write,
    crm_loyalty_run_value,
)

# isort: split
from . import crm_customer_classed

# isort: split
from . import (
    account_invoice_report_class,
    account_move_class,
    crm_erasure,
    crm_info_class,
    crm_lead_class,
    crm_loyalty_history_guarded,
    crm_purchase_class,
    crm_purchase_history_class,
    crm_purchase_history_load,
    ir_filters,
    res_partner_class,
    res_users,
    sale_order_class,
    sale_report_class,
)
