from odoo import api, models
from odoo.tools import SQL

from ..lib.timeline import TimelineBranch, TimelineKind, TimelineSource


class CrmCustomer(models.Model):
    """The timeline's sources of goods, where the apps are installed.

    This addon needs neither inventory nor manufacturing.
    """

    _inherit = "crm.customer"

    @api.model
    def _get_goods_timelines(self):
        timelines = []
        if "stock.picking" in self.env:
            timelines.append(self._get_delivery_timeline())
        if "mrp.production" in self.env and self._has_production_of_orders():
            timelines.append(self._get_production_timeline())
        return timelines

    @api.model
    def _has_production_of_orders(self):
        """Tell whether orders know what is made for them (sale_stock and mrp)."""
        reference = self.env["stock.reference"]._fields
        return "sale_ids" in reference and "production_ids" in reference

    @api.model
    def _get_delivery_timeline(self):
        """Deliveries that are not cancelled: when they left, or are to leave."""
        branch = TimelineBranch(
            tables=SQL(
                "stock_picking doc"
                " JOIN stock_picking_type type ON type.id = doc.picking_type_id"
            ),
            key=SQL("doc.partner_id"),
            date=SQL("COALESCE(doc.date_done, doc.scheduled_date)"),
            where=SQL("doc.state != 'cancel' AND type.code = 'outgoing'"),
            company=SQL("doc.company_id"),
            texts=(SQL("doc.name"), SQL("doc.origin")),
        )
        kind = TimelineKind("delivery", self.env._("Delivery"), "fa-truck", "info")
        return TimelineSource(
            "stock.picking", (kind,), (branch,), self._describe_deliveries
        )

    @api.model
    def _describe_deliveries(self, pickings):
        return {
            picking.id: {
                "summary": " · ".join(filter(None, (picking.name, picking.origin))),
                "state": self._get_state_label(picking),
                "user_id": picking.user_id.id,
            }
            for picking in pickings
        }

    @api.model
    def _get_production_timeline(self):
        """What was made to the customer's order: when it was ready, or is to begin."""
        branch = TimelineBranch(
            tables=SQL(
                """(SELECT DISTINCT sale.partner_id, made.production_id
                      FROM sale_order sale
                      JOIN stock_reference_sale_rel ordered
                        ON ordered.sale_id = sale.id
                      JOIN stock_reference_production_rel made
                        ON made.reference_id = ordered.reference_id
                     WHERE sale.partner_id = owner.id) made
                     JOIN mrp_production doc ON doc.id = made.production_id"""
            ),
            key=SQL("made.partner_id"),
            date=SQL("COALESCE(doc.date_finished, doc.date_start)"),
            where=SQL("doc.state NOT IN ('draft', 'cancel')"),
            company=SQL("doc.company_id"),
            texts=(SQL("doc.name"), SQL("doc.origin")),
        )
        kind = TimelineKind(
            "production", self.env._("Manufacturing"), "fa-cogs", "info"
        )
        return TimelineSource(
            "mrp.production", (kind,), (branch,), self._describe_productions
        )

    @api.model
    def _describe_productions(self, productions):
        return {
            production.id: {
                "summary": " · ".join(
                    filter(None, (production.name, production.product_id.display_name))
                ),
                "state": self._get_state_label(production),
                "user_id": production.user_id.id,
            }
            for production in productions
        }
