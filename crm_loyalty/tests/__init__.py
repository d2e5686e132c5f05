from . import test_access
from . import test_cdnow
from . import test_import
from . import test_loyalty_run
from . import test_pareto_chart
from . import test_scoring
from . import test_uninstall
