from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class CrmCustomerAssign(models.TransientModel):
    """Hand customers over to an accountable person and a deputy, with the reason."""

    _name = "crm.customer.assign"
    _description = "Assign Customers"

    customer_ids = fields.Many2many("crm.customer", required=True)
    user_id = fields.Many2one(
        "res.users",
        "Accountable",
        required=True,
        domain=[("share", "=", False)],
        help="The one person who answers for these customers from now on.",
    )
    deputy_id = fields.Many2one(
        "res.users",
        "Deputy",
        domain=[("share", "=", False)],
        help="Stands in when the accountable person is away. Empty: the present one "
        "stays.",
    )
    reason = fields.Char(required=True)
    with_leads = fields.Boolean(
        "Open Leads, too",
        default=True,
        help="Hands over the open leads and opportunities that the person who answered "
        "for the customer so far holds, or nobody.",
    )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "crm.customer":
            values["customer_ids"] = [
                Command.set(self.env.context.get("active_ids", []))
            ]
        return values

    @api.constrains("user_id", "deputy_id")
    def _check_two_people(self):
        for wizard in self:
            if wizard.user_id == wizard.deputy_id:
                raise UserError(
                    self.env._(
                        "%(who)s cannot be his own deputy; choose somebody else.",
                        who=wizard.user_id.name,
                    )
                )

    def action_assign(self):
        """Hand the customers over, and their open leads where that is asked for."""
        for wizard in self:
            customers = wizard.customer_ids.with_context(crm_owner_reason=wizard.reason)
            if wizard.with_leads:
                wizard._assign_leads()
            values = {"user_id": wizard.user_id.id}
            if wizard.deputy_id:
                values["deputy_id"] = wizard.deputy_id.id
            customers.write(values)
            customers._message_log_batch(
                bodies=dict.fromkeys(
                    customers.ids,
                    self.env._(
                        "Handed over to %(who)s: %(why)s",
                        who=wizard.user_id.name,
                        why=wizard.reason,
                    ),
                )
            )
        return {"type": "ir.actions.act_window_close"}

    def _assign_leads(self):
        """Hand over what the persons so far hold, of the customers' own companies."""
        for (company, owner), customers in self.customer_ids.grouped(
            lambda customer: (customer.company_id, customer.user_id)
        ).items():
            leads = self.env["crm.lead"].search(
                [
                    ("partner_id", "child_of", customers.partner_id.ids),
                    ("company_id", "child_of", company.ids),
                    ("user_id", "in", [owner.id, False]),
                    ("stage_id.is_won", "=", False),
                ]
            )
            leads.write({"user_id": self.user_id.id})
