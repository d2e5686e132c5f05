from . import (
    crm_lifecycle_demo,
    crm_lifecycle_demo_contact,
    crm_lifecycle_demo_information,
    crm_lifecycle_demo_process,
    crm_lifecycle_demo_quality,
    crm_lifecycle_demo_sales,
    crm_lifecycle_demo_segment,
    crm_lifecycle_demo_talks,
)
