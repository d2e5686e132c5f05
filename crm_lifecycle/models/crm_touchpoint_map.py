from odoo import api, models


class CrmTouchpoint(models.Model):
    """The map: which stage is served on which channel, by whom, and where nobody is."""

    _inherit = "crm.touchpoint"

    @api.model
    @api.readonly
    def get_touchpoint_map(self):
        """Return the map of the present company as the screen draws it.

        :return: ``{"company", "can_create", "stages", "channels", "touchpoints"}``;
            stages and channels in their order, a touchpoint with the ids of its
            stages, its channel and its owner; ``owner_left`` where that one is
            archived
        """
        company = self.env.company.root_id
        stages = self.env["crm.lifecycle.stage"].search(
            [("company_id", "in", [company.id, False])]
        )
        touchpoints = self.search([("company_id", "=", company.id)])
        channels = (
            self.env["crm.channel"].search([("active", "=", True)])
            | touchpoints.channel_id
        )
        return {
            "company": {"id": company.id, "name": company.sudo().name},  # of a branch
            "can_create": self.has_access("create"),
            "stages": [{"id": stage.id, "name": stage.name} for stage in stages],
            "channels": [
                {"id": channel.id, "name": channel.name, "icon": channel.icon}
                for channel in channels.sorted()
            ],
            "touchpoints": [point._prepare_map_values() for point in touchpoints],
        }

    def _prepare_map_values(self):
        self.ensure_one()
        owner = self.sudo().owner_id  # the name of a colleague
        return {
            "id": self.id,
            "name": self.name,
            "stage_ids": self.stage_ids.ids,
            "channel_id": self.channel_id.id,
            "owner_id": owner.id,
            "owner": owner.name,
            "owner_left": not owner.active,
            "direction": self.direction,
            "interactions": self.interaction_count,
        }
