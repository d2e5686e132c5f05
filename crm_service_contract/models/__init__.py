from . import (
    account_move,
    account_move_line,
    crm_customer,
    res_partner,
    service_contract,
    service_contract_billing,
    service_contract_line,
    service_contract_line_portal,
    service_contract_period,
    service_contract_portal,
)
