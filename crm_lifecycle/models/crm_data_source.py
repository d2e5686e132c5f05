from odoo import fields, models
from odoo.tools import SQL


class CrmDataSource(models.Model):
    """A system, list or person that data on customers come from: the source register.

    What is imported names its source and its reference there; a reference that is
    known already is never imported twice.
    """

    _name = "crm.data.source"
    _description = "Source of Data"
    _order = "name, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="A short name; import files may use it.")
    system = fields.Char(help="Program and version, or where the list comes from.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        ondelete="cascade",
        domain=[("parent_id", "=", False)],
        help="Empty: for every company.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        ondelete="set null",
        domain=[("share", "=", False)],
        help="Who answers for what comes from there.",
    )
    legal_basis = fields.Selection(
        [
            ("contract", "Contract with the person"),
            ("consent", "Consent of the person"),
            ("interest", "Legitimate interest"),
            ("duty", "Legal duty"),
            ("public", "Publicly available"),
        ],
        help="What allows us to have these data.",
    )
    note = fields.Text("Remarks")
    last_import = fields.Datetime(readonly=True)
    contact_count = fields.Integer("Contacts", compute="_compute_counts")
    interaction_count = fields.Integer("Interactions", compute="_compute_counts")
    stage_count = fields.Integer("Past Stages", compute="_compute_counts")

    _code_unique = models.UniqueIndex("(code)", "A source with this code exists.")

    def _compute_counts(self):
        for name, model in (
            ("contact_count", "crm.source.reference"),
            ("interaction_count", "crm.interaction"),
            ("stage_count", "crm.stage.import"),
        ):
            groups = self.env[model]._read_group(
                [("source_id", "in", self.ids)], ["source_id"], ["__count"]
            )
            counts = {source.id: count for source, count in groups}
            for source in self:
                source[name] = counts.get(source.id, 0)

    def action_view_contacts(self):
        """Open the contacts that came from this source."""
        return self._view(
            "res.partner", [("crm_source_reference_ids.source_id", "in", self.ids)]
        )

    def action_view_interactions(self):
        """Open the interactions that came from this source."""
        return self._view("crm.interaction", [("source_id", "in", self.ids)])

    def action_view_stages(self):
        """Open the past stages that came from this source."""
        return self._view("crm.stage.import", [("source_id", "in", self.ids)])

    def _view(self, model, domain):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": model,
            "view_mode": "list,form",
            "domain": domain,
        }

    def _note_import(self):
        """Remember that records of these sources have just been imported."""
        if self.ids:
            # who imports need not be allowed to change the register
            self.env.cr.execute(
                SQL(
                    "UPDATE crm_data_source SET last_import = %s WHERE id IN %s",
                    fields.Datetime.now(),
                    tuple(self.ids),
                )
            )
            self.invalidate_recordset(["last_import"], flush=False)
