from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..lib.past import prepend


class CrmStageImport(models.Model):
    """A stage that a customer was in before Odoo, from another system.

    Imported rows are laid before the history that Odoo knows, without gap or overlap:
    either all rows of a file come in, or none, and each row that does not fit is told.
    """

    _name = "crm.stage.import"
    _description = "Past Stage"
    _inherit = ["crm.import.known"]
    _order = "partner_id, date_from, id"
    _rec_name = "partner_id"
    _import_refuses_changes = True

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company.root_id,
        domain=[("parent_id", "=", False)],
    )
    customer_id = fields.Many2one(
        "crm.customer", "Customer Record", readonly=True, index=True, ondelete="cascade"
    )
    stage_id = fields.Many2one(
        "crm.lifecycle.stage",
        required=True,
        ondelete="restrict",
        help="By its name or its code.",
    )
    date_from = fields.Datetime("Entered", required=True)
    date_to = fields.Datetime("Left", help="Empty: until the next stage began.")
    reason = fields.Char(help="Why the customer came into this stage.")
    source_id = fields.Many2one(
        "crm.data.source", required=True, index=True, ondelete="restrict"
    )
    history_id = fields.Many2one(
        "crm.lifecycle.history",
        "In the History",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    state = fields.Selection(
        [("draft", "Waiting"), ("done", "In the history")],
        required=True,
        readonly=True,
        default="draft",
    )

    _entered_unique = models.UniqueIndex(
        "(company_id, partner_id, date_from)",
        "This customer entered a stage at this moment already.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Make rows that wait; they are about the commercial entity."""
        Partner = self.env["res.partner"]
        for vals in vals_list:
            if vals.get("partner_id"):
                owner = Partner.browse(vals["partner_id"]).commercial_partner_id
                vals["partner_id"] = owner.id
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_done(self):
        if any(row.state == "done" for row in self):
            raise UserError(
                self.env._("Stages that stand in the history cannot be deleted here.")
            )

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Import Template for Past Stages"),
                "template": "/crm_lifecycle/static/import/stages.csv",
            }
        ]

    @api.model
    def load(self, fields, data):
        """Import, and lay the rows into the history; all of them or none."""
        savepoint = self.env.cr.savepoint()
        with savepoint:
            result = super().load(fields, data)
            rows = self.browse(result.get("ids") or [])
            problems = rows._lay_into_history()
            if problems:
                savepoint.rollback()
                messages = self._to_messages(rows, problems)
                return {"ids": False, "messages": messages, "nextrow": 0}
            rows.source_id._note_import()
        return result

    def action_apply(self):
        """Lay rows that were made by hand into the history.

        :raise UserError: that names the rows which do not fit
        """
        problems = self._lay_into_history()
        if problems:
            raise UserError("\n".join(problems.values()))
        return True

    @api.model
    def _to_messages(self, rows, problems):
        numbers = {row_id: number for number, row_id in enumerate(rows.ids)}
        return [
            {
                "type": "error",
                "message": message,
                "rows": {"from": numbers[row_id], "to": numbers[row_id]},
                "record": numbers[row_id],
            }
            for row_id, message in problems.items()
        ]

    def _lay_into_history(self):
        """Write the waiting rows as intervals before the known history.

        :return: {id of a row: why it does not fit}; then nothing was written
        """
        waiting = self.filtered(lambda row: row.state == "draft")
        if not waiting:
            return {}
        customers = waiting._get_customers()
        starts = self._get_starts(customers)
        groups = defaultdict(self.browse)
        for row in waiting:
            groups[customers[row.company_id.id, row.partner_id.id]] |= row
        intervals, problems = [], {}
        for customer_id, rows in groups.items():
            laid, wrong = prepend(
                [(row.id, row.date_from, row.date_to or None) for row in rows],
                starts[customer_id],
            )
            intervals += [(customer_id, *interval) for interval in laid]
            problems.update({row_id: (kind, at) for row_id, kind, at in wrong})
        if problems:
            return {
                row_id: self.browse(row_id)._explain(kind, at)
                for row_id, (kind, at) in problems.items()
            }
        self._write_intervals(intervals)
        return {}

    def _get_customers(self):
        """Return {(company id, contact id): customer id}; who is none becomes one."""
        # an import of the past concerns customers of every salesperson
        Customer = self.env["crm.customer"].sudo().with_context(active_test=False)
        wanted = {(row.company_id.id, row.partner_id.id) for row in self}
        found = Customer.search(
            [
                ("company_id", "in", self.company_id.ids),
                ("partner_id", "in", self.partner_id.ids),
            ]
        )
        known = {(c.company_id.id, c.partner_id.id): c.id for c in found}
        missing = sorted(wanted - known.keys())
        if missing:
            made = Customer.create(
                [{"company_id": company, "partner_id": who} for company, who in missing]
            )
            known.update(zip(missing, made.ids, strict=True))
        return known

    @api.model
    def _get_starts(self, customers):
        """Return {customer id: when the history known here begins}."""
        self.env.flush_all()
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT customer_id, MIN(date_from) FROM crm_lifecycle_history"
                    " WHERE customer_id = ANY(%s) GROUP BY customer_id",
                    list(customers.values()),
                )
            )
        )

    @api.model
    def _write_intervals(self, intervals):
        """Insert intervals (customer id, row id, from, to) and mark their rows."""
        columns = list(zip(*intervals, strict=True))
        self.env.cr.execute(
            SQL(
                """
                WITH laid AS (
                    SELECT * FROM unnest(%(customers)s::int[], %(rows)s::int[],
                                         %(starts)s::timestamp[], %(ends)s::timestamp[])
                        AS laid(customer_id, row_id, date_from, date_to)
                ), written AS (
                    INSERT INTO crm_lifecycle_history (
                        customer_id, company_id, stage_id, date_from, date_to, user_id,
                        reason, create_uid, write_uid, create_date, write_date)
                    SELECT laid.customer_id, past.company_id, past.stage_id,
                           laid.date_from, laid.date_to, %(uid)s, past.reason,
                           %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC',
                           now() AT TIME ZONE 'UTC'
                      FROM laid JOIN crm_stage_import past ON past.id = laid.row_id
                    RETURNING id, customer_id, date_from)
                UPDATE crm_stage_import past
                   SET state = 'done', customer_id = laid.customer_id,
                       history_id = written.id
                  FROM laid JOIN written
                    ON written.customer_id = laid.customer_id
                   AND written.date_from = laid.date_from
                 WHERE past.id = laid.row_id
                """,
                customers=list(columns[0]),
                rows=list(columns[1]),
                starts=list(columns[2]),
                ends=list(columns[3]),
                uid=self.env.uid,
            )
        )
        self.env.invalidate_all(flush=False)

    def _explain(self, kind, moment):
        """Return, in the user's words, why this row does not fit."""
        values = {
            "customer": self.partner_id.name,
            "stage": self.stage_id.name,
            "entered": self._format(self.date_from),
            "left": self._format(self.date_to),
            "moment": self._format(moment),
        }
        if kind == "after":
            return self.env._(
                "%(customer)s, %(stage)s from %(entered)s: the history known here "
                "begins at %(moment)s; only what was before can be imported.",
                **values,
            )
        if kind == "backwards":
            return self.env._(
                "%(customer)s, %(stage)s from %(entered)s: left at %(left)s, before it "
                "was entered.",
                **values,
            )
        if kind == "overlap":
            return self.env._(
                "%(customer)s, %(stage)s from %(entered)s: overlaps the next stage, "
                "which begins at %(moment)s.",
                **values,
            )
        return self.env._(
            "%(customer)s, %(stage)s from %(entered)s: left at %(left)s, but the next "
            "stage begins at %(moment)s only. Correct the dates, or leave Left empty: "
            "then the stage lasts until the next one.",
            **values,
        )

    def _format(self, moment):
        if not moment:
            return ""
        local = fields.Datetime.context_timestamp(self, moment)
        return local.strftime("%Y-%m-%d %H:%M:%S")

    @api.model
    def _get_import_key(self, vals):
        owner = self.env["res.partner"].browse(vals.get("partner_id") or [])
        if not owner or not vals.get("date_from"):
            return None
        company = vals.get("company_id") or self.env.company.root_id.id
        moment = fields.Datetime.to_datetime(vals["date_from"])
        return company, owner.commercial_partner_id.id, moment

    @api.model
    def _get_import_key_fields(self):
        return {"company_id", "partner_id", "date_from"}

    @api.model
    def _find_imported(self, keys):
        rows = self.search_fetch(
            [("partner_id", "in", [owner for _company, owner, _moment in keys])],
            ["company_id", "partner_id", "date_from"],
        )
        found = {
            (row.company_id.id, row.partner_id.id, row.date_from): row for row in rows
        }
        return {key: found[key] for key in keys if key in found}
