from odoo import Command, api, fields, models
from odoo.exceptions import UserError

INVITATION = "survey.mail_template_user_input_invite"


class CrmProcessAsk(models.TransientModel):
    """Ask customers which processes matter to them: a segment, or chosen contacts.

    Whoever has no address or does not want mail is left out, and counted.
    """

    _name = "crm.process.ask"
    _description = "Ask Customers about Processes"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        domain=[("parent_id", "=", False)],
    )
    segment_id = fields.Many2one(
        "crm.segment", domain="[('company_id', '=', company_id)]"
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Contacts",
        help="Instead of a segment, or besides it.",
    )
    deadline = fields.Date(
        "Answer until",
        default=lambda self: fields.Date.add(fields.Date.today(), days=21),
    )
    recipient_ids = fields.Many2many("res.partner", compute="_compute_recipients")
    recipient_count = fields.Integer("Asked", compute="_compute_recipients")
    refused_count = fields.Integer("Left out", compute="_compute_recipients")
    process_count = fields.Integer("Processes", compute="_compute_process_count")

    @api.depends("company_id", "segment_id", "partner_ids")
    def _compute_recipients(self):
        for wizard in self:
            partners = wizard.segment_id._get_customers().partner_id
            partners |= wizard.partner_ids._origin
            # the ledger of the company that asks; a branch user lacks the root
            register = self.env["crm.process"].with_company(wizard.company_id.sudo())
            asked = register._get_survey_recipients(partners)
            wizard.recipient_ids = asked
            wizard.recipient_count = len(asked)
            wizard.refused_count = len(partners) - len(asked)

    @api.depends("company_id")
    def _compute_process_count(self):
        for wizard in self:
            wizard.process_count = self.env["crm.process"].search_count(
                [("company_id", "=", wizard.company_id.id)]
            )

    def action_send(self):
        """Send the invitation of Odoo's survey to everybody who may be asked."""
        self._get_invitation().action_invite()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(count)s customers are asked.", count=self.recipient_count
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_open_invitation(self):
        """Open Odoo's own invitation, to change its text before it is sent."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask Customers"),
            "res_model": "survey.invite",
            "view_mode": "form",
            "target": "new",
            "res_id": self._get_invitation().id,
        }

    def _get_invitation(self):
        """Return Odoo's invitation for the recipients.

        :raise UserError: when nobody can be asked, or about nothing
        """
        self.ensure_one()
        if not self.process_count:
            raise UserError(self.env._("Register a process before you ask about it."))
        if not self.recipient_ids:
            raise UserError(
                self.env._(
                    "None of these customers can be asked: they have no mail address, "
                    "or do not want to be written to."
                )
            )
        # who keeps the register need not have rights in surveys
        survey = self.company_id.sudo()._get_process_survey()
        survey = survey.with_company(self.company_id.sudo())  # by its ledger
        deadline = self.deadline and fields.Datetime.to_datetime(self.deadline)
        return survey.env["survey.invite"].create(
            {
                "survey_id": survey.id,
                "template_id": self.env.ref(INVITATION).id,
                "partner_ids": [Command.set(self.recipient_ids.ids)],
                "existing_mode": "new",
                "deadline": deadline and fields.Datetime.add(deadline, days=1),
                "author_id": self.env.user.partner_id.id,
            }
        )
