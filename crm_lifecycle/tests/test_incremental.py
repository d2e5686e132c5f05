from random import Random

from odoo.tests import tagged
from odoo.tools import SQL

from .common import LifecycleCommon

SEEDS = (1, 2, 3)
STEPS = 25


@tagged("post_install", "-at_install")
class TestIncremental(LifecycleCommon):
    """Following events gives what a pass over all gives, whatever people do.

    Random sequences of operations (seeded, so that a failure can be seen again) are
    processed event by event; then one full refresh must find nothing to write.
    """

    def setUp(self):
        super().setUp()
        self.partners = self.env["res.partner"].create(
            [{"name": f"P{number}", "is_company": True} for number in range(4)]
        )
        self.contacts = self.env["res.partner"].create(
            [{"name": f"C{p.id}", "parent_id": p.id} for p in self.partners]
        )
        self.leads, self.orders, self.invoices = [], [], []

    def test_incremental_equals_full(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                random = Random(seed)
                for _step in range(STEPS):
                    getattr(self, random.choice(self._operations()))(random)
                    if random.random() < 0.5:
                        self._process()
                self._process()
                self._assert_nothing_left()

    def _assert_nothing_left(self):
        self.assertEqual(
            self.Customer._collect_fact_changes(), 0, self._left("crm_customer_fact")
        )
        self.assertEqual(
            self.Customer._collect_moves(), 0, self._left("crm_customer_move")
        )
        self.assertFalse(
            self.env.execute_query(
                SQL(
                    """
                    SELECT customer_id FROM (
                        SELECT customer_id, date_to, LEAD(date_from) OVER (
                                   PARTITION BY customer_id ORDER BY date_from, id
                               ) AS next
                          FROM crm_lifecycle_history) history
                     WHERE date_to IS DISTINCT FROM next
                    """
                )
            ),
            "a history has a gap",
        )

    def _left(self, table):
        return self.env.execute_query(SQL("SELECT * FROM %s", SQL.identifier(table)))

    def _operations(self):
        return sorted(name for name in dir(self) if name.startswith("_do_"))

    def _anybody(self, random):
        return random.choice(self.partners | self.contacts)

    def _do_lead(self, random):
        kind = random.choice(["lead", "opportunity"])
        self.leads.append(self._make_lead(self._anybody(random), type=kind))

    def _do_convert(self, random):
        for lead in random.sample(self.leads, min(1, len(self.leads))):
            lead.type = "opportunity"

    def _do_lose(self, random):
        for lead in random.sample(self.leads, min(1, len(self.leads))):
            lead.action_set_lost()

    def _do_reassign(self, random):
        for lead in random.sample(self.leads, min(1, len(self.leads))):
            lead.partner_id = self._anybody(random)

    def _do_quote(self, random):
        order = self._make_order(self._anybody(random), confirm=False)
        self.orders.append(order)

    def _do_confirm(self, random):
        drafts = [order for order in self.orders if order.state == "draft"]
        for order in drafts[:1]:
            order.action_confirm()
            order.date_order = self._days_ago(random.randrange(500))

    def _do_bill(self, random):
        ready = [o for o in self.orders if o.invoice_status == "to invoice"]
        for order in ready[:1]:
            self.invoices.append(self._bill(order))

    def _do_bill_directly(self, random):
        day = self._days_ago(random.randrange(500))
        self.invoices.append(
            self._make_invoice(self._anybody(random), invoice_date=day)
        )

    def _do_refund(self, random):
        posted = [invoice for invoice in self.invoices if invoice.state == "posted"]
        for invoice in random.sample(posted, min(1, len(posted))):
            invoice._reverse_moves(
                [{"invoice_date": invoice.invoice_date}]
            ).action_post()

    def _do_pay(self, random):
        open_ones = [i for i in self.invoices if i.payment_state == "not_paid"]
        for invoice in random.sample(open_ones, min(1, len(open_ones))):
            self._pay(invoice)

    def _do_unpay(self, random):
        paid = [invoice for invoice in self.invoices if invoice.payment_state == "paid"]
        for invoice in random.sample(paid, min(1, len(paid))):
            invoice.line_ids.remove_move_reconcile()

    def _do_reset(self, random):
        posted = [invoice for invoice in self.invoices if invoice.state == "posted"]
        for invoice in random.sample(posted, min(1, len(posted))):
            invoice.button_draft()

    def _do_move_contact(self, random):
        random.choice(self.contacts).parent_id = random.choice(self.partners)

    def _do_free_contact(self, random):
        random.choice(self.contacts).parent_id = False

    def _do_adopt_company(self, random):
        child, parent = random.sample(self.partners, 2)
        if not parent.parent_id and parent.commercial_partner_id != child:
            child.write({"is_company": False, "parent_id": parent.id})

    def _do_describe(self, random):
        self._anybody(random).city = random.choice(["Tehran", False])
