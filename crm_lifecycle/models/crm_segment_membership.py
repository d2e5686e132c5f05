from odoo import fields, models


class CrmSegmentMembership(models.Model):
    """From when to when a customer belonged to a segment; the engine writes it."""

    _name = "crm.segment.membership"
    _description = "Segment Membership"
    _order = "date_from desc, id desc"
    _rec_name = "customer_id"

    segment_id = fields.Many2one(
        "crm.segment", required=True, readonly=True, ondelete="cascade"
    )
    customer_id = fields.Many2one(
        "crm.customer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    date_from = fields.Datetime("Came", required=True, readonly=True)
    date_to = fields.Datetime("Went", readonly=True, help="Empty: belongs today.")

    _one_open = models.UniqueIndex(
        "(segment_id, customer_id) WHERE date_to IS NULL",
        "This customer belongs to the segment already.",
    )
    _came_idx = models.Index("(segment_id, date_from)")
    _went_idx = models.Index("(segment_id, date_to) WHERE date_to IS NOT NULL")
