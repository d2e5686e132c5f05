from . import (
    crm_lifecycle_demo,
    crm_lifecycle_demo_profit,
    crm_lifecycle_demo_runs,
)
