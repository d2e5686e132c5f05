from odoo import api, fields, models
from odoo.tools import SQL

from ..lib.history import interleave

KEPT_WHEN_EMPTY = (
    "user_id",
    "deputy_id",
    "team_id",
    "preferred_channel_id",
    "service_tier_id",
)


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
        owner = target.commercial_partner_id
        if owner in sources:
            owner = target
        customers = self.with_context(active_test=False).search(
            [("partner_id", "in", sources.ids)], order="id"
        )
        for customer in customers:
            customer._move_to(owner, "merge")
        losing = sources.commercial_partner_id | target
        self._queue_events("merge", [(False, partner.id) for partner in losing])

    def _move_to(self, partner, cause):
        """Give the customer to another contact, or to the customer of that one."""
        self.ensure_one()
        survivor = self.with_context(active_test=False).search(
            [("company_id", "=", self.company_id.id), ("partner_id", "=", partner.id)]
        )
        self._log_merge(survivor or self, cause)
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
            self.write(pinned)

    def _take_history(self, other):
        """Lay the stages of another customer between one's own.

        Ends are shortened before rows change hands, so that no moment overlaps.
        """
        self.env.flush_all()
        History = self.env["crm.lifecycle.history"]
        both = History.search([("customer_id", "=", other.id)], order="date_from, id")
        both += History.search([("customer_id", "=", self.id)], order="date_from, id")
        merged = interleave([(h.id, h.date_from, h.date_to or None) for h in both])
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
        """Fill what is empty here with what stands there."""
        values = {
            name: other[name].id
            for name in KEPT_WHEN_EMPTY
            if other[name] and not self[name]
        }
        if values:
            self.write(values)

    def _take_references(self, other):
        """Let every foreign key and reference to the other customer point here.

        An addon above whose rows could collide (unique per customer) moves them
        before super().
        """
        Wizard = self.env["base.partner.merge.automatic.wizard"]
        self.env.flush_all()
        Wizard._update_foreign_keys_generic(self._name, other, self)
        Wizard._update_reference_fields_generic(self._name, other, self)
        self.env.invalidate_all()

    def _log_merge(self, survivor, cause):
        """Keep what the customer in self was before he is merged or moved."""
        stored = [
            name
            for name, field in self._fields.items()
            if field.store and field.column_type
        ]
        values = self.read(stored, load="")[0]
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
                "snapshot": _to_json({"values": values, "stages": stages}),
            }
        )


def _to_json(value):
    """Return a value with dates as text."""
    if isinstance(value, dict):
        return {key: _to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_to_json(item) for item in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)
