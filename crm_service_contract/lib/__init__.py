from . import calendars, proration, recurrence, versions
