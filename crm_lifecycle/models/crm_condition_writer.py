from odoo import api, models
from odoo.exceptions import AccessError


class CrmConditionWriter(models.AbstractModel):
    """A condition on customers asks only for what the person who writes it may read.

    The engine applies conditions with all rights. So a person could learn from who
    matches what a class of information hides from him, if he may write it in there.
    This is no constraint: Odoo checks constraints with all rights, too.
    """

    _name = "crm.condition.writer"
    _description = "Conditions by People"

    _condition_fields = frozenset(("domain",))
    """Fields whose change lets another condition hold."""

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._check_writer()
        return records

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & self._condition_fields:
            self._check_writer()
        return result

    def _check_writer(self):
        """Refuse conditions over fields that are hidden from the user.

        :raise AccessError: with what he may not ask for
        """
        if self.env.su:
            return
        Customer = self.env["crm.customer"]
        for record in self:
            try:
                Customer._search(record._get_written_condition())
            except AccessError as error:
                raise AccessError(
                    self.env._(
                        "The condition of %(name)s asks for something that you may "
                        "not see. Choose other fields, or ask somebody who may see "
                        "it.\n%(why)s",
                        name=record.display_name,
                        why=error,
                    )
                ) from error

    def _get_written_condition(self):
        """Return the condition on customers as a checked Domain."""
        return self._parse_domain()
