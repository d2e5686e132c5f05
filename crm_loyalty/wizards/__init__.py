from . import (
    base_import_import,
    crm_loyalty_benefit_try,
    crm_loyalty_preview,
)
