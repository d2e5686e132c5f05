import math

from odoo import api, models
from odoo.exceptions import UserError, ValidationError


class RowByRow(Exception):
    """Some row of a batch is faulty; which one, trying one after the other tells."""


class CrmPurchaseHistory(models.Model):
    """What a file of purchases must tell; each message names its row and its reason.

    A name that two contacts bear is refused, not guessed: a purchase that lands at the
    wrong customer is worse than one that is missing.
    """

    _inherit = "crm.purchase.history"

    @api.constrains("partner_id")
    def _check_partner_is_customer(self):
        owners = self.commercial_partner_id
        # companies and colleagues whom the user may not see are none the less ours
        ours = self.env["res.company"].sudo().search([("partner_id", "in", owners.ids)])
        colleagues = self.env["res.users"].sudo().with_context(active_test=False)
        colleagues = colleagues.search(
            [("partner_id", "in", owners.ids), ("share", "=", False)]
        )
        refused = ours.partner_id | colleagues.partner_id
        for purchase in self:
            if purchase.commercial_partner_id in refused:
                raise ValidationError(
                    self.env._(
                        "%(reference)s: %(contact)s belongs to us and is no customer.",
                        reference=purchase.reference,
                        contact=purchase.partner_id.display_name,
                    )
                )

    @api.model
    def load(self, fields, data):
        """Import rows; a customer whose name is not his alone stops the import."""
        with self.env.cr.savepoint(flush=False) as savepoint:
            result = super().load(fields, data)
            unclear = [
                message
                for message in result["messages"]
                if message["type"] == "warning" and message.get("field") == "partner_id"
            ]
            if not unclear:
                return result
            for message in unclear:
                message["type"] = "error"
                message["message"] = self.env._(
                    "%(problem)s. Use the e-mail address, the internal reference or "
                    "the tax ID instead.",
                    problem=message["message"],
                )
            savepoint.rollback()
            self.env.invalidate_all(flush=False)
        return {**result, "ids": False, "nextrow": 0}

    @api.model
    def _load_records_create(self, vals_list):
        """Create rows; an empty currency or source is the usual one.

        Odoo would blame the first row for the error of any row of a batch; of another
        kind of error it only learns that it has to try row by row.
        """
        rows = [
            {
                name: value
                for name, value in vals.items()
                if value or name not in ("currency_id", "source")
            }
            for vals in vals_list
        ]
        try:
            return super()._load_records_create(rows)
        except UserError as error:
            if len(rows) > 1 and "_import_current_module" in self.env.context:
                raise RowByRow from error
            raise

    @api.model
    def _get_import_key(self, vals):
        what = vals.get("reference") or self.env._("A purchase")
        missing = {
            "partner_id": self.env._("%(reference)s has no customer.", reference=what),
            "date": self.env._("%(reference)s has no date.", reference=what),
            "reference": self.env._("This purchase has no reference."),
        }
        for name, message in missing.items():
            if not vals.get(name):
                raise UserError(message)
        amount = vals.get("amount")
        if isinstance(amount, float) and not math.isfinite(amount):
            raise UserError(self.env._("%(reference)s has no amount.", reference=what))
        return super()._get_import_key(vals)
