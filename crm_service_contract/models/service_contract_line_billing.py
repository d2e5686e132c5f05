from odoo import fields, models

from ..lib.proration import line_amount
from ..lib.recurrence import due_periods, whole_period
from ..lib.versions import difference, parts


class ServiceContractLineBilling(models.Model):
    """From the schedule and the versions of a line to rows of the ledger."""

    _inherit = "service.contract.line"

    quantity_source = fields.Selection(
        [("fixed", "As agreed"), ("usage", "Counted usage")],
        string="Quantity Is",
        required=True,
        default="fixed",
        help="Counted usage bills what was counted in each period, in arrears.",
    )

    def _generate_periods(self, until):
        """Make the periods that are due on day ``until``; each is made only once."""
        vals_list = []
        for line in self:
            periods = list(
                due_periods(*line._get_schedule(), line.billed_until or None, until)
            )
            for period in periods:
                vals_list += line._prepare_period_values(period)
            if periods:
                line.billed_until = periods[-1].last
        self._measure_quantities(vals_list)
        return self.env["service.contract.period"].create(vals_list)

    def _prepare_period_values(self, period):
        """Ledger rows of a period: one for each stretch of days with equal terms."""
        contract = self.contract_id
        rounding = self._get_rounding()
        return [
            {
                "line_id": self.id,
                "contract_id": contract.id,
                "company_id": contract.company_id.id,
                "currency_id": contract.currency_id.id,
                "commercial_partner_id": contract.commercial_partner_id.id,
                "product_id": self.product_id.id,
                "kind": "charge",
                "date_from": part.period.first,
                "date_to": part.period.last,
                "days": part.period.days,
                "whole_days": part.period.whole_days,
                "date_due": period.due(self.billing_mode),
                "quantity": float(part.terms.quantity),
                "price_unit": float(part.terms.price),
                "discount": float(part.terms.discount),
                "amount": float(part.amount(rounding)),
                "state": "skipped"
                if part.terms.paused or not part.terms.quantity
                else "to_bill",
            }
            for part in parts(self._get_versions(), period)
        ]

    def _measure_quantities(self, vals_list):
        """Put what was measured into the rows of lines without agreed quantity."""
        measured = self.filtered(lambda line: line.quantity_source != "fixed")
        rows = [vals for vals in vals_list if vals["line_id"] in measured._ids]
        if not rows:
            return
        lines = {line.id: line for line in measured}
        spans = [(r["line_id"], r["date_from"], r["date_to"]) for r in rows]
        found = measured._get_measured_quantities(spans)
        for vals, span in zip(rows, spans, strict=True):
            quantity = found.get(span, 0.0)
            if vals["state"] == "skipped" and vals["quantity"]:
                quantity = 0.0  # paused
            amount = line_amount(
                quantity,
                vals["price_unit"],
                vals["discount"],
                lines[vals["line_id"]]._get_rounding(),
            )
            vals.update(
                quantity=quantity,
                amount=float(amount),
                state="to_bill" if quantity else "skipped",
                is_measured=True,
            )

    def _get_measured_quantities(self, spans):
        """Quantities of periods that are not agreed but measured.

        A hook: add a value to ``quantity_source``, and here what it means, for all
        spans at once.

        :param spans: list of (line id, first day, last day)
        :return: quantity by span; one that is missing counts 0
        """
        usage = self.filtered(lambda line: line.quantity_source == "usage")
        spans = [span for span in spans if span[0] in usage._ids]
        return self.env["service.contract.usage"]._sum_up(spans) if spans else {}

    def _get_whole_period(self, first, last=None):
        """The days from first to last as a part of the line's period."""
        anchor, rule, _start, _end = self._get_schedule()
        return whole_period(anchor, rule, first, last)

    def _update_billed_until(self):
        ends = dict(
            self.env["service.contract.period"]._read_group(
                [("line_id", "in", self.ids), ("kind", "=", "charge")],
                ["line_id"],
                ["date_to:max"],
            )
        )
        for line in self:
            line.billed_until = ends.get(line, False)

    def _get_uncredited(self, end):
        """The last billed period that goes beyond ``end`` and was not given back."""
        beyond = self.env["service.contract.period"].search(
            [("line_id", "=", self.id), ("date_to", ">", end)], order="date_to desc"
        )
        credits = beyond.filtered(lambda period: period.kind == "credit")
        for period in beyond:
            first = max(period.date_from, end)
            if period.kind == "charge" and period.state == "billed":
                if not credits.filtered(
                    lambda c, p=period, first=first: (
                        (c.date_from - first).days <= 1 and c.date_to >= p.date_to
                    )
                ):
                    return period
        return beyond.browse()

    def _get_amount(self, quantity, price, discount):
        """Decimal amount of a whole period at other terms."""
        return line_amount(quantity, price, discount, self._get_rounding())

    def _prepare_correction_values(self, new, first, date_due):
        """Rows that turn what was billed from ``first`` on into the ``new`` versions.

        Days that wait to be billed again are left out: they will be billed anew.
        Measured quantities are billed in arrears and never corrected.
        """
        self.ensure_one()
        if self.quantity_source != "fixed":
            return []
        old, rounding, vals_list = self._get_versions(), self._get_rounding(), []
        for period in self._get_settled_periods(first):
            part = self._get_whole_period(max(period.date_from, first), period.date_to)
            amount = difference(old, new, part, rounding)
            if not amount:
                continue
            vals_list.append(
                {
                    "line_id": self.id,
                    "kind": "credit" if amount < 0 else "adjustment",
                    "date_from": part.first,
                    "date_to": part.last,
                    "days": part.days,
                    "whole_days": part.whole_days,
                    "date_due": date_due,
                    "quantity": 1.0,
                    "price_unit": float(amount),
                    "amount": float(amount),
                }
            )
        return vals_list

    def _get_settled_periods(self, first):
        return self.env["service.contract.period"].search(
            [
                ("line_id", "=", self.id),
                ("kind", "=", "charge"),
                ("state", "in", ("billed", "skipped")),
                ("date_to", ">=", first),
            ],
            order="date_from",
        )
