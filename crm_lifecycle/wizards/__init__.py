from . import (
    base_partner_merge,
    crm_contact_wizard,
    crm_customer_assign,
    crm_customer_override,
    crm_customer_why,
    crm_interaction_log,
    crm_lifecycle_rule_try,
    crm_process_ask,
    crm_segment_add,
    mail_compose_message,
    survey_invite,
)
