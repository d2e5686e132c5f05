from . import base, net_revenue, on_time_completion
