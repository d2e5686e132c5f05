from datetime import datetime

from odoo import api, fields, models
from odoo.tools import format_date, format_datetime
from odoo.tools.misc import formatLang

from .crm_customer_timeline import PAGE_MAX, TimelineFilter
from .wording import listed


class CrmCustomer(models.Model):
    _inherit = "crm.customer"

    def action_open_360(self):
        """Open head and timeline of the customer on the whole screen."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm_lifecycle.crm_customer_360_action"
        )
        return {**action, "context": {"active_id": self.id}}

    def action_print_timeline(
        self, kinds=None, date_from=None, date_to=None, search=""
    ):
        """Return the action that prints the timeline as it is filtered."""
        self.ensure_one()
        self.check_access("read")
        report = self.env.ref("crm_lifecycle.crm_customer_timeline_report")
        asked = {
            "customer_id": self.id,
            "kinds": kinds or False,
            "date_from": date_from or False,
            "date_to": date_to or False,
            "search": search or "",
        }
        return report.report_action(self, data=asked, config=False)


class CrmCustomerTimeline(models.Model):
    """The timeline as a list to print: the newest 5,000 entries of what is asked."""

    _inherit = "crm.customer.timeline"

    _paper_max = 5000  # entries on paper and in a workbook

    @api.model
    def _get_paper(
        self, customer_id, kinds=None, date_from=None, date_to=None, search=""
    ):
        """Return what report and workbook show, as far as the user may read it.

        :return: {"customer", "filters": texts, "rows", "is_cut": there is more}
        """
        customer = self._get_customer(customer_id)
        asked = TimelineFilter(
            kinds or None, date_from or None, date_to or None, search or ""
        )
        asked.check(self.env)
        found, cursor = [], None
        while len(found) < self._paper_max:
            size = min(PAGE_MAX, self._paper_max - len(found))
            page, cursor = self._collect(customer, asked, cursor, size)
            found += page
            if not cursor:
                break
        return {
            "customer": customer,
            "header": customer._get_header_values(),
            "filters": self._get_filter_texts(asked),
            "rows": self._get_paper_rows(found),
            "is_cut": bool(cursor),
            "cut_text": self.env._(
                "Only the newest %(count)s entries; narrow the period to see earlier "
                "ones.",
                count=self._paper_max,
            ),
        }

    @api.model
    def _get_paper_rows(self, entries):
        labels = dict(self._selection_kind())
        rows = self._describe(entries)
        currencies = self.env["res.currency"].browse(
            {row["currency_id"] for row in rows} - {False}
        )
        by_id = {currency.id: currency for currency in currencies}
        for row in rows:
            moment = datetime.fromisoformat(row["date"])
            local = fields.Datetime.context_timestamp(self, moment)
            currency = by_id.get(row["currency_id"])
            row["moment"] = moment if row["dated"] else local.replace(tzinfo=None)
            row["date_text"] = (
                format_date(self.env, moment.date())
                if row["dated"]
                else format_datetime(self.env, moment, dt_format="short")
            )
            row["label"] = labels[row["kind"]]
            row["currency"] = currency.name if currency else ""
            row["amount_text"] = (
                formatLang(self.env, row["amount"], currency_obj=currency)
                if currency and row["amount"] is not False
                else ""
            )
        return rows

    @api.model
    def _get_filter_texts(self, asked):
        """Return what was filtered by, in words."""
        texts = []
        if asked.date_from:
            day = self._format_bound(asked.date_from)
            texts.append(self.env._("from %(day)s", day=day))
        if asked.date_to:
            day = self._format_bound(asked.date_to)
            texts.append(self.env._("until %(day)s", day=day))
        if asked.kinds:
            labels = dict(self._selection_kind())
            kinds = listed(self.env, (labels.get(kind, kind) for kind in asked.kinds))
            texts.append(self.env._("only %(kinds)s", kinds=kinds))
        if asked.search:
            texts.append(self.env._("with “%(text)s”", text=asked.search))
        return texts

    @api.model
    def _format_bound(self, bound):
        return format_date(self.env, str(bound)[:10])
