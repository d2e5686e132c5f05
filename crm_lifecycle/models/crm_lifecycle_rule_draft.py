from odoo import fields, models
from odoo.exceptions import UserError


class CrmLifecycleRule(models.Model):
    """Rules are tried before they are switched on, and changed as drafts.

    A rule that a manager makes on the screen starts switched off. A rule that is on is
    not changed in place there: a draft of the change is tried and then takes its place,
    so that the history goes on naming the rule that acted.
    """

    _inherit = "crm.lifecycle.rule"

    here_count = fields.Integer(
        "Customers put there",
        compute="_compute_here_count",
        help="Customers who are in the stage today because of this rule.",
    )

    def _compute_here_count(self):
        groups = self.env["crm.lifecycle.history"]._read_group(
            [("rule_id", "in", self.ids), ("date_to", "=", False)],
            ["rule_id"],
            ["__count"],
        )
        counts = {rule.id: count for rule, count in groups}
        for rule in self:
            rule.here_count = counts.get(rule.id, 0)

    def action_view_customers(self):
        """Open the customers who are where they are because of this rule."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Put there by %(rule)s", rule=self.name),
            "res_model": "crm.customer",
            "view_mode": "list,form",
            "domain": [
                (
                    "history_ids",
                    "any",
                    [("rule_id", "=", self.id), ("date_to", "=", False)],
                )
            ],
        }

    def action_try(self):
        """Open what switching the rule on would do; nothing is changed."""
        self.ensure_one()
        trial = self.env["crm.lifecycle.rule.try"].create({"rule_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What would “%(rule)s” do?", rule=self.name),
            "res_model": trial._name,
            "res_id": trial.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_switch_on(self):
        """Let the rule decide from now on, in place of the one that it replaces."""
        for rule in self:
            replaced = rule.replaces_id
            rule.write({"active": True, "replaces_id": False})
            replaced.active = False
        return True

    def action_switch_off(self):
        """Let the rule decide no more; the other rules place its customers."""
        self.active = False
        return True

    def action_draft_change(self):
        """Open a copy that can be changed and tried while this rule goes on."""
        self.ensure_one()
        draft = self.with_context(active_test=False).search(
            [("replaces_id", "=", self.id), ("active", "=", False)], limit=1
        )
        if not draft:
            draft = self.copy({"active": False, "replaces_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "view_mode": "form",
        }

    def action_copy_shared(self):
        """Give the present company rules of its own: a copy of the shared ones.

        They start switched on, so that nobody moves; from then on the company follows
        them alone.

        :raise UserError: when the company has rules of its own
        """
        company = self.env.company.sudo().root_id  # a branch user lacks the root
        every = self.with_context(active_test=False)
        if every.search_count([("company_id", "=", company.id)]):
            raise UserError(
                self.env._(
                    "%(company)s has rules of its own already.", company=company.name
                )
            )
        for rule in self.search([("company_id", "=", False)]):
            rule.copy({"company_id": company.id})
        return {"type": "ir.actions.client", "tag": "soft_reload"}
