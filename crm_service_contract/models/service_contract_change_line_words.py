from odoo import models
from odoo.tools import format_amount, formatLang


class ServiceContractChangeLineWords(models.Model):
    """What happens to a line, as the customer reads it."""

    _inherit = "service.contract.change.line"

    def _is_told(self):
        if self.kind in ("pause", "resume"):
            return True
        return (self.quantity, self.price_unit, self.discount) != (
            self.old_quantity,
            self.old_price_unit,
            self.old_discount,
        )

    def _get_words(self):
        change = self.change_id
        values = {"what": self.product_id.name, "date": change._day("date_from")}
        if change.kind == "pause" and change.date_to:
            return self.env._(
                "%(what)s: paused from %(date)s to %(last)s, nothing is billed for "
                "these days.",
                **values,
                last=change._day("date_to"),
            )
        if change.kind == "pause":
            return self.env._(
                "%(what)s: paused from %(date)s on, nothing is billed.", **values
            )
        if change.kind == "resume":
            return self.env._("%(what)s: goes on from %(date)s.", **values)
        values.update(self._get_amount_words())
        if change.kind == "quantity":
            return self.env._(
                "%(what)s: quantity %(old)s → %(new)s from %(date)s, %(before)s → "
                "%(after)s per period.",
                **values,
                old=self._number(self.old_quantity),
                new=self._number(self.quantity),
            )
        return self.env._(
            "%(what)s: price %(old)s → %(new)s from %(date)s, %(before)s → %(after)s "
            "per period.",
            **values,
            old=format_amount(self.env, self.old_price_unit, self.currency_id),
            new=format_amount(self.env, self.price_unit, self.currency_id),
        )

    def _get_amount_words(self):
        line = self.line_id
        before = line._get_amount(
            self.old_quantity, self.old_price_unit, self.old_discount
        )
        after = line._get_amount(self.quantity, self.price_unit, self.discount)
        return {
            "before": format_amount(self.env, float(before), self.currency_id),
            "after": format_amount(self.env, float(after), self.currency_id),
        }

    def _number(self, value):
        digits = 0 if value == int(value) else 2
        return formatLang(self.env, value, digits=digits)
