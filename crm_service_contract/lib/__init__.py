from . import proration, recurrence
