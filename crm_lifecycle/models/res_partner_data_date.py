from odoo import fields, models
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column


class ResPartner(models.Model):
    """Since when the data of a contact are what they are.

    The date of the last write is no help: a synchronisation, a new tag or an invoice
    touches it. This one moves only when a field that data quality watches gets another
    value.
    """

    _inherit = "res.partner"

    crm_data_date = fields.Datetime(
        "Data Changed",
        readonly=True,
        copy=False,
        default=fields.Datetime.now,
        help="When somebody last changed the name, address, phone, mail or tax number.",
    )

    def _auto_init(self):
        """Begin with the day on which each contact was entered, set-based."""
        cr = self.env.cr
        if not column_exists(cr, self._table, "crm_data_date"):
            create_column(cr, self._table, "crm_data_date", "timestamp")
            cr.execute(SQL("UPDATE res_partner SET crm_data_date = create_date"))
        return super()._auto_init()

    def write(self, vals):
        """Write; note the moment where watched data change, and have them scored."""
        watched = vals.keys() & self._get_watched_fields()
        changed = self.filtered(lambda partner: partner._has_other(watched, vals))
        result = super().write(vals)
        if changed:
            super(ResPartner, changed).write({"crm_data_date": fields.Datetime.now()})
            changed._queue_customer_events(
                "contact", {(False, partner.id) for partner in changed}
            )
        return result

    def _get_watched_fields(self):
        keys = self.env["crm.quality.rule"]._get_fields()
        return {key.split(".")[1] for key in keys if key.startswith("partner.")} | {
            "is_company"
        }

    def _has_other(self, names, vals):
        """Say whether the contact holds other values than those to be written."""
        for name in names:
            old = self[name]
            if self._fields[name].relational:
                old = old.id
            if (old or False) != (vals[name] or False):
                return True
        return False
