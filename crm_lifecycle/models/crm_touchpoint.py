from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmTouchpoint(models.Model):
    """A point at which customers and the company meet: on a channel, in some stages.

    The hotline, the web form, the fair, the invoice mail. Somebody owns each of them;
    the map of stages and channels shows where nobody waits for the customer.
    """

    _name = "crm.touchpoint"
    _description = "Touchpoint"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    channel_id = fields.Many2one(
        "crm.channel",
        required=True,
        index=True,
        ondelete="restrict",
        help="The way by which customer and company meet here.",
    )
    stage_ids = fields.Many2many(
        "crm.lifecycle.stage",
        string="Stages",
        help="Lifecycle stages in which customers come here, or we come to them.",
    )
    owner_id = fields.Many2one(
        "res.users",
        "Owner",
        required=True,
        index=True,
        domain=[("share", "=", False)],
        default=lambda self: self.env.user,
        help="The colleague who answers for what customers experience here.",
    )
    direction = fields.Selection(
        [
            ("in", "The customer comes to us"),
            ("out", "We go to the customer"),
            ("both", "Both ways"),
        ],
        required=True,
        default="both",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company.root_id,
        domain=[("parent_id", "=", False)],
    )
    address = fields.Char(
        help="Where it is: a phone number, an e-mail address, a web page, a place.",
    )
    description = fields.Html(
        help="What the customer wants here, and how we want him to leave.",
    )
    interaction_count = fields.Integer(
        "Interactions",
        compute="_compute_usage",
        help="Interactions of the last twelve months that were noted down here.",
    )
    last_used = fields.Datetime(compute="_compute_usage")

    @api.depends_context("uid")
    def _compute_usage(self):
        since = fields.Datetime.subtract(fields.Datetime.now(), years=1)
        groups = self.env["crm.interaction"]._read_group(
            [("touchpoint_id", "in", self.ids), ("date", ">=", since)],
            ["touchpoint_id"],
            ["__count", "date:max"],
        )
        usage = {touchpoint.id: rest for touchpoint, *rest in groups}
        for touchpoint in self:
            count, last = usage.get(touchpoint.id, (0, False))
            touchpoint.interaction_count = count
            touchpoint.last_used = last

    @api.constrains("company_id", "owner_id", "stage_ids")
    def _check_company(self):
        for touchpoint in self.sudo():  # the owner may work where the user does not
            company = touchpoint.company_id
            if company not in touchpoint.owner_id.company_ids.root_id:
                raise ValidationError(
                    self.env._(
                        "%(who)s does not work in %(company)s.",
                        who=touchpoint.owner_id.name,
                        company=company.name,
                    )
                )
            for stage in touchpoint.stage_ids:
                if stage.company_id and stage.company_id.root_id != company:
                    raise ValidationError(
                        self.env._(
                            "The stage %(stage)s belongs to another company.",
                            stage=stage.name,
                        )
                    )

    def action_view_interactions(self):
        """Open the interactions that were noted down here."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Interactions at %(point)s", point=self.name),
            "res_model": "crm.interaction",
            "view_mode": "list,form,pivot",
            "domain": [("touchpoint_id", "=", self.id)],
            "context": {
                "default_touchpoint_id": self.id,
                "default_channel_id": self.channel_id.id,
            },
        }
