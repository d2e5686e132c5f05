from odoo import api, fields, models


class CrmCustomerRun(models.Model):
    """A pass over all customers: when, how much changed, and what went wrong."""

    _name = "crm.customer.run"
    _description = "Pass over all Customers"
    _order = "id desc"
    _rec_name = "date_start"

    date_start = fields.Datetime("Started", required=True, readonly=True)
    date_end = fields.Datetime("Ended", readonly=True)
    state = fields.Selection(
        [("running", "Running"), ("done", "Done"), ("failed", "With errors")],
        required=True,
        default="running",
        readonly=True,
    )
    fact_count = fields.Integer("Customers updated", readonly=True)
    stage_count = fields.Integer("Stages changed", readonly=True)
    part = fields.Selection(
        [("fact_count", "Figures"), ("stage_count", "Stages")],
        readonly=True,
        help="What the pass is at, or was at when it was stopped.",
    )
    total = fields.Integer(
        "To do", readonly=True, help="Customers that this part of the pass changes."
    )
    remaining = fields.Integer(readonly=True)
    error = fields.Text(readonly=True)

    @api.model
    def _resume(self):
        """Return the run that did not come to its end, else a new one."""
        return self.search([("state", "=", "running")], limit=1) or self.create(
            {"date_start": fields.Datetime.now()}
        )

    def _begin(self, counter, total):
        """Note the part that begins, commit, and return the seconds left."""
        self.write({"part": counter, "total": total})
        return self._progress(counter, 0, total)

    def _progress(self, counter, done, remaining):
        """Count what was changed, commit, and return the seconds left in the cron."""
        self[counter] += done
        self.remaining = remaining
        return self.env["ir.cron"]._commit_progress(done, remaining=remaining)

    def _note_error(self, error):
        """Keep an error on the run; the pass goes on."""
        text = f"{type(error).__name__}: {error}"
        self.error = f"{self.error}\n{text}" if self.error else text

    def _finish(self):
        """Close the run and commit."""
        self.state = "failed" if self.error else "done"
        self.date_end = fields.Datetime.now()
        self.env["ir.cron"]._commit_progress(remaining=0)

    @api.autovacuum
    def _gc_runs(self):
        """Forget passes older than three months."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), months=3)
        self.search([("date_start", "<", limit)]).unlink()
