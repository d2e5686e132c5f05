from odoo import fields, models

# fields that rate nobody: the day, and what values and warnings are made of
BESIDE = (
    "assumed_",
    "churn_",
    "date_as_of",
    "discount_",
    "horizon",
    "min_customers",
    "value_margin",
    "value_unit",
    "warn",
)
SCALARS = ("boolean", "char", "date", "float", "integer", "monetary", "selection")


class CrmLoyaltyPolicy(models.Model):
    """What the policy was at each run: a change of class may come from its change."""

    _inherit = "crm.loyalty.policy"

    def _prepare_snapshot_values(self):
        """Values of a run: the settings it was made with, and how they changed."""
        self.ensure_one()
        now = self._get_snapshot()
        # sudo: runs are the engine's own record
        last = self.sudo().last_run_id.policy_snapshot or {}
        changes = {
            name: [last[name], value]
            for name, value in now.items()
            if name in last and last[name] != value
        }
        return {"policy_snapshot": now, "policy_changes": changes or False}

    def _get_snapshot(self):
        settings = {
            name: self._get_snapshot_value(field)
            for name, field in self._fields.items()
            if field.type in SCALARS
            and field.store
            and name not in models.MAGIC_COLUMNS
            and not field.related
            and not name.startswith(BESIDE)
        }
        ranges = [list(one) for one in self.segment_range_ids._get_ranges()]
        return {**settings, "segment_range_ids": ranges}

    def _get_snapshot_value(self, field):
        value = self[field.name]
        return fields.Date.to_string(value) if field.type == "date" else value


class CrmLoyaltyRun(models.Model):
    _inherit = "crm.loyalty.run"

    policy_snapshot = fields.Json("Settings", readonly=True)
    policy_changes = fields.Json(
        "Changed Settings",
        readonly=True,
        help="Settings that were others in the run before: [before, now].",
    )

    def _describe_policy_changes(self):
        """Return "A Up To: 0.8 → 0.75" and so on, or nothing."""
        self.ensure_one()
        known = self.policy_id._fields
        parts = []
        for name, (before, now) in (self.policy_changes or {}).items():
            if name not in known:
                continue
            label = known[name]._description_string(self.env)
            if isinstance(now, list):
                parts.append(label)
            else:
                move = self.env._(
                    "%(old)s → %(new)s", old=self._say(before), new=self._say(now)
                )
                parts.append(f"{label}: {move}")
        return "; ".join(parts)

    def _say(self, value):
        return "–" if value in (False, None, "") else str(value)
