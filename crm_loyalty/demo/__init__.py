from . import (
    crm_lifecycle_demo,
    crm_lifecycle_demo_runs,
)
