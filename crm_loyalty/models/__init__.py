from . import crm_customer
from . import crm_loyalty_history
from . import crm_loyalty_policy
from . import crm_loyalty_run
from . import crm_purchase_history
