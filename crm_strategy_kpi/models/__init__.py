from . import (
    crm_kpi,
    crm_kpi_measuring,
    crm_kpi_target,
    crm_kpi_value,
    crm_kpi_value_store,
    crm_strategy,
    crm_strategy_objective,
    measures,
    res_company,
)
