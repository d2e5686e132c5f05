"""One customer's journey through the whole suite, over the external API alone.

Lead -> qualified -> quotation -> order -> manufacturing -> delivery -> invoice ->
payment -> class -> contract -> portal -> KPI: each step is a call that a script of an
integrator would make, by XML-RPC or JSON-2.
"""

from contextlib import contextmanager
from datetime import date, timedelta

from odoo.tests import HttpCase, new_test_user, tagged

from .remote import Json2, Refused, XmlRpc

MANAGER_GROUPS = ",".join(
    (
        "sales_team.group_sale_manager",
        "account.group_account_invoice",
        "mrp.group_mrp_manager",
        "stock.group_stock_user",
        "base.group_partner_manager",
        "product.group_product_manager",
        "crm_service_contract.group_manager",
    )
)
DIRECTOR_GROUPS = ",".join(
    (
        "sales_team.group_sale_manager",
        "account.group_account_manager",
        "crm_loyalty.group_manager",
        "crm_strategy_kpi.group_executive",
    )
)
PRICE = 2_400.0
QUANTITY = 2


@tagged("post_install", "-at_install")
class TestCustomerJourney(HttpCase):
    # cast
    # | who      | group                       | speaks  |
    # |----------|-----------------------------|---------|
    # | manager  | sales manager, floor, stock | both    |
    # | director | executive, loyalty manager  | JSON-2  |
    # | leila    | portal, of the customer     | browser |
    # | stranger | portal, of another company  | browser |

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env.company
        if not company.chart_template:
            cls.env["account.chart.template"].try_loading("generic_coa", company)
        cls._new_user("manager", MANAGER_GROUPS)
        cls._new_user("director", DIRECTOR_GROUPS)
        cls.route_mto = cls.env.ref("stock.route_warehouse0_mto")
        cls.route_mto.active = True
        cls.route_make = cls.env.ref("mrp.route_warehouse0_manufacture")
        cls.today = date.today()

    @classmethod
    def _new_user(cls, login, groups):
        return new_test_user(cls.env, login, groups, password=f"{login}-secret")

    def setUp(self):
        super().setUp()
        self.rpc = self._xml_rpc("manager")
        self.buttons = self._json_2("manager")
        self.json = self._json_2("director")

    def test_a_customer_goes_from_lead_to_portal_and_kpi(self):
        partner = self._meet()
        self.assertEqual(self._stage(partner), "acquire")
        order = self._sell(partner)
        self._make(order)
        self._deliver(order)
        invoice = self._invoice(order)
        self._pay(invoice)
        customer = self._customer(partner)
        self.assertEqual(self._stage(partner), "develop")
        self.assertEqual(customer["revenue_total"], QUANTITY * PRICE)
        self._classify(partner)
        contract = self._contract(partner)
        self._look_into_the_portal(partner, contract)
        self._measure()

    # The steps

    def _meet(self):
        partner = self._new("res.partner", name="Journey Desalination", is_company=True)
        lead = self._new(
            "crm.lead", name="Two pumps", partner_id=partner, type="opportunity"
        )
        self.rpc.call("crm.lead", "write", [lead], {"probability": 60})
        self._refresh()
        return partner

    def _sell(self, partner):
        part = self._new("product.product", name="Impeller", is_storable=True)
        stock = {
            "product_id": part,
            "inventory_quantity_auto_apply": 10,
            "location_id": self._warehouse()["lot_stock_id"][0],
        }
        inventory = {"inventory_mode": True}
        self.rpc.call("stock.quant", "create", stock, context=inventory)
        pump = self._new(
            "product.product",
            name="Pump",
            is_storable=True,
            list_price=PRICE,
            taxes_id=[(6, 0, [])],
            invoice_policy="order",
            route_ids=[(6, 0, [self.route_mto.id, self.route_make.id])],
        )
        [template] = self.rpc.call(
            "product.product", "read", [pump], ["product_tmpl_id"]
        )
        self._new(
            "mrp.bom",
            product_tmpl_id=template["product_tmpl_id"][0],
            bom_line_ids=[(0, 0, {"product_id": part, "product_qty": 1})],
        )
        line = {"product_id": pump, "product_uom_qty": QUANTITY}
        order = self._new("sale.order", partner_id=partner, order_line=[(0, 0, line)])
        self._press("sale.order", "action_confirm", order)
        return order

    def _make(self, order):
        [action] = self.rpc.call("sale.order", "read", [order], ["mrp_production_ids"])
        [production] = action["mrp_production_ids"]
        self._press("mrp.production", "button_mark_done", production)
        self.assertEqual(self._value("mrp.production", production, "state"), "done")

    def _deliver(self, order):
        domain = [("sale_id", "=", order), ("state", "!=", "done")]
        for picking in self._find("stock.picking", domain):
            self._press("stock.picking", "action_assign", picking)
            self._press("stock.picking", "button_validate", picking)
            self.assertEqual(self._value("stock.picking", picking, "state"), "done")

    def _invoice(self, order):
        wizard = self._new(
            "sale.advance.payment.inv",
            advance_payment_method="delivered",
            sale_order_ids=[(6, 0, [order])],
        )
        self._press("sale.advance.payment.inv", "create_invoices", wizard)
        [invoice] = self._value("sale.order", order, "invoice_ids")
        self._press("account.move", "action_post", invoice)
        return invoice

    def _pay(self, invoice):
        context = {"active_model": "account.move", "active_ids": [invoice]}
        wizard = self.rpc.call(
            "account.payment.register", "create", {}, context=context
        )
        self._press("account.payment.register", "action_create_payments", wizard)
        self.assertIn(
            self._value("account.move", invoice, "payment_state"),
            ("paid", "in_payment"),
        )
        self._refresh()

    def _classify(self, partner):
        policies = self.json.call("crm.loyalty.policy", "search", domain=[])
        self.json.call("crm.loyalty.policy", "action_run", ids=policies)
        [customer] = self.json.call(
            "crm.customer",
            "search_read",
            domain=[("partner_id", "=", partner)],
            fields=["abc_class", "rfm_frequency", "rfm_segment", "cumulative_share"],
        )
        self.assertEqual(customer["abc_class"], "a")
        self.assertTrue(customer["rfm_segment"])

    def _contract(self, partner):
        product = self._new(
            "product.product",
            name="Remote monitoring",
            type="service",
            taxes_id=[(6, 0, [])],
        )
        line = {
            "product_id": product,
            "quantity": 1,
            "price_unit": 120,
            "recurring_rule_type": "month",
            "recurring_interval": 1,
            "billing_mode": "pre",
        }
        contract = self._new(
            "service.contract",
            name="Pump care",
            partner_id=partner,
            date_start=str(self.today),
            line_ids=[(0, 0, line)],
        )
        self._press("service.contract", "action_confirm", contract)
        for _press in range(2):
            self._press("service.contract", "action_bill", contract)
        [period] = self.rpc.call(
            "service.contract.period",
            "search_read",
            [("line_id.contract_id", "=", contract), ("state", "=", "billed")],
            ["amount", "move_line_id"],
        )
        self.assertEqual(period["amount"], 120)
        self.assertTrue(period["move_line_id"])
        self._refresh()
        self.assertTrue(self._customer(partner)["is_contractual"])
        return contract

    def _look_into_the_portal(self, partner, contract):
        """Users are made by the administrator; the page is asked for as they would."""
        env = self.env
        stranger = env["res.partner"].create({"name": "Other Works"})
        for login, parent in (("leila", partner), ("stranger", stranger.id)):
            user = self._new_user(login, "base.group_portal")
            user.partner_id.parent_id = parent
        address = f"/my/service-contracts/{contract}"
        self.authenticate("leila", "leila-secret")
        page = self.url_open(address)
        self.assertEqual(page.status_code, 200)
        self.assertIn("Remote monitoring", page.text)
        self.authenticate("stranger", "stranger-secret")
        self.assertNotIn("Remote monitoring", self.url_open(address).text)
        self.authenticate(None, None)
        self.assertNotIn("Remote monitoring", self.url_open(address).text)
        intruder = self._xml_rpc("stranger")
        for model in ("service.contract", "crm.customer", "crm.kpi.value"):
            with self.assertRaises(Exception, msg=model) as refusal:
                intruder.call(model, "search_read", [], ["display_name"])
            self.assertIn("not allowed", str(refusal.exception))

    def _measure(self):
        first = self.today.replace(day=1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        for measure, expected in (
            ("net_revenue", 2 * PRICE),
            ("on_time_completion", 1),
        ):
            kpi = self.json.call(
                "crm.kpi",
                "create",
                vals_list=[
                    {
                        "code": f"journey_{measure}",
                        "name": measure,
                        "measure": measure,
                        "direction": "up",
                    }
                ],
            )
            self.json.call(
                "crm.kpi",
                "action_measure",
                ids=kpi,
                date_from=str(first),
                date_to=str(last),
            )
            [value] = self.json.call(
                "crm.kpi.value",
                "search_read",
                domain=[("kpi_id", "in", kpi)],
                fields=["value", "numerator", "denominator", "period_start"],
            )
            self.assertEqual(value["period_start"], str(first))
            self.assertGreaterEqual(value["value"], expected)
        with self.assertRaises(Refused) as refusal:
            self.json.call("crm.kpi", "action_measure", ids=kpi, date_from="x")
        self.assertGreaterEqual(refusal.exception.status, 400)

    # How a script writes them

    def _xml_rpc(self, login):
        database = self.env.cr.dbname
        return XmlRpc(
            self.base_url(), database, login, f"{login}-secret", self._admitted
        )

    def _json_2(self, login):
        user = self.env["res.users"].search([("login", "=", login)])
        keys = self.env["res.users.apikeys"].with_user(user).sudo()
        key = keys._generate("rpc", "journey", date.today() + timedelta(days=1))
        return Json2(self.base_url(), self.env.cr.dbname, key, self._admitted)

    def _press(self, model, method, *ids, **context):
        """A button; many return None inside, which XML-RPC cannot carry."""
        return self.buttons.call(model, method, ids=list(ids), context=context)

    @contextmanager
    def _admitted(self):
        """The test server works in the test's transaction, one request at a time."""
        self.env.cr.flush()
        self.env.cr.clear()
        with self.allow_requests(all_requests=True):
            yield

    def _new(self, model, **values):
        return self.rpc.call(model, "create", values)

    def _find(self, model, domain):
        return self.rpc.call(model, "search", domain)

    def _value(self, model, record, name):
        return self.rpc.call(model, "read", [record], [name])[0][name]

    def _warehouse(self):
        return self.rpc.call("stock.warehouse", "search_read", [], ["lot_stock_id"])[0]

    def _refresh(self):
        self._press("crm.customer", "action_refresh")

    def _customer(self, partner):
        [customer] = self.rpc.call(
            "crm.customer",
            "search_read",
            [("partner_id", "=", partner)],
            ["stage_id", "revenue_total", "is_contractual"],
        )
        return customer

    def _stage(self, partner):
        stage = self._customer(partner)["stage_id"][0]
        return self._value("crm.lifecycle.stage", stage, "code")
