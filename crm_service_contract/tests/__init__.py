from . import (
    test_access,
    test_billing,
    test_billing_concurrency,
    test_contract,
    test_customer,
    test_customer_standing,
    test_invoice,
    test_periods,
    test_portal,
    test_timeline,
    test_tours,
)
