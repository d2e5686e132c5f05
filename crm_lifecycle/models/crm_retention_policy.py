from datetime import datetime, time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

BATCH = 500


class CrmRetentionPolicy(models.Model):
    """How long a company keeps what it knows of customers; off until switched on.

    Three kinds of data expire: notes in classes of information (months of the class,
    or the day on the note), interactions (months here), and single fields (months in
    the collection plan, counted from the customer's last sign of life). Nothing is
    removed before a run has counted it: the first run of each kind only counts.
    """

    _name = "crm.retention.policy"
    _description = "Retention"
    _order = "company_id"
    _rec_name = "company_id"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.company.root_id,
        domain=[("parent_id", "=", False)],
    )
    mode = fields.Selection(
        [
            ("off", "Off"),
            ("preview", "Count only"),
            ("remove", "Remove what has expired"),
        ],
        required=True,
        default="off",
        help="Count only: each night the log tells what would be removed. "
        "Remove: it is removed, once an earlier run has counted it.",
    )
    interaction_months = fields.Integer(
        "Keep Interactions for (Months)",
        help="Older interactions are deleted. 0: kept for good.",
    )
    log_ids = fields.Many2many(
        "crm.retention.log", string="Latest Runs", compute="_compute_log_ids"
    )

    _company_unique = models.UniqueIndex(
        "(company_id)", "This company has its retention settings already."
    )
    _months_positive = models.Constraint(
        "CHECK (interaction_months >= 0)", "Months to keep cannot be negative."
    )

    def _compute_log_ids(self):
        for policy in self:
            policy.log_ids = self.env["crm.retention.log"].search(
                [("company_id", "=", policy.company_id.id)], limit=40
            )

    def action_preview(self):
        """Count what would be removed now, and write it to the log."""
        self.check_access("write")
        for policy in self:
            if not policy._get_kinds():
                raise UserError(
                    self.env._(
                        "Nothing expires yet: set months here, on a class of "
                        "information or in the collection plan."
                    )
                )
            policy._preview(policy._get_kinds())
        return True

    @api.model
    def _cron_retention(self):
        """Count or remove what has expired, in bounded batches."""
        for policy in self.search([("mode", "!=", "off")]):
            for kind in policy._get_kinds():
                if policy.mode == "preview" or not policy._is_announced(kind):
                    policy._preview([kind])
                    self.env["ir.cron"]._commit_progress(1)
                else:
                    policy._remove(kind)

    def _get_kinds(self):
        """Return [(code, label, months, model, field to blank or None)] that expire."""
        self.ensure_one()
        kinds = []
        # settings of the plan; expiry does not depend on who looks
        for info_class in self.sudo().env["crm.info.class"].search(Domain.TRUE):
            kinds.append(
                (
                    f"class:{info_class.code}",
                    info_class.name,
                    info_class.retention_months,
                    "crm.customer.info",
                    None,
                )
            )
        if self.interaction_months:
            label = self.env["crm.interaction"]._description
            months = self.interaction_months
            kinds.append(("interaction", label, months, "crm.interaction", None))
        items = (
            # sudo: the plan says what is kept, whoever asks
            self.sudo()
            .env["crm.collection.item"]
            .search(
                [("company_id", "=", self.company_id.id), ("retention_months", ">", 0)]
            )
        )
        for item in items:
            code = f"field:{item.model_name}.{item.field_name}"
            label, months = item.field_label, item.retention_months
            kinds.append((code, label, months, item.model_name, item.field_name))
        return kinds

    def _find_expired(self, kind, limit=None):
        """Return the records of a kind whose time is over."""
        code, _label, months, model, field = kind
        today = fields.Date.context_today(self)
        # what expires does not depend on who looks
        Model = self.env[model].sudo().with_context(active_test=False)
        if model == "crm.customer.info":
            own = [
                ("company_id", "=", self.company_id.id),
                ("class_id.code", "=", code.split(":", 1)[1]),
            ]
            over = [("keep_until", "<", today)]
            if months:
                day = fields.Date.subtract(today, months=months)
                by_class = ["&", ("keep_until", "=", False), ("date", "<", day)]
                over = ["|", *over, *by_class]
            return Model.search([*own, *over], limit=limit, order="id")
        limit_day = fields.Date.subtract(today, months=months)
        if model == "crm.interaction":
            return Model.search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("date", "<", datetime.combine(limit_day, time())),
                ],
                limit=limit,
                order="id",
            )
        return Model.browse(self._find_silent(model, field, limit_day, limit))

    def _find_silent(self, model, field, day, limit):
        """Return ids of records with a field filled whose customer was silent since.

        A contact is silent when all companies that he is a customer of heard nothing.
        """
        self.env.flush_all()
        Item = self.env["crm.collection.item"]
        target = SQL("customer.id")
        join = SQL("JOIN crm_customer seen ON seen.id = customer.id")
        if model == "res.partner":
            target = SQL("customer.partner_id")
            join = SQL("JOIN res_partner seen ON seen.id = customer.partner_id")
        rows = self.env.execute_query(
            SQL(
                """
                SELECT %(target)s FROM crm_customer customer %(join)s
                 WHERE customer.company_id = %(company)s AND %(filled)s
                   AND NOT EXISTS (
                       SELECT FROM crm_customer any_row
                        WHERE any_row.partner_id = customer.partner_id
                          AND (%(all)s OR any_row.id = customer.id)
                          AND (GREATEST(any_row.last_order_date,
                                        any_row.create_date::date) >= %(day)s
                               OR EXISTS (SELECT FROM crm_interaction talk
                                           WHERE talk.customer_id = any_row.id
                                             AND talk.date >= %(day)s)
                               OR EXISTS (SELECT FROM crm_lead lead
                                            JOIN res_partner who
                                              ON who.id = lead.partner_id
                                           WHERE who.commercial_partner_id
                                                 = any_row.partner_id
                                             AND lead.create_date >= %(day)s)))
                 ORDER BY 1 %(limit)s
                """,
                target=target,
                join=join,
                company=self.company_id.id,
                filled=Item._sql_filled(model, self.env[model]._fields[field]),
                all=model == "res.partner",
                day=day,
                limit=SQL("LIMIT %s", limit) if limit else SQL(),
            )
        )
        return [row[0] for row in rows]

    def _is_announced(self, kind):
        """Return whether a run has counted this kind with these months before."""
        return bool(
            self.env["crm.retention.log"].search_count(
                [
                    ("company_id", "=", self.company_id.id),
                    ("code", "=", kind[0]),
                    ("months", "=", kind[2]),
                    ("preview", "=", True),
                ],
                limit=1,
            )
        )

    def _preview(self, kinds):
        for kind in kinds:
            self._log(kind, len(self._find_expired(kind)), preview=True)

    def _remove(self, kind):
        """Remove what has expired, batch by batch, as long as the cron has time."""
        while records := self._find_expired(kind, BATCH):
            self._remove_batch(kind, records)
            self._log(kind, len(records), preview=False)
            more = len(records) == BATCH
            seconds = self.env["ir.cron"]._commit_progress(
                len(records), remaining=BATCH if more else 0
            )
            if not more or not seconds:
                return

    def _remove_batch(self, kind, records):
        """Delete the records, or blank the field, leaving no trace of the values."""
        field = kind[4]
        records = records.with_context(tracking_disable=True)
        if field:
            records.write({field: False})
        else:
            records.unlink()

    def _log(self, kind, count, preview):
        code, label, months = kind[:3]
        # the log is written by the engine only
        self.env["crm.retention.log"].sudo().create(
            {
                "company_id": self.company_id.id,
                "code": code,
                "what": label,
                "months": months,
                "count": count,
                "preview": preview,
                "user_id": self.env.uid,
            }
        )
