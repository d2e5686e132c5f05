from unittest.mock import patch

from odoo.tests import tagged

from .timeline import TimelineCommon


@tagged("post_install", "-at_install")
class TestTimelineGoods(TimelineCommon):
    """Deliveries and manufacturing, where the apps are there and where they are not."""

    def _models(self):
        return {source.model for source in self.Customer._timeline_sources()}

    def test_without_the_apps_there_are_no_such_entries(self):
        with patch.dict(self.registry.models):
            for model in ("stock.picking", "mrp.production"):
                self.registry.models.pop(model, None)
            self.assertFalse(self.Customer._get_goods_timelines())
        self.assertEqual(self._kinds(), [])

    def test_the_sources_are_those_of_the_installed_apps(self):
        for model in ("stock.picking", "mrp.production"):
            self.assertEqual(model in self._models(), model in self.env, model)

    def test_deliveries_to_a_contact_show_receipts_do_not(self):
        if "stock.picking" not in self.env:
            self.skipTest("inventory is not installed")
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.arvand.id)], limit=1
        ) or self.env["stock.warehouse"].create({"name": "Arvand", "code": "ARV"})
        for kind in (warehouse.out_type_id, warehouse.in_type_id):
            self.env["stock.picking"].create(
                {
                    "partner_id": self.reza.id,
                    "picking_type_id": kind.id,
                    "origin": "S1",
                }
            )
        self.assertEqual(self._kinds(), ["delivery"])

    def test_what_is_made_to_an_order_shows(self):
        if not self.env.registry.get("mrp.production"):
            self.skipTest("manufacturing is not installed")
        if not self.Customer._has_production_of_orders():
            self.skipTest("orders do not know their production")
        order = self._make_order(self.reza)
        made = self.env["product.product"].create({"name": "M", "is_storable": True})
        production = self.env["mrp.production"].create(
            {"product_id": made.id, "product_qty": 1}
        )
        production.action_confirm()
        reference = self.env["stock.reference"].create({"name": order.name})
        reference.write(
            {"sale_ids": [(4, order.id)], "production_ids": [(4, production.id)]}
        )
        self.assertIn("production", self._kinds())
