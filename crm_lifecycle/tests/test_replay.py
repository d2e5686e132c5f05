from datetime import date, datetime, time, timedelta
from random import Random

from odoo.tests import tagged
from odoo.tools import SQL

from .common import LifecycleCommon

SEEDS = (1, 2, 3, 4)
DAYS = 60
START = date(2025, 1, 6)

# (name, stage, values); the order and the holds are drawn anew for each story
RULES = (
    ("silent", "lost", {"kind": "silence", "event": "order", "days": 15}),
    (
        "talked again",
        "select",
        {"kind": "event", "event": "interaction", "days": 6, "from": ["lost"]},
    ),
    ("third", "retain", {"domain": "[('paid_order_count', '>=', 3)]"}),
    (
        "first paid",
        "develop",
        {"domain": "[('paid_order_count', '>=', 1), ('revenue_total', '>', 0)]"},
    ),
    (
        "fresh quotation",
        "acquire",
        {
            "domain": "['&', ('quotation_count', '>', 0), '!', "
            "('last_quotation_date', '<', '-9d')]"
        },
    ),
    ("qualified", "acquire", {"domain": "[('qualified_lead_count', '>', 0)]"}),
    ("owes", "develop", {"domain": "[('balance_due', '>', 150)]"}),
    (
        "cold",
        "identify",
        {"kind": "silence", "event": "contact", "days": 8, "from": ["select"]},
    ),
    ("recent lead", "select", {"kind": "event", "event": "lead", "days": 5}),
    ("old lead", "select", {"domain": "[('first_lead_date', '<=', 'today -1m')]"}),
)


