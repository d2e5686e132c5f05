from . import (
    call,
    crm_customer_timeline,
)
