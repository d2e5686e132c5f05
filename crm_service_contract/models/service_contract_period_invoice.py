from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL, format_date, groupby


class ServiceContractPeriodInvoice(models.Model):
    """From rows of the ledger to invoices, and back: each row knows its line."""

    _inherit = "service.contract.period"

    def _create_moves(self):
        """Draft invoices and credit notes of all these periods, in one batch a company.

        Periods that are due on one day share an invoice, those of one contract, or of
        all contracts of a customer where the company wants it so.
        """
        moves = self.env["account.move"].with_context(tracking_disable=True)
        created = moves
        for company, periods in self.grouped("company_id").items():
            created |= moves.with_company(company).create(
                periods.with_company(company)._prepare_moves_values()
            )
        self._link_lines(created)
        created._tell_locked_dates()
        return self.env["account.move"].browse(created.ids)

    def _prepare_moves_values(self):
        def key(period):
            return (*period.contract_id._get_invoice_key(), period._get_move_key())

        ordered = self.sorted(
            lambda p: (key(p), p.contract_id.id, p.line_id.sequence, p.line_id.id, p.id)
        )
        values_list = [
            self.browse(period.id for period in group)._prepare_move_values()
            for _key, group in groupby(ordered, key)
        ]
        opened = self._get_opened_dates()
        for values in values_list:
            values.update(opened[values["invoice_date"]])
        return values_list

    def _get_opened_dates(self):
        """An invoice keeps its date; in a locked period it is entered on the first open
        day. Values of invoices by due day."""
        company, journals = self.company_id[:1], self.env["account.journal"]
        domain = journals._check_company_domain(company)
        journal = journals.search([*domain, ("type", "=", "sale")], limit=1)
        opened = {}
        for day in set(self.mapped("date_due")):
            locked = company._get_violated_lock_dates(day, True, journal)
            first = fields.Date.add(locked[-1][0], days=1) if locked else None
            opened[day] = {"date": first} if first else {}
        return opened

    def _get_move_key(self):
        return self.date_due, self.amount < 0

    def _prepare_move_values(self):
        """One invoice, or a credit note where the amounts are negative."""
        contracts = self.contract_id
        contract = contracts[0]
        lang = contract.partner_id.lang or self.env.lang
        values = contract.with_context(lang=lang)._prepare_move_values(
            self[0].date_due, contracts
        )
        lines = []
        for contract, periods in (
            self.with_context(lang=lang).grouped("contract_id").items()
        ):
            if len(contracts) > 1:
                lines.append(contract._prepare_invoice_section_values())
            lines += [period._prepare_invoice_line_values() for period in periods]
        values["invoice_line_ids"] = [Command.create(line) for line in lines]
        if self[0].amount < 0:
            values.update(self._prepare_credit_values())
        return values

    def _prepare_credit_values(self):
        """A credit note; of one posted invoice, where it gives back a part of that."""
        billed = self.search(
            [
                ("line_id", "in", self.line_id.ids),
                ("kind", "=", "charge"),
                ("date_from", "<=", max(self.mapped("date_to"))),
                ("date_to", ">=", min(self.mapped("date_from"))),
            ]
        ).move_line_id.move_id
        origin = billed.filtered(lambda move: move.state == "posted")
        return {
            "move_type": "out_refund",
            "reversed_entry_id": origin.id
            if len(origin) == 1 == len(billed)
            else False,
        }

    def _prepare_invoice_line_values(self):
        """A whole period bears price and discount, a part one exact amount."""
        line = self.line_id
        values = {
            "product_id": line.product_id.id,
            "quantity": self.quantity,
            "price_unit": self.price_unit,
            "discount": self.discount,
            "tax_ids": [Command.set(line.tax_ids.ids)],
            "service_period_id": self.id,
            "name": self._get_invoice_text(),
        }
        if self.kind != "charge":
            return {**values, "price_unit": abs(self.amount), "quantity": 1.0}
        if not self.is_measured and self.days != self.whole_days and self.quantity:
            # Odoo does not round unit prices: times the quantity it is the amount.
            values["price_unit"] = self.amount / self.quantity
            values["discount"] = 0.0
        return values

    def _get_invoice_text(self):
        line = self.line_id
        rows = [line.name or line.product_id.display_name, self._get_range()]
        if self.kind == "credit":
            rows.append(self.env._("Credit for days already invoiced"))
        elif self.kind == "adjustment":
            rows.append(self.env._("Difference to what was invoiced"))
        if self.days != self.whole_days and not self.is_measured:
            rows.append(
                self.env._(
                    "%(days)s of %(whole)s days", days=self.days, whole=self.whole_days
                )
            )
        return "\n".join(rows)

    def _link_lines(self, moves):
        """Close the periods, each with its invoice line, by one statement."""
        self.flush_recordset()
        moves.invoice_line_ids.flush_recordset(["service_period_id"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE service_contract_period period
                   SET state = 'billed', is_reopened = FALSE, move_line_id = line.id
                  FROM account_move_line line
                 WHERE line.service_period_id = period.id
                   AND line.move_id = ANY(%s) AND period.id = ANY(%s)
                """,
                moves.ids,
                self.ids,
            )
        )
        names = ["state", "is_reopened", "move_line_id"]
        self.invalidate_recordset(names)
        self.modified(names)

    def _add_corrections(self, vals_list):
        """Make correction rows; one not invoiced yet takes up the new amount."""
        made = self.browse()
        stored = {
            (row.line_id.id, row.date_from, row.kind): row
            for row in self.search(
                [
                    ("line_id", "in", [vals["line_id"] for vals in vals_list]),
                    ("kind", "!=", "charge"),
                ]
            )
        }
        new = []
        for vals in vals_list:
            found = stored.get((vals["line_id"], vals["date_from"], vals["kind"]))
            if not found:
                new.append(vals)
                continue
            if found.state != "to_bill" or found.is_reopened:
                raise UserError(
                    self.env._(
                        "“%(line)s” has been corrected from %(date)s on already, and "
                        "that is invoiced: choose another day.",
                        line=found.product_id.display_name,
                        date=format_date(self.env, found.date_from),
                    )
                )
            amount = found.amount + vals["amount"]
            found.write({"amount": amount, "price_unit": amount})
            made |= found
        return made | self.create(new)

    def _get_due(self):
        """Corrections that nobody has to confirm, and that are due today."""
        today = fields.Date.context_today(self)
        return self.filtered(
            lambda p: p.state == "to_bill" and not p.is_reopened and p.date_due <= today
        )
