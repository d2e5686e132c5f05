from odoo import fields, models

from .crm_loyalty_history import ABC_CLASSES, RFM_SEGMENTS


class CrmLoyaltyEquityOpening(models.Model):
    """What each customer was worth when the month began: the engine's own memory.

    A merged customer keeps the rows of both; one who was deleted leaves his behind, for
    his value is lost.
    """

    _name = "crm.loyalty.equity.opening"
    _description = "Lifetime Value at the Opening"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade", readonly=True
    )
    customer_id = fields.Many2one(
        "crm.customer", index=True, ondelete="set null", readonly=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    rfm_segment = fields.Selection(RFM_SEGMENTS, "RFM Segment", readonly=True)
    abc_class = fields.Selection(ABC_CLASSES, "Class", readonly=True)
    clv = fields.Monetary("Lifetime Value", readonly=True)
