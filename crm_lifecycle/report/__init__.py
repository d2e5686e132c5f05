from . import crm_customer_timeline_report, crm_letter_report
