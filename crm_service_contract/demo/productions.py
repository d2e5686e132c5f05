from odoo import Command, api, models

from . import story


class CrmLifecycleDemo(models.AbstractModel):
    """What the workshop of the demo company made, and how punctually."""

    _inherit = "crm.lifecycle.demo"

    @api.model
    def _load_productions(self):
        company = self.env.ref("crm_lifecycle.demo_company")
        if self.env["mrp.production"].search_count([("company_id", "=", company.id)]):
            return
        self = self.with_company(company).with_context(
            allowed_company_ids=company.ids, tracking_disable=True, lang="en_US"
        )
        boms = {
            product: self._load_bom(product, parts)
            for product, parts in story.BOMS.items()
        }
        orders = story.tell_productions()
        productions = self.env["mrp.production"].create(
            [
                {
                    "product_id": self._ref("product", order.product).id,
                    "product_qty": order.quantity,
                    "bom_id": boms[order.product].id,
                    "company_id": company.id,
                    "user_id": self._ref("user", "sara").id,
                    "date_start": self._moment(order.due + 8),
                    "date_deadline": self._moment(order.due, 15),
                }
                for order in orders
            ]
        )
        productions.action_confirm()
        done = [
            (production, order)
            for production, order in zip(productions, orders, strict=True)
            if order.finished is not None
        ]
        self._finish([production for production, _order in done])
        for production, order in zip(productions, orders, strict=True):
            self._backdate(production, [self._moment(order.due, 15)], "date_deadline")
            asked = self._moment(order.due + 12)
            self._backdate(production, [asked], "create_date")
        for production, order in done:
            moves = production.move_finished_ids | production.move_raw_ids
            finished = self._moment(order.finished, 14)
            started = self._moment(order.finished + 4, 8)
            self._backdate(production, [finished], "date_finished")
            self._backdate(production, [started], "date_start")
            self._backdate(moves, [finished] * len(moves), "date")

    def _load_bom(self, product, parts):
        variant = self._ref("product", product)
        return self.env["mrp.bom"].create(
            {
                "product_tmpl_id": variant.product_tmpl_id.id,
                "company_id": self.env.company.id,
                "produce_delay": 7,
                "bom_line_ids": [
                    Command.create(
                        {
                            "product_id": self._ref("product", part).id,
                            "product_qty": quantity,
                        }
                    )
                    for part, quantity in parts
                ],
            }
        )

    def _finish(self, productions):
        done = self.env["mrp.production"].concat(*productions)
        for production in done:
            production.qty_producing = production.product_qty
            production._set_qty_producing()
        done.move_raw_ids.picked = True
        done.with_context(skip_backorder=True).button_mark_done()
