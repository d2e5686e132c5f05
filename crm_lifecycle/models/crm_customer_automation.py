import logging
from collections import defaultdict

from psycopg2.errors import OperationalError

from odoo import api, models

_logger = logging.getLogger(__name__)

TRIGGERS = ("on_stage_set", "on_create_or_write", "on_write")
"""Triggers of Odoo's automation rules that a changed stage sets off."""


class CrmCustomer(models.Model):
    """Odoo's automation rules follow moves of the engine as they follow a person's.

    The engine moves customers by SQL, past ``write``, which Odoo watches. So the
    automations that watch the stage are run here: filters before and after, actions and
    webhooks. One that fails is rolled back and logged; the others, and the pass, go
    on. The module base_automation need not be installed.
    """

    _inherit = "crm.customer"

    def write(self, vals):
        """Odoo runs the automations of a person's write by itself."""
        return super(CrmCustomer, self.with_context(crm_stage_by_write=True)).write(
            vals
        )

    @api.model_create_multi
    def create(self, vals_list):
        model = self.with_context(crm_stage_by_write=True)
        return super(CrmCustomer, model).create(vals_list)

    def _on_stage_changed(self, old):
        result = super()._on_stage_changed(old)
        if "base.automation" in self.env and not self.env.context.get(
            "crm_stage_by_write"
        ):
            moved = self.filtered(lambda customer: customer.id in old)
            if moved:
                moved._run_automations(old)
        return result

    def _run_automations(self, old):
        """Run what Odoo would have run if a person had moved the customers."""
        automations = self.env["base.automation"]._get_actions(self, TRIGGERS)
        watched = self.env["ir.model.fields"]._get(self._name, "stage_id")
        automations = automations.filtered(
            lambda automation: (
                not automation.sudo().trigger_field_ids  # settings, for the engine
                or watched in automation.sudo().trigger_field_ids
            )
        )
        if not automations:
            return
        Stage = self.env["crm.lifecycle.stage"]
        values = {
            customer_id: {"stage_id": Stage.browse(stage_id)}
            for customer_id, stage_id in old.items()
        }
        customers = self.with_env(automations.env)
        for automation in automations.with_context(old_values=values):
            customers._run_automation(automation, old)

    def _run_automation(self, automation, old):
        """Run one automation for the customers that its filters let through."""
        try:
            with self.env.cr.savepoint():
                before = self._filter_before(automation, old)
                ready, domain = automation._filter_post_export_domain(
                    before, feedback=True
                )
                automation._process(ready, domain_post=domain)
                self.env.flush_all()
        except OperationalError:
            raise  # another transaction was faster: the whole chunk is tried again
        except Exception:
            # whatever a person wrote into an automation must not stop the engine
            self.env.invalidate_all(flush=False)
            _logger.exception(
                "The automation %s failed for customers moved by rules",
                automation.sudo().display_name,
            )

    def _filter_before(self, automation, old):
        """Return those who met the filter before the move, when they were elsewhere.

        The former stage is put back in the cache, nowhere else, while the filter looks.
        """
        # sudo: whoever moves a customer need not read automations
        if not automation.sudo().filter_pre_domain:
            return self
        by_stage = defaultdict(self.browse)
        for customer in self:
            by_stage[old[customer.id]] += customer
        field = self._fields["stage_id"]
        present = {customer: customer.stage_id.id for customer in self}
        for stage_id, customers in by_stage.items():
            field._update_cache(customers, stage_id)
        try:
            return automation._filter_pre(self, feedback=True)
        finally:
            for customer, stage_id in present.items():
                field._update_cache(customer, stage_id)
