from odoo import fields, models


class CrmRetentionLog(models.Model):
    """What was removed because its time was over: how many, never what."""

    _name = "crm.retention.log"
    _description = "Retention Log"
    _order = "date desc, id desc"
    _rec_name = "what"

    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade", readonly=True
    )
    what = fields.Char(required=True, readonly=True)
    code = fields.Char(required=True, readonly=True)
    months = fields.Integer("Kept for (Months)", readonly=True)
    count = fields.Integer(
        "Records", readonly=True, help="Found, or removed; only counted, never named."
    )
    preview = fields.Boolean(
        "Only Counted", readonly=True, help="Nothing was removed: a look beforehand."
    )
    user_id = fields.Many2one("res.users", "By", readonly=True)

    _code_idx = models.Index("(company_id, code, preview)")
