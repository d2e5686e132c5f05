# a part of service.contract comes before the model that is made of it
from . import service_contract_portal

# isort: split
from . import (
    account_move,
    account_move_line,
    crm_customer,
    crm_customer_event,
    crm_customer_standing,
    crm_customer_timeline,
    res_company,
    res_config_settings,
    res_partner,
    service_contract,
    service_contract_billing,
    service_contract_change,
    service_contract_change_apply,
    service_contract_change_line,
    service_contract_change_line_words,
    service_contract_ending,
    service_contract_invoicing,
    service_contract_line,
    service_contract_line_billing,
    service_contract_line_portal,
    service_contract_line_terms,
    service_contract_period,
    service_contract_period_invoice,
    service_contract_rhythm,
    service_contract_usage,
    service_contract_version,
)
