from odoo import models


class CrmCustomerSource(models.AbstractModel):
    """A document that says something about customers: its changes are events.

    Its customers are noted before and after a change, so that one who loses the
    document is looked at as well as the one who gets it. It stands first in
    ``_inherit``: before the document's own code, when all its lines are still there.
    """

    _name = "crm.customer.source"
    _description = "Source of Customer Facts"

    _customer_fields = frozenset()
    """Fields whose change may change a fact."""

    def write(self, vals):
        if not vals.keys() & self._customer_fields:
            return super().write(vals)
        self._queue_customer_events()
        result = super().write(vals)
        self._queue_customer_events()
        return result

    def unlink(self):
        self._queue_customer_events()
        return super().unlink()

    def _queue_customer_events(self):
        """Hook: hand the customers of these documents to ``_queue_events``."""
        raise NotImplementedError
