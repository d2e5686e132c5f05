from odoo import api, fields, models
from odoo.tools import SQL

from ..lib.history import interleave
from ..lib.snapshot import to_json

LATEST = {
    "data_checked_at": "data_checked_by_id",
    "data_review_date": "data_review_user_id",
}
"""Moments of which the later one counts, each with the field of who it was."""


class CrmCustomerMerge(models.AbstractModel):
    """Two customers become one: contacts merged, or a contact got a parent company.

    Nothing is lost: histories are laid into one, everything that refers to the merged
    customer refers to the surviving one, and a log keeps what he was.
    """

    _name = "crm.customer.merge"
    _description = "Customer Merge"

    @api.model
    def _settle_moved_partners(self, partner_ids=None):
        """Move customers whose contact has got a parent company to that company.

        :param partner_ids: commercial partners to look at, old or new; None: all
        """
        self.env.flush_all()
        scope = self._get_scope(partner_ids)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT customer.id, partner.commercial_partner_id
                  FROM crm_customer customer
                  JOIN res_partner partner ON partner.id = customer.partner_id
                 WHERE partner.commercial_partner_id != partner.id AND (%s OR %s)
                 ORDER BY customer.id
                """,
                scope(None, SQL("partner.commercial_partner_id")),
                scope(None, SQL("partner.id")),
            )
        )
        Partner = self.env["res.partner"]
        for customer_id, parent_id in rows:
            self.browse(customer_id)._move_to(Partner.browse(parent_id), "parent")

    @api.model
    def _merge_partners(self, sources, target):
        """Move the customers of contacts that are about to be merged into target."""
        sources, target = sources.with_env(self.env), target.with_env(self.env)
        owner = target.commercial_partner_id
        if owner in sources:
            owner = target
        Rows = self.env["crm.merge.rows"]
        for source in sources:
            counts = Rows._count_references("res.partner", source)
            contact = self._describe(source)
            customers = self.with_context(active_test=False).search(
                [("partner_id", "=", source.id)], order="id"
            )
            noted = customers.company_id
            for customer in customers:
                customer._move_to(owner, "merge", contact, counts)
            self._log_contact(source, owner, contact, counts, noted)
            merged = Rows._move_colliding("res.partner", source, target)
            self._note_merged_rows(owner, merged)
        losing = sources.commercial_partner_id | target
        self._queue_events("merge", [(False, partner.id) for partner in losing])

    @api.model
    def _log_contact(self, source, owner, contact, counts, noted):
        """Note a merged contact who was no customer himself at the customers of owner.

        :param noted: companies in which he was one, and is noted already
        """
        known = self.with_context(active_test=False).search(
            [
                ("partner_id", "=", owner.id),
                ("company_id", "not in", noted.ids),
            ]
        )
        self.env["crm.customer.merge.log"].create(
            [
                {
                    "customer_id": customer.id,
                    "company_id": customer.company_id.id,
                    "merged_name": source.display_name or str(source.id),
                    "merged_partner": source.id,
                    "user_id": self.env.uid,
                    "date": fields.Datetime.now(),
                    "cause": "merge",
                    "snapshot": {"contact": contact, "moved": counts},
                }
                for customer in known
            ]
        )

    @api.model
    def _note_merged_rows(self, owner, merged):
        """Keep the values of rows that stood in each other's way, on the latest log."""
        if not merged:
            return
        customers = self.with_context(active_test=False).search(
            [("partner_id", "=", owner.id)]
        )
        for customer in customers:
            customer._get_last_log()._add_rows(merged)

    def _get_last_log(self):
        self.ensure_one()
        return self.env["crm.customer.merge.log"].search(
            [("customer_id", "=", self.id)], limit=1
        )

    def _move_to(self, partner, cause, contact=None, counts=None):
        """Give the customer to another contact, or to the customer of that one."""
        self.ensure_one()
        survivor = self.with_context(active_test=False).search(
            [("company_id", "=", self.company_id.id), ("partner_id", "=", partner.id)]
        )
        self._log_merge(survivor or self, cause, contact, counts)
        if survivor:
            survivor._absorb(self)
        else:
            self._write_unseen({"partner_id": partner.id})
            self.flush_recordset()

    def _absorb(self, other):
        """Take over everything of another customer of the same company, and end it."""
        pinned = (self if self.stage_pinned else other).read(
            ["stage_id", "stage_pinned", "pin_reason", "pin_until"], load=""
        )[0]
        self._take_history(other)
        self._take_values(other)
        self._take_references(other)
        other.unlink()
        if pinned["stage_pinned"]:
            pinned.pop("id")
            self._pin_merged(pinned)

    def _pin_merged(self, values):
        """Keep the pin; a stage that it brings comes from the merge."""
        moving = values["stage_id"] != self.stage_id.id
        self.write(values)
        if moving:
            self.env["crm.lifecycle.history"].search(
                [("customer_id", "=", self.id), ("date_to", "=", False)]
            ).cause = "merge"

    def _take_history(self, other):
        """Lay the stages of another customer between one's own.

        Ends are shortened before rows change hands, so that no moment overlaps. Of two
        stages entered at the same moment one's own stays; the log keeps the other.
        """
        self.env.flush_all()
        History = self.env["crm.lifecycle.history"]
        both = History.search([("customer_id", "=", other.id)], order="date_from, id")
        both += History.search([("customer_id", "=", self.id)], order="date_from, id")
        merged = interleave([(h.id, h.date_from, h.date_to or None) for h in both])
        (both - both.browse([key for key, _start, _end in merged])).unlink()
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lifecycle_history history SET date_to = new.date_to
                  FROM unnest(%s::int[], %s::timestamp[]) AS new(id, date_to)
                 WHERE history.id = new.id
                   AND history.date_to IS DISTINCT FROM new.date_to
                """,
                [key for key, _start, _end in merged],
                [end for _key, _start, end in merged],
            )
        )
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lifecycle_history SET customer_id = %s"
                " WHERE customer_id = %s",
                self.id,
                other.id,
            )
        )
        self.env.invalidate_all(flush=False)
        last = History.search([("customer_id", "=", self.id), ("date_to", "=", False)])
        if last:
            self._write_unseen(
                {"stage_id": last.stage_id.id, "stage_since": last.date_from}
            )

    def _take_values(self, other):
        """Fill what is empty here with what stands there; notes are joined."""
        values = {}
        for name, field in self._fields.items():
            if (
                field.store
                and field.column_type
                and not (field.readonly or field.compute or field.related)
                and other[name]
                and not self[name]
            ):
                values[name] = field.convert_to_write(other[name], other)
        for name, person in LATEST.items():
            if other[name] and (not self[name] or other[name] > self[name]):
                values.update({name: other[name], person: other[person].id})
        if self.note and other.note and other.note != self.note:
            values["note"] = self.note + other.note
        if values:
            self.write(values)

    def _take_references(self, other):
        """Let every foreign key and reference to the other customer point here.

        An addon above whose rows could overlap in time moves them before super();
        rows that are unique per customer are merged by `crm.merge.rows`.
        """
        merged = self.env["crm.merge.rows"]._move_all(self._name, other, self)
        self._get_last_log()._add_rows(merged)

    def _log_merge(self, survivor, cause, contact=None, counts=None):
        """Keep what the customer in self was before he is merged or moved."""
        Rows = self.env["crm.merge.rows"]
        moved = dict(counts or {})
        for name, count in Rows._count_references(self._name, self).items():
            moved[name] = max(count, moved.get(name, 0))
        stages = self.history_ids.read(
            ["stage_id", "date_from", "date_to", "rule_id", "user_id", "reason"],
            load="",
        )
        self.env["crm.customer.merge.log"].create(
            {
                "customer_id": survivor.id,
                "company_id": self.company_id.id,
                "merged_name": self.partner_id.display_name or str(self.id),
                "merged_customer": self.id,
                "merged_partner": self.partner_id.id,
                "user_id": self.env.uid,
                "date": fields.Datetime.now(),
                "cause": cause,
                "snapshot": {
                    **self._describe(self),
                    "stages": to_json(stages),
                    "contact": contact or self._describe(self.partner_id),
                    "moved": moved,
                },
            }
        )

    @api.model
    def _describe(self, record):
        """Return the values of a record, and the names of what they refer to."""
        stored = [
            name
            for name, field in record._fields.items()
            if field.store
            and field.column_type
            and field.type not in ("binary", "json", "properties")
        ]
        names = {
            name: record[name].display_name
            for name in stored
            if record._fields[name].type == "many2one" and record[name]
        }
        return {"values": to_json(record.read(stored, load="")[0]), "names": names}

    @api.model
    def _log_owner_changes(self, before, after):
        """Note contacts who went to another legal entity, or became one of their own.

        Their customers, where they were some themselves, are noted when they move.

        :param set before: {(id of a contact, id of his commercial partner)}, as it was
        :param set after: the same, as it is now
        """
        was = dict(before)
        moved = {
            contact: (was[contact], owner)
            for contact, owner in after
            if contact in was and was[contact] not in (contact, owner)
        }
        owners = {owner for pair in moved.values() for owner in pair}
        by_owner = {}
        for customer in self.with_context(active_test=False).search(
            [("partner_id", "in", list(owners))]
        ):
            by_owner.setdefault(customer.partner_id.id, {})[customer.company_id] = (
                customer
            )
        rows = []
        for contact_id, (old, new) in moved.items():
            there, here = by_owner.get(old, {}), by_owner.get(new, {})
            if there or here:
                rows += self._prepare_owner_logs(contact_id, there, here)
        self.env["crm.customer.merge.log"].create(rows)

    @api.model
    def _prepare_owner_logs(self, contact_id, there, here):
        contact = self.env["res.partner"].browse(contact_id)
        counts = self.env["crm.merge.rows"]._count_references("res.partner", contact)
        snapshot = {"contact": self._describe(contact), "moved": counts}
        left = contact.commercial_partner_id == contact
        return [
            {
                "customer_id": (here.get(company) or there[company]).id,
                "from_customer_id": company in there and there[company].id,
                "company_id": company.id,
                "merged_name": contact.name or str(contact_id),
                "merged_partner": contact_id,
                "user_id": self.env.uid,
                "date": fields.Datetime.now(),
                "cause": "left" if left else "moved",
                "snapshot": snapshot,
            }
            for company in {**there, **here}
        ]
