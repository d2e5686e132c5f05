from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..lib.proration import as_decimal
from ..lib.versions import Terms, Version, overlay

TERMS = ("quantity", "price_unit", "discount")
_NAMES = {"quantity": "quantity", "price_unit": "price", "discount": "discount"}


class ServiceContractLineTerms(models.Model):
    """Terms of a line through time.

    While the contract is a draft the line has just its own quantity, price and
    discount. From the confirmation on it has dated versions, and its own figures show
    what the next period costs. Writing them makes a version from the first day that is
    not billed; everything else goes through a change.
    """

    _inherit = "service.contract.line"

    version_ids = fields.One2many("service.contract.version", "line_id")
    is_paused = fields.Boolean(
        string="Paused", readonly=True, copy=False, help="Nothing is billed at present."
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        confirmed = lines.filtered(
            lambda line: line.contract_id.state not in ("draft", "cancelled")
        )
        confirmed._start_versions()
        return lines

    def write(self, vals):
        if self.env.context.get("terms_synced"):
            return super().write(vals)
        # Whether there are versions: who writes the line need not read them.
        versioned = self.filtered(lambda line: line.sudo().version_ids)
        terms = [name for name in TERMS if name in vals]
        if terms and versioned:
            versioned._check_may_revise(vals)
        before = {line: line._get_version_values() for line in versioned}
        result = super().write(vals)
        if "date_start" in vals:
            # sudo: versions are the engine's; the line itself was written by right
            versioned.sudo()._restart_versions()
        if terms:
            versioned._revise(before)
        return result

    def _get_version_values(self):
        return tuple(self[name] for name in TERMS)

    def _get_terms(self):
        """The terms that the fields of the line show."""
        return Terms(
            as_decimal(self.quantity),
            as_decimal(self.price_unit),
            as_decimal(self.discount),
            self.is_paused,
        )

    def _get_versions(self):
        """Versions of the line in order; of a draft the one that it would get."""
        self.ensure_one()
        versions = self.version_ids.sorted("date_from")
        if versions:
            return [version._as_version() for version in versions]
        return [Version(self.date_start, None, self._get_terms())]

    def _start_versions(self):
        # Versions are written by the contract; nobody has the right to edit them.
        versions = self.env["service.contract.version"].sudo()
        versions.create(
            [
                versions._prepare_version_values(line, line._get_versions()[0])
                for line in self
                # sudo: likewise
                if not line.sudo().version_ids
            ]
        )

    def _restart_versions(self):
        """A line that is not billed yet begins on another day."""
        for line in self.filtered(lambda line: not line.billed_until):
            versions = [
                version
                for version in line._get_versions()
                if version.last is None or version.last >= line.date_start
            ]
            versions[0] = versions[0]._replace(first=line.date_start)
            line.version_ids._replace({line: versions})

    def _check_may_revise(self, vals):
        """Whoever needs an approval asks for it by a change."""
        if self.env.su or not any(
            line.company_id.service_change_approval for line in self
        ):
            return
        if self.env.user.has_group("crm_service_contract.group_manager"):
            return
        for line in self:
            for name in TERMS:
                if name in vals and vals[name] != line[name]:
                    raise UserError(
                        self.env._(
                            "“%(field)s” of line “%(line)s” is agreed: ask for another "
                            "one with the button “Change Terms”.",
                            field=line._fields[name]._description_string(self.env),
                            line=line.product_id.display_name,
                        )
                    )

    def _revise(self, before):
        """Make what was written hold from the first day on that is not billed."""
        changed = self.filtered(lambda line: line._get_version_values() != before[line])
        for line in changed:
            new = {
                _NAMES[name]: as_decimal(line[name])
                for name, old in zip(TERMS, before[line], strict=True)
                if line[name] != old
            }
            first = line._get_first_unbilled()
            versions = overlay(
                # sudo: likewise
                line.sudo()._get_versions(),
                first,
                None,
                lambda old, new=new: old._replace(**new),
            )
            change = self.env["service.contract.change"]._log_revision(
                line, first, before[line]
            )
            # sudo: likewise
            line.sudo().version_ids._replace({line.sudo(): versions}, change)

    def _get_first_unbilled(self):
        """The first day on which a change moves nothing that was invoiced."""
        billed = self.env["service.contract.period"].search(
            [
                ("line_id", "=", self.id),
                ("kind", "=", "charge"),
                ("is_reopened", "=", False),
            ],
            order="date_to desc",
            limit=1,
        )
        if not billed:
            return self.date_start
        return max(billed.date_to + timedelta(days=1), self.date_start)

    def _sync_terms(self):
        """Let the fields show the terms of the next period that is billed."""
        today = fields.Date.context_today(self)
        for line in self.filtered("version_ids"):
            day = max(today, line.date_start)
            if line.billed_until:
                day = max(day, line.billed_until + timedelta(days=1))
            if end := line._get_end():
                day = max(min(day, end), line.date_start)
            version = line.version_ids.filtered(
                lambda v, day=day: (
                    v.date_from <= day and (not v.date_to or v.date_to >= day)
                )
            )
            names = (*TERMS, "is_paused")
            vals = {n: version[n] for n in names if version and version[n] != line[n]}
            if vals:
                line.with_context(terms_synced=True).write(vals)

    @api.model
    def _find_outdated(self):
        """Lines of running contracts whose fields show terms of another day."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id
                  FROM service_contract_line line
                  JOIN service_contract contract ON contract.id = line.contract_id
                  JOIN service_contract_version version ON version.line_id = line.id
                   AND GREATEST(%(today)s, line.billed_until + 1, line.date_start)
                       BETWEEN version.date_from
                           AND COALESCE(version.date_to, 'infinity')
                 WHERE contract.state = 'running'
                   AND (version.quantity, version.price_unit,
                        COALESCE(version.discount, 0),
                        COALESCE(version.is_paused, FALSE))
                       IS DISTINCT FROM
                       (line.quantity, line.price_unit,
                        COALESCE(line.discount, 0), COALESCE(line.is_paused, FALSE))
                 ORDER BY line.id
                """,
                today=fields.Date.context_today(self),
            )
        )
        return self.browse(row[0] for row in rows)
