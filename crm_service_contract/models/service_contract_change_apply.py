from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount, format_date


class ServiceContractChangeApply(models.Model):
    """Applying a change: versions, corrections of invoiced days, log and notice."""

    _inherit = "service.contract.change"

    def _apply(self):
        """Write the new versions; bill, or give back, what invoiced days differ."""
        self.ensure_one()
        self.contract_id._take_billing_turn()
        self._check_applicable()
        self.line_ids.flush_recordset()  # what it was before is computed before
        today = fields.Date.context_today(self)
        rows = self.line_ids.filtered(lambda row: row._is_changed())
        wanted, vals_list = {}, []
        for row in rows:
            # Versions and ledger are written by the change, not by rights of a user.
            line = row.line_id.sudo()
            wanted[line] = row._get_new_versions()
            vals_list += line._prepare_correction_values(
                wanted[line], self.date_from, max(self.date_from, today)
            )
        # sudo: periods and versions are the engine's; the approval is checked
        periods = self.env["service.contract.period"].sudo()
        corrections = periods._add_corrections(vals_list)
        self.env["service.contract.version"].sudo()._replace(wanted, self)
        lines = rows.line_id.sudo()
        lines.period_ids.filtered("is_reopened")._refresh()
        lines._sync_terms()
        self._close_applied(sum(vals["amount"] for vals in vals_list))
        moves = corrections._get_due()._create_moves()
        self.contract_id.sudo()._handle_moves(moves)
        self._notify_customer()
        return moves

    def _close_applied(self, amount):
        # Decisions are written by buttons alone.
        self.sudo().write(
            {
                "amount_correction": amount,
                "state": "applied",
                "approved_by_id": self.env.uid,
                "date_applied": fields.Datetime.now(),
            }
        )
        # sudo: the to-do may be a colleague's
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])

    def _check_applicable(self):
        self.ensure_one()
        contract = self.contract_id
        if contract.state != "running":
            raise UserError(
                self.env._(
                    "Contract %(contract)s is not running: its terms cannot change.",
                    contract=contract.display_name,
                )
            )
        if self.date_from < contract.date_start or (
            contract.date_end and self.date_from > contract.date_end
        ):
            raise ValidationError(
                self.env._(
                    "%(date)s lies outside contract %(contract)s.",
                    date=format_date(self.env, self.date_from),
                    contract=contract.display_name,
                )
            )
        if self.line_ids.line_id - contract.line_ids:
            raise ValidationError(
                self.env._("A change concerns lines of its own contract only.")
            )
        if self.kind == "end":
            raise UserError(
                self.env._("A contract ends by the button “Terminate” alone.")
            )
        self._check_index()
        if not any(row._is_changed() for row in self.line_ids):
            raise UserError(self.env._("Nothing changes: enter the new terms first."))

    def _check_index(self):
        if self.kind != "price" or self.price_method != "index":
            return
        if self.index_base <= 0 or self.index_value <= 0:
            raise ValidationError(
                self.env._("Both values of the index must be above zero.")
            )
        needed = ("index_name", "index_base_date", "index_date", "index_source")
        for name in needed:
            if not self[name]:
                raise ValidationError(
                    self.env._(
                        "A revision by an index needs “%(field)s”.",
                        field=self._fields[name]._description_string(self.env),
                    )
                )

    def _notify_customer(self):
        """Tell the customer, in the customer's language, what was agreed."""
        partner = self.contract_id.partner_id
        if not self.notify_customer:
            return
        change = self.with_context(lang=partner.lang or self.env.lang)
        items = Markup().join(
            Markup("<li>%s</li>") % word for word in change._get_words()
        )
        body = Markup("<p>%s</p><ul>%s</ul>") % (change._get_title(), items)
        change.contract_id.message_post(
            body=body,
            subject=change._get_title(),
            partner_ids=partner.ids,
            subtype_xmlid="mail.mt_comment",
        )

    def _get_title(self):
        return self.env._(
            "Your contract %(contract)s changes", contract=self.contract_id.display_name
        )

    # ------------------------------------------------------------------
    # The log, in words
    # ------------------------------------------------------------------
    def _get_words(self):
        """One sentence for each thing that changes, in the language of the context."""
        self.ensure_one()
        if not self.date_from:
            return []
        if self.kind == "end":
            return [
                self.env._(
                    "The contract ends on %(date)s.", date=self._day("date_from")
                )
            ]
        words = [row._get_words() for row in self.line_ids if row._is_told()]
        if self.kind == "price" and self.price_method == "index" and self.index_name:
            words.append(
                self.env._(
                    "%(index)s: %(base)s (%(base_date)s) → %(value)s (%(date)s), "
                    "source: %(where)s.",
                    index=self.index_name,
                    base=self.index_base,
                    base_date=self._day("index_base_date"),
                    value=self.index_value,
                    date=self._day("index_date"),
                    where=self.index_source or "–",
                )
            )
        if self.amount_correction:
            words.append(self._get_correction_words())
        return words

    def _get_correction_words(self):
        amount = format_amount(self.env, abs(self.amount_correction), self.currency_id)
        if self.amount_correction > 0:
            return self.env._(
                "For days already invoiced, %(amount)s is added.", amount=amount
            )
        return self.env._(
            "For days already invoiced, %(amount)s is given back.", amount=amount
        )

    def _day(self, name):
        return format_date(self.env, self[name]) if self[name] else "–"

    @api.model
    def _log_revision(self, line, first, before):
        """A line was edited by hand: an applied change, so that the log is complete."""
        quantity, price, discount = before
        # sudo: the log is the engine's; nobody writes it by hand
        return self.sudo().create(
            {
                "contract_id": line.contract_id.id,
                "kind": "quantity" if line.quantity != quantity else "price",
                "price_method": "fixed",
                "date_from": first,
                "reason": self.env._("Line edited"),
                "notify_customer": False,
                "state": "applied",
                "requested_by_id": self.env.uid,
                "approved_by_id": self.env.uid,
                "date_applied": fields.Datetime.now(),
                "line_ids": [
                    fields.Command.create(
                        {
                            "line_id": line.id,
                            "old_quantity": quantity,
                            "old_price_unit": price,
                            "old_discount": discount,
                            "quantity": line.quantity,
                            "price_unit": line.price_unit,
                            "discount": line.discount,
                        }
                    )
                ],
            }
        )

    @api.model
    def _log_end(self, contracts, date_end, reason, credits):
        amounts = {}
        for row in credits:
            amounts[row.contract_id] = amounts.get(row.contract_id, 0.0) + row.amount
        # The log is written by what happens, not by rights of a user.
        changes = self.sudo().create(
            [
                {
                    "contract_id": contract.id,
                    "kind": "end",
                    "date_from": date_end,
                    "reason": reason,
                    "state": "applied",
                    "requested_by_id": self.env.uid,
                    "approved_by_id": self.env.uid,
                    "date_applied": fields.Datetime.now(),
                }
                for contract in contracts
            ]
        )
        for change in changes:
            # sudo: the same record as the key
            change.amount_correction = amounts.get(change.contract_id.sudo(), 0.0)
