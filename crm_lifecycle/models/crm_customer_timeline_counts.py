from collections import Counter

from odoo import api, models
from odoo.tools import SQL

from .crm_customer_timeline import TimelineEntry, TimelineFilter

COUNT_MAX = 500
"""So many documents of a branch are counted; more is said to be "at least"."""


class CrmCustomerTimeline(models.Model):
    """How many entries of each kind a customer has, as far as one may read them."""

    _inherit = "crm.customer.timeline"

    @api.model
    @api.readonly
    def get_counts(self, customer_id, date_from=None, date_to=None, search=""):
        """Return how many entries of each kind the user may read.

        The filters are those of ``get_page`` but the kinds: the number tells what a
        click on the kind would show. One statement finds the documents of all kinds;
        then each model is asked once which of them the user may read.

        :return: {kind: {"count": number, "more": whether there may be more}} of the
            kinds that ``get_kinds`` tells
        :raise AccessError: when the user may not read the customer
        """
        customer = self._get_customer(customer_id)
        asked = TimelineFilter(None, date_from or None, date_to or None, search or "")
        asked.check(self.env)
        sources = self._get_sources()
        entries, full = self._fetch_all(customer, sources, asked)
        counts = Counter(entry.kind for entry in self._filter_visible(entries, sources))
        return {
            kind.kind: {"count": counts[kind.kind], "more": number in full}
            for number, source in enumerate(sources)
            for kind in source.kinds
        }

    @api.model
    def _fetch_all(self, customer, sources, asked):
        """Return the newest entries of every branch, and which sources have more.

        :return: (entries, numbers of the sources of which a branch was cut)
        """
        branches = [
            (number, source, branch)
            for number, source in enumerate(sources)
            for branch in source.branches
        ]
        if not branches:
            return [], set()
        self.env.flush_all()
        pages = [
            SQL(
                "SELECT %s AS number, page.* FROM %s page",
                place,
                self._sql_page(source, branch, asked, None, COUNT_MAX + 1),
            )
            for place, (_number, source, branch) in enumerate(branches)
        ]
        rows = self.env.execute_query(
            SQL("%s %s", self._sql_owners(customer), SQL(" UNION ALL ").join(pages))
        )
        sizes = Counter(place for place, *_entry in rows)
        full = {branches[place][0] for place, size in sizes.items() if size > COUNT_MAX}
        return list({TimelineEntry(*entry) for _place, *entry in rows}), full
