from odoo import models
from odoo.tools import formatLang


class ServiceContractLinePortal(models.Model):
    _inherit = "service.contract.line"

    def _get_portal_values(self):
        contract = self.contract_id
        end = self._get_end()
        return {
            "name": self.product_id.name,
            "description": self._get_portal_description(),
            "quantity": self._format_number(self.quantity),
            "price": contract._format_amount(self.price_unit),
            "discount": self._format_number(self.discount) if self.discount else "",
            "subtotal": contract._format_amount(self.price_subtotal),
            "taxes": ", ".join(self.tax_ids.filtered("amount").mapped("name")),
            "rhythm": self._get_rhythm(),
            "dates": contract._format_date(self.date_start)
            + (f" – {contract._format_date(end)}" if end else ""),
            "next": self._get_portal_next(),
        }

    def _format_number(self, value):
        digits = 0 if value == int(value) else 2
        return formatLang(self.env, value, digits=digits)

    def _get_portal_next(self):
        if not self.next_period_from or self.contract_id.state == "terminated":
            return ""
        first = self.contract_id._format_date(self.next_period_from)
        return f"{first} – {self.contract_id._format_date(self.next_period_to)}"

    def _get_portal_description(self):
        """The text below the product's name, without repeating that name."""
        text = (self.name or "").strip()
        for prefix in (self.product_id.display_name, self.product_id.name):
            text = text.removeprefix(prefix).strip()
        return text

    def _get_rhythm(self):
        """For example: every 3 months, in advance."""
        if self.recurring_interval == 1:
            labels = {
                "day": self.env._("daily"),
                "week": self.env._("weekly"),
                "month": self.env._("monthly"),
                "quarter": self.env._("quarterly"),
                "year": self.env._("yearly"),
            }
        else:
            count = self.recurring_interval
            labels = {
                "day": self.env._("every %(count)s days", count=count),
                "week": self.env._("every %(count)s weeks", count=count),
                "month": self.env._("every %(count)s months", count=count),
                "quarter": self.env._("every %(count)s quarters", count=count),
                "year": self.env._("every %(count)s years", count=count),
            }
        rhythm = labels[self.recurring_rule_type]
        if self.billing_mode == "pre":
            return self.env._("%(rhythm)s, in advance", rhythm=rhythm)
        return self.env._("%(rhythm)s, in arrears", rhythm=rhythm)
