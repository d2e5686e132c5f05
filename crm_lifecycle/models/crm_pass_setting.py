from odoo import api, models


class CrmPassSetting(models.AbstractModel):
    """A setting by which all customers are judged: a change has them judged again."""

    _name = "crm.pass.setting"
    _description = "Setting of the Pass"

    _quiet_fields = frozenset()
    """Fields whose change judges nobody differently."""

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self._queue_pass()
        return records

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys() <= self._quiet_fields:
            self._queue_pass()
        return result

    def unlink(self):
        result = super().unlink()
        self._queue_pass()
        return result

    @api.model
    def _queue_pass(self):
        """Have all customers judged again, soon and outside this transaction."""
        cron = self.env.ref("crm_lifecycle.ir_cron_refresh", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()  # a manager of the lifecycle is no cron manager
