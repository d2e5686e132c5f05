from . import (
    test_access,
    test_cdnow,
    test_demo,
    test_hoot,
    test_import,
    test_loyalty_run,
    test_pareto_chart,
    test_purchase_facts,
    test_scoring,
    test_tours,
    test_uninstall,
)
