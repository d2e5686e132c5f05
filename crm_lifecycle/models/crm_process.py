from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

SALES = "sales_team.group_sale_salesman"


class CrmProcess(models.Model):
    """A process that customers meet: quoting, delivering, invoicing, complaints.

    None is without an owner. How much it matters to customers is asked in a survey and
    never typed in (crm_process_measured.py); times the effect on the company's goals,
    which the owner judges with a reason, this is the priority.
    """

    _name = "crm.process"
    _description = "Customer-Facing Process"
    _inherit = ["crm.root.owned"]
    _order = "rank, dissatisfaction desc nulls last, sequence, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    owner_id = fields.Many2one(
        help="Answers for the process from end to end, across all teams."
    )
    description = fields.Html(
        translate=True, help="Where it begins, where it ends, what the customer sees."
    )
    partner_ids = fields.Many2many(
        "res.partner",
        "crm_process_partner_rel",
        "process_id",
        "partner_id",
        "Affected partners and suppliers",
        help="Carriers, dealers, suppliers: whoever has to go along with a change.",
    )
    effect_ids = fields.One2many("crm.process.effect", "process_id", "Judged effects")
    action_ids = fields.One2many("crm.process.action", "process_id", "Change actions")
    handover_ids = fields.One2many("crm.process.handover", "process_id", "Handovers")
    review_ids = fields.One2many("crm.process.review", "process_id", "Reviews")

    @api.constrains("owner_id")
    def _check_owner_rights(self):
        for process in self:
            if not process.owner_id.has_group(SALES):
                raise ValidationError(
                    self.env._(
                        "%(who)s could not see the process: an owner needs rights in "
                        "sales.",
                        who=process.owner_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_measured(vals)
        processes = super().create(vals_list)
        processes._sync_surveys()
        processes._refresh_scores()
        return processes

    def write(self, vals):
        self._check_measured(vals)
        if "company_id" in vals and self.company_id.ids != [vals["company_id"]]:
            raise UserError(self.env._("A process stays in its company."))
        result = super().write(vals)
        if vals.keys() & {"name", "active", "sequence"}:
            self._sync_surveys()
        if vals.keys() & {"active", "rating_model_ids"}:
            self._refresh_scores()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked(self):
        # whether there are answers, not which
        answers = self.env["crm.process.answer"].sudo()
        if answers.search_count([("process_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "Customers have given answers about this process; archive it "
                    "instead."
                )
            )
        # a row of the survey without its process would only puzzle customers
        self.env["survey.question.answer"].sudo().search(
            [("crm_process_id", "in", self.ids)]
        ).unlink()
