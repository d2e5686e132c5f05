from . import crm_lifecycle_demo, service_contract_changes, story
