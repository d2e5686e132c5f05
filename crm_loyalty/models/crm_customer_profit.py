from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, format_amount
from odoo.tools.misc import formatLang

PROFIT_COLUMNS = (
    "profit_revenue",
    "profit_discount",
    "profit_goods",
    "profit_margin",
    "cost_to_serve",
    "net_profit",
    "profit_breakdown",
    "is_large_unprofitable",
)
WHALE_POINTS = 100


class CrmCustomer(models.Model):
    """What is left of a customer's purchases when goods and service are paid."""

    _inherit = "crm.customer"

    profit_revenue = fields.Monetary(
        "Revenue in the Window",
        readonly=True,
        copy=False,
        help="Without tax, after discounts and credit notes, within the window of the "
        "loyalty policy.",
    )
    profit_discount = fields.Monetary(
        "Discounts Given",
        readonly=True,
        copy=False,
        help="By discounts on the lines of invoices. The revenue is what was left "
        "after them, so they are not taken off once more.",
    )
    profit_goods = fields.Monetary(
        "Cost of Goods",
        readonly=True,
        copy=False,
        help="As booked by the inventory with the invoice; else the cost noted on the "
        "order (app Margins); else the cost of the product as it stands today. Where "
        "none is known (imported history, services without a cost) the margin of the "
        "loyalty policy is assumed.",
    )
    profit_margin = fields.Monetary(
        "Margin",
        readonly=True,
        copy=False,
        help="Revenue less the cost of the goods.",
    )
    cost_to_serve = fields.Monetary(
        readonly=True,
        copy=False,
        help="Hours, visits, complaints, deliveries and late payment, at the rates of "
        "the loyalty policy.",
    )
    net_profit = fields.Monetary(
        readonly=True,
        copy=False,
        help="Margin less cost to serve, within the window of the loyalty policy.",
    )
    profit_breakdown = fields.Json(
        readonly=True,
        copy=False,
        help="Quantity and cost of each kind of effort. Empty: not measured.",
    )
    is_large_unprofitable = fields.Boolean(
        "Large but Unprofitable",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="One of those who make the first part of the revenue (as far as the limit "
        "of class A), and yet nothing is left of it.",
    )
    profit_statement = fields.Html(
        "Where the Profit Goes", compute="_compute_profit_statement", sanitize=False
    )
    profit_explanation = fields.Text(
        "Profit in Words", compute="_compute_profit_explanation"
    )

    @api.depends(*PROFIT_COLUMNS)
    @api.depends_context("lang", "uid")
    def _compute_profit_statement(self):
        labels = self._get_cost_labels()
        for customer in self:
            shown = customer._may_see_profit() and customer._is_profit_measured()
            customer.profit_statement = shown and customer._render_statement(labels)

    @api.depends(*PROFIT_COLUMNS)
    @api.depends_context("lang", "uid")
    def _compute_profit_explanation(self):
        labels = self._get_cost_labels()
        for customer in self:
            shown = customer._may_see_profit()
            customer.profit_explanation = shown and " ".join(
                customer._explain_profit(labels)
            )

    @api.model
    def _check_facts_untouched(self, vals):
        result = super()._check_facts_untouched(vals)
        if not self.env.su and vals.keys() & set(PROFIT_COLUMNS):
            raise AccessError(
                self.env._("Margins and profits come from the loyalty policy alone.")
            )
        return result

    def _may_see_profit(self):
        """Whether no class of information hides a part of it from the user."""
        return all(
            self._has_field_access(self._fields[name], "read")
            for name in PROFIT_COLUMNS
        )

    def _is_profit_measured(self):
        self.ensure_one()
        return self.profit_breakdown not in (False, None)

    # In words

    @api.model
    def _get_cost_labels(self):
        """{name of a cost source: (its label, its unit)}"""
        return {
            source.name: (source.label, source.unit) for source in self._cost_sources()
        }

    def _get_costs(self, labels):
        """Rows (label, unit, quantity, amount) of what serving him took, dearest first.

        A source that is installed no more keeps its name for a label.
        """
        self.ensure_one()
        rows = [
            (*labels.get(name, (name, "money")), quantity, amount)
            for name, (quantity, amount) in (self.profit_breakdown or {}).items()
        ]
        return sorted(rows, key=lambda row: (-row[3], row[0]))

    def _get_statement_rows(self, labels):
        """Rows (label, quantity in words, amount, whether a sum), sales to profit."""
        rows = []
        if self.profit_discount:
            full = self.profit_revenue + self.profit_discount
            rows += [
                (self.env._("Sales at list prices"), "", full, False),
                (self.env._("Discounts"), "", -self.profit_discount, False),
            ]
        rows += [
            (self.env._("Revenue"), "", self.profit_revenue, True),
            (self.env._("Cost of goods"), "", -self.profit_goods, False),
            (self.env._("Margin"), "", self.profit_margin, True),
        ]
        rows += [
            (label, self._describe_quantity(unit, quantity), -amount, False)
            for label, unit, quantity, amount in self._get_costs(labels)
        ]
        return [*rows, (self.env._("Net profit"), "", self.net_profit, True)]

    def _describe_quantity(self, unit, quantity):
        if unit == "money":
            return ""
        if unit == "capital":
            return self.env._(
                "%(amount)s missing for a year",
                amount=format_amount(self.env, quantity, self.currency_id),
            )
        if unit == "hour":
            return self.env._(
                "%(hours)s hours", hours=formatLang(self.env, quantity, digits=1)
            )
        return formatLang(self.env, quantity, digits=0)

    def _render_statement(self, labels):
        row = Markup(
            '<tr><td>%s</td><td class="text-muted">%s</td>'
            '<td class="text-end"><span dir="ltr">%s</span></td></tr>'
        )
        strong = Markup("<strong>%s</strong>")
        rows = Markup("").join(
            row
            % (
                strong % label if is_sum else label,
                quantity,
                strong % self._format_profit(amount)
                if is_sum
                else self._format_profit(amount),
            )
            for label, quantity, amount, is_sum in self._get_statement_rows(labels)
        )
        return (
            Markup('<table class="table table-sm mb-0"><tbody>%s</tbody></table>')
            % rows
        )

    def _explain_profit(self, labels):
        """Sentences for people who read no statements."""
        self.ensure_one()
        if not self._is_profit_measured():
            return [
                self.env._(
                    "Not measured: nothing was sold to him and nothing was spent on "
                    "him in the window, or no loyalty run has taken place since."
                )
            ]
        costs = [row for row in self._get_costs(labels) if row[3]]
        values = {
            "revenue": self._format_profit(self.profit_revenue),
            "margin": self._format_profit(self.profit_margin),
            "serve": self._format_profit(self.cost_to_serve),
            "profit": self._format_profit(abs(self.net_profit)),
            "most": costs[0][0] if costs else "",
        }
        sentences = [
            self.env._(
                "Of %(revenue)s revenue a margin of %(margin)s is left.", **values
            )
        ]
        if costs:
            sentences.append(
                self.env._(
                    "Serving him costs %(serve)s, most of it for: %(most)s.", **values
                )
            )
        else:
            sentences.append(
                self.env._("No cost to serve him is known, or no rate is set for it.")
            )
        if self.net_profit < 0:
            sentences.append(self.env._("He costs us %(profit)s.", **values))
        else:
            sentences.append(self.env._("He earns us %(profit)s.", **values))
        if self.is_large_unprofitable:
            sentences.append(
                self.env._(
                    "He is one of the largest customers by revenue, and yet a loss: "
                    "look at prices, discounts and what serving him takes."
                )
            )
        return sentences

    def _format_profit(self, amount):
        return format_amount(self.env, amount or 0.0, self.currency_id)

    # Whale curve

    @api.model
    @api.readonly
    def get_whale(self, company_id=None):
        """The whale curve of the measured customers that the user may see.

        :param company_id: one of the user's active companies, else the current one
        :return: a dictionary for the chart; `points` has at most `WHALE_POINTS` places
            on the curve plus its peak: how many `customers` so far, their `profit`
        """
        for name in ("net_profit", "is_large_unprofitable"):
            self._check_field_access(self._fields[name], "read")
        company = self._get_pareto_company(company_id)
        query = self.with_context(active_test=False)._search(
            [("company_id", "=", company.id), ("profit_breakdown", "!=", False)]
        )
        points = self.env.execute_query_dict(self._get_whale_query(query))
        peak = max(points, key=lambda point: point["profit"], default=None)
        last = points[-1] if points else None
        large = self.search_count(
            [("company_id", "=", company.id), ("is_large_unprofitable", "=", True)]
        )
        return {
            "company": {"id": company.id, "name": company.name},
            "companies": [
                {"id": root.id, "name": root.name}
                for root in self.env.companies.root_id
            ],
            "currency_id": company.currency_id.id,
            "customers": last["customers"] if last else 0,
            "profit": last["profit"] if last else 0.0,
            "peak": max(peak["profit"], 0.0) if peak else 0.0,
            "peak_customers": peak["customers"] if peak and peak["profit"] > 0 else 0,
            "large_unprofitable": large,
            "points": points,
        }

    @api.model
    def _get_whale_query(self, query):
        """Places on the curve: the end of each group of equal size, and the peak."""
        return SQL(
            """
            SELECT place::int AS customers, running::float AS profit
              FROM (
                    SELECT place, running, total,
                           place * LEAST(total, %(points)s) / total
                               > (place - 1) * LEAST(total, %(points)s) / total
                               AS is_end,
                           place = COUNT(*) FILTER (WHERE net_profit > 0) OVER ()
                               AS is_peak
                      FROM (
                            SELECT net_profit,
                                   ROW_NUMBER() OVER best AS place,
                                   SUM(net_profit) OVER best AS running,
                                   COUNT(*) OVER () AS total
                              FROM crm_customer
                             WHERE id IN %(ids)s
                            WINDOW best AS (ORDER BY net_profit DESC, id)
                           ) placed
                   ) customer
             WHERE is_end OR is_peak
          ORDER BY place
            """,
            ids=query.subselect(),
            points=WHALE_POINTS,
        )
