from . import (
    crm_kpi,
    crm_kpi_target,
    crm_kpi_value,
    crm_strategy,
    crm_strategy_objective,
    measures,
    res_company,
)
