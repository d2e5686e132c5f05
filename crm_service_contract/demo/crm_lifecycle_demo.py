from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models

from . import story


class CrmLifecycleDemo(models.AbstractModel):
    """The workshop of the demo company, and its service contracts until today."""

    _inherit = "crm.lifecycle.demo"

    # ------------------------------------------------------------------
    # Manufacturing orders
    # ------------------------------------------------------------------
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

    # ------------------------------------------------------------------
    # Service contracts
    # ------------------------------------------------------------------
    @api.model
    def _load_service_contracts(self):
        company = self.env.ref("crm_lifecycle.demo_company")
        contracts = self.env["service.contract"]
        if contracts.search_count([("company_id", "=", company.id)]):
            return
        self = self.with_company(company).with_context(
            allowed_company_ids=company.ids, tracking_disable=True, lang="en_US"
        )
        for told in story.CONTRACTS:
            contract = self._load_service_contract(told)
            contracts |= contract
            self.env["ir.model.data"]._update_xmlids(
                [
                    {
                        "xml_id": f"crm_service_contract.demo_contract_{told.key}",
                        "record": contract,
                        "noupdate": True,
                    }
                ]
            )
            if told.state != "draft":
                contract.action_confirm()
            if told.state == "terminated":
                last = self._month_day(3, 1) - relativedelta(days=1)
                contract._terminate(last, "The dye house was closed")
        contracts.filtered(lambda c: c.state != "draft").action_bill()
        contracts._cron_update_state()
        for contract, told in zip(contracts, story.CONTRACTS, strict=True):
            self._settle_service_contract(contract, told)
        self.env["crm.customer"]._refresh_all()

    def _load_service_contract(self, told):
        start = self._month_day(told.start, told.day)
        end = None
        if told.end is not None:
            end = self._month_day(told.end, 1) - relativedelta(days=1)
        return self.env["service.contract"].create(
            {
                "name": told.name,
                "partner_id": self._ref("partner", told.customer).id,
                "company_id": self.env.company.id,
                "currency_id": self.env.company.currency_id.id,
                "user_id": self._ref("user", told.owner).id,
                "date_start": start,
                "date_end": end,
                "date_anchor": start if told.day == 31 else start.replace(day=1),
                "terms": told.terms,
                "payment_term_id": self.env.ref(
                    "account.account_payment_term_30days"
                ).id,
                "line_ids": [
                    Command.create(self._prepare_service_line_values(line))
                    for line in told.lines
                ],
            }
        )

    def _prepare_service_line_values(self, line):
        product = self._ref("product", line.product)
        return {
            "product_id": product.id,
            "name": f"{product.name}\n{line.note}" if line.note else product.name,
            "quantity": line.quantity,
            "recurring_rule_type": line.unit,
            "billing_mode": line.mode,
            "discount": line.discount,
        }

    def _settle_service_contract(self, contract, told):
        """Post all invoices and pay all but the latest ones."""
        moves = contract.move_ids.sorted(lambda move: (move.invoice_date, move.id))
        moves.action_post()
        paid = moves[: len(moves) - told.unpaid]
        today = fields.Date.context_today(self)
        self._load_payments(
            [
                (move, max((today - move.invoice_date).days - 18, 0))
                for move in paid
                if move.amount_residual
            ]
        )

    def _month_day(self, months_ago, day):
        today = fields.Date.context_today(self)
        return today + relativedelta(months=-months_ago, day=day)
