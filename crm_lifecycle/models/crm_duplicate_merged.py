from odoo import api, fields, models

from ..lib import duplicates


class CrmDuplicate(models.Model):
    """What becomes of the offers once their contacts are merged."""

    _inherit = "crm.duplicate"

    @api.model
    def _note_merged(self, names, user_id):
        """Close the offers of which one contact is left; rename the others.

        :param dict names: {id of a contact: name} of all that were merged, as they were
        :param int user_id: who merged them
        """
        survivors = self.env["res.partner"].browse(names).exists()
        self.env.invalidate_all()
        rows = self.search(
            [("state", "!=", "merged"), ("partner_ids", "in", survivors.ids)]
        )
        for duplicate in rows:
            present = duplicate.partner_ids.exists()
            asked = {int(key) for key in (duplicate.signature or "").split(",") if key}
            if len(present) > 1:
                twin = duplicates.signature(present.ids)
                if twin != duplicate.signature:
                    duplicate._rename(twin)
                continue
            duplicate.write(
                {
                    "state": "merged",
                    "merged_names": " / ".join(
                        names[key] or "" for key in sorted(asked & names.keys())
                    ),
                    "merged_user_id": user_id,
                    "merged_at": fields.Datetime.now(),
                }
            )

    def _rename(self, signature):
        """Give the row its new set of contacts, unless another row has it already."""
        twin = self.search(
            [
                ("id", "!=", self.id),
                ("signature", "=", signature),
                ("company_id", "=", self.company_id.id),
                ("state", "!=", "merged"),
            ]
        )
        if twin:
            self.unlink()
        else:
            self.signature = signature