@tagged("post_install", "-at_install")
class TestReplay(LifecycleCommon):
    """The past told from documents is the past as it was lived, day by day.

    Random stories (seeded, so that a failure can be seen again) are lived with a moving
    clock: a nightly pass every day, and a refresh after each document. Then the same
    documents are replayed. Histories are compared by day; of two stages on one day the
    later one counts.
    """

    def setUp(self):
        super().setUp()
        self.partners = self.env["res.partner"].create(
            [{"name": f"P{number}", "is_company": True} for number in range(4)]
        )
        self.channel = self.env["crm.channel"].search([], limit=1)

    def test_replay_equals_what_was_lived(self):
        for seed in SEEDS:
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                self._live(Random(seed))
                self._assert_replayed(seed)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_facts_as_of_today_are_the_facts(self):
        self._live(Random(7))
        customers = self._get_customers()
        names = {
            name
            for source in self.Customer._fact_sources()
            for replay in source.replays
            for name in replay.columns
        }
        self.assertIn("balance_due", names)
        running = self._at(DAYS)._sql_moments(names, [], customers.ids)
        last = self.env.execute_query_dict(
            SQL(
                "SELECT DISTINCT ON (id) * FROM (%s) past ORDER BY id, judged_on DESC",
                running,
            )
        )
        self.assertEqual(len(last), len(customers))
        for row in last:
            customer = self.Customer.browse(row["id"])
            for name in names:
                with self.subTest(customer=customer.partner_id.name, fact=name):
                    self.assertEqual(row[name] or False, customer[name] or False)

    # ------------------------------------------------------------------
    # Living
    # ------------------------------------------------------------------
    def _live(self, random):
        self._make_rules(random)
        self.leads, self.orders, self.invoices = [], [], []
        for number in range(DAYS):
            self.day = START + timedelta(days=number)
            self._at(number, 2)._refresh(self.partners.ids)
            hour = 8
            for partner in self.partners:
                while random.random() < 0.15:
                    getattr(self, random.choice(self._operations()))(random, partner)
                    self.env.flush_all()
                    self.env.cr.precommit.clear()
                    hour += 1
                    self._at(number, min(hour, 23))._refresh(self.partners.ids)
                    self.env.invalidate_all()
        self._at(DAYS, 2)._refresh(self.partners.ids)

    def _at(self, number, hour=2):
        moment = datetime.combine(START + timedelta(days=number), time(hour))
        return self.Customer.sudo().with_context(crm_lifecycle_now=moment)

    def _make_rules(self, random):
        """Draw the order of the rules and how long they hold; one hold per stage."""
        holds = {stage: random.choice([0, 0, 3, 12]) for _n, stage, _v in RULES}
        rules = list(RULES)
        random.shuffle(rules)
        for place, (name, stage, values) in enumerate(rules):
            values = dict(values)
            only_from = values.pop("from", [])
            self.env["crm.lifecycle.rule"].create(
                {
                    "name": name,
                    "sequence": place,
                    "company_id": self.arvand.id,
                    "stage_id": self._stage(stage).id,
                    "hold_days": holds[stage],
                    "from_stage_ids": [self._stage(code).id for code in only_from],
                    **values,
                }
            )

    def _operations(self):
        return sorted(name for name in dir(self) if name.startswith("_do_"))

    def _backdate(self, record, *columns):
        record.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE id = %s",
                SQL.identifier(record._table),
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), self.day) for name in columns
                ),
                record.id,
            )
        )
        record.invalidate_recordset()

    def _do_lead(self, random, partner):
        kind = random.choice(["lead", "lead", "opportunity"])
        lead = self._make_lead(partner, type=kind)
        self._backdate(lead, "create_date", "date_conversion")
        self.leads.append(lead)

    def _do_qualify(self, random, partner):
        for lead in self.leads:
            if lead.partner_id == partner and lead.type == "lead":
                lead.type = "opportunity"
                self._backdate(lead, "date_conversion")

    def _do_quote(self, random, partner):
        order = self._make_order(partner, confirm=False)
        self._backdate(order, "create_date", "date_order")
        self.orders.append(order)

    def _do_order(self, random, partner):
        for order in self._find(self.orders, partner, "state", "draft")[:1]:
            order.action_confirm()
            self._backdate(order, "date_order")

    def _do_bill(self, random, partner):
        for order in self._find(self.orders, partner, "invoice_status", "to invoice"):
            invoice = order._create_invoices()
            invoice.invoice_date = self.day
            invoice.action_post()
            self.invoices.append(invoice)

    def _do_bill_directly(self, random, partner):
        invoice = self._make_invoice(partner, invoice_date=self.day)
        self.invoices.append(invoice)

    def _do_pay(self, random, partner):
        for invoice in self._find(self.invoices, partner, "payment_state", "not_paid"):
            self._pay(invoice, payment_date=self.day)
            return

    def _do_pay_half(self, random, partner):
        for invoice in self._find(self.invoices, partner, "payment_state", "not_paid"):
            self._pay(invoice, payment_date=self.day, amount=40.0)
            return

    def _do_call(self, random, partner):
        self.env["crm.interaction"].create(
            {
                "name": "Call",
                "partner_id": partner.id,
                "company_id": self.arvand.id,
                "channel_id": self.channel.id,
                "date": datetime.combine(self.day, time(9)),
            }
        )

    def _do_meet(self, random, partner):
        start = datetime.combine(self.day, time(9))
        self.env["calendar.event"].create(
            {
                "name": "Meeting",
                "start": start,
                "stop": start + timedelta(hours=1),
                "user_id": self.omid.id,
                "partner_ids": [self.omid.partner_id.id, partner.id],
            }
        )

    def _find(self, records, partner, field, value):
        return [r for r in records if r.partner_id == partner and r[field] == value]

    # ------------------------------------------------------------------
    # Comparing
    # ------------------------------------------------------------------
    def _get_customers(self):
        return self.Customer.search(
            [
                ("partner_id", "in", self.partners.ids),
                ("company_id", "=", self.arvand.id),
            ]
        )

    def _assert_replayed(self, seed):
        customers = self._get_customers()
        self.assertTrue(customers)
        replayed = self._at(DAYS, 2).browse(customers.ids)._replay()
        stages = {s.id: s.code for s in self.env["crm.lifecycle.stage"].search([])}
        moves = 0
        for customer in customers:
            told = [
                (stages[i.stage], i.since, bool(i.rule)) for i in replayed[customer.id]
            ]
            self.assertEqual(self._get_days(customer), told, (seed, customer.id))
            moves += len(told)
        self.assertGreater(moves, len(customers) * 2, "a story without moves")

    def _get_days(self, customer):
        """Return [(stage, day, by a rule)] as lived; of one day the last stage."""
        last = {}
        for interval in customer.history_ids.sorted("date_from"):
            last[interval.date_from.date()] = interval
        days = []
        for day, interval in sorted(last.items()):
            stage = interval.stage_id.code
            if not days or days[-1][0] != stage:
                days.append((stage, day, bool(interval.rule_id)))
        return days
