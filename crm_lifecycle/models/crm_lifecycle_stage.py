from odoo import api, fields, models
from odoo.exceptions import UserError

ENTRY_CODE = "identify"
LOST_CODE = "lost"


class CrmLifecycleStage(models.Model):
    """A step of the customer's life with the company.

    The codes identify, select, acquire, develop, retain and lost are shipped and
    shared by all companies; a company may add stages of its own.
    """

    _name = "crm.lifecycle.stage"
    _description = "Lifecycle Stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Stable name for rules and integrations.")
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        ondelete="cascade",
        domain=[("parent_id", "=", False)],
        help="Empty: the stage belongs to all companies.",
    )
    fold = fields.Boolean("Folded on the board")
    color = fields.Integer()
    description = fields.Text(translate=True)
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))",
        "A stage with this code exists in this company.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_entry(self):
        if any(stage.code == ENTRY_CODE and not stage.company_id for stage in self):
            raise UserError(
                self.env._("New customers enter in this stage; it cannot be deleted.")
            )

    @api.model
    def _get_entry_stages(self, company_ids):
        """Return {root company id: id of the stage in which its customers start}."""
        stages = self.sudo().with_context(active_test=False)  # settings, not data
        stages = stages.search([("company_id", "in", [*company_ids, False])])
        entries = stages.filtered(lambda stage: stage.code == ENTRY_CODE) or stages[:1]
        shared = entries.filtered(lambda stage: not stage.company_id)[:1]
        return {
            company_id: (
                entries.filtered(lambda s, c=company_id: s.company_id.id == c)[:1]
                or shared
            ).id
            for company_id in company_ids
        }

    @api.model
    def _get_lost_stages(self):
        """Return the stages of all companies that say a customer is lost."""
        stages = self.sudo().with_context(active_test=False)  # settings, not data
        return stages.search([("code", "=", LOST_CODE)])
