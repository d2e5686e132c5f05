from . import (
    crm_loyalty_benefit_try,
)
