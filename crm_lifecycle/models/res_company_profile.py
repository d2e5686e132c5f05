from odoo import fields, models

PROFILE = "customer_profile_definition"


class ResCompany(models.Model):
    """The attributes of the customer profile, which the lifecycle's managers define."""

    _inherit = "res.company"

    customer_profile_definition = fields.PropertiesDefinition("Customer profile")

    def write(self, vals):
        """Managers of the lifecycle may define the profile, and nothing else."""
        user = self.env.user
        if (
            set(vals) == {PROFILE}
            and not self.env.su
            and user.has_group("crm_lifecycle.group_manager")
            and self <= user.company_ids.root_id
        ):
            # settings of a company are for administrators, this one is not
            return super(ResCompany, self.sudo()).write(vals)
        return super().write(vals)
