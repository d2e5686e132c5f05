from datetime import datetime, time, timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tools import mute_logger

from .common import LifecycleCommon


class RuleCase(LifecycleCommon):
    """Rules made in a test; the clock is moved by hand."""

    def _make_rule(self, stage="retain", **values):
        values = {"name": "Rule", "sequence": 1, "domain": "[]", **values}
        values["from_stage_ids"] = [
            self._stage(code).id for code in values.pop("only_from", [])
        ]
        return self.env["crm.lifecycle.rule"].create(
            {"stage_id": self._stage(stage).id, **values}
        )

    def _refresh_in(self, days, hour=12):
        """Have the engine look at everybody, so many days from now."""
        moment = datetime.combine(fields.Date.today(), time(hour))
        engine = self.Customer.sudo().with_context(
            crm_lifecycle_now=moment + timedelta(days=days)
        )
        self.env.flush_all()
        engine._refresh((self.hormuz | self.caspian).ids)
        self.env.invalidate_all()
        return self._customer_of(self.hormuz).stage_id.code

    def _log_call(self, partner, days_ago=0):
        channel = self.env["crm.channel"].search([], limit=1)
        self.env["crm.interaction"].create(
            {
                "name": "Call",
                "partner_id": partner.id,
                "company_id": self.arvand.id,
                "channel_id": channel.id,
                "date": datetime.combine(self._days_ago(days_ago), time()),
            }
        )


class TestRuleKinds(RuleCase):
    def test_an_event_puts_the_customer_there_at_once_for_some_days(self):
        self._make_rule(kind="event", event="quotation", days=10)
        self._make_order(self.hormuz, confirm=False)
        self._process()
        customer = self._customer_of(self.hormuz)
        self.assertEqual(customer.stage_id.code, "retain")
        self.assertEqual(self._refresh_in(9), "retain")
        self.assertEqual(self._refresh_in(10), "acquire")

    def test_an_event_for_good_never_ends(self):
        self._make_rule(kind="event", event="lead", days=0)
        self._make_lead(self.hormuz)
        self.assertEqual(self._refresh_in(0), "retain")
        self.assertEqual(self._refresh_in(2000), "retain")

    def test_a_noted_call_is_an_event_that_wakes_the_engine(self):
        self._make_rule(kind="event", event="interaction", days=5)
        self._make_lead(self.hormuz)
        self._process()
        self._log_call(self.hormuz)
        self._process()
        self.assertEqual(self._customer_of(self.hormuz).stage_id.code, "retain")

    def test_a_meeting_is_a_contact_in_the_company_of_who_holds_it(self):
        for company in (self.arvand, self.bahar_company):
            self._make_lead(self.hormuz, company_id=company.id)
        start = datetime.combine(self._days_ago(3), time(9))
        self.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": start,
                "stop": start + timedelta(hours=1),
                "user_id": self.omid.id,
                "partner_ids": [self.omid.partner_id.id, self.reza.id],
            }
        )
        self._process()
        customer = self._customer_of(self.hormuz)
        self.assertEqual(customer.last_contact_date, self._days_ago(3))
        other = self._customer_of(self.hormuz, self.bahar_company)
        self.assertFalse(other.last_contact_date)

    def test_an_event_counts_only_for_who_matches_the_condition(self):
        self._make_rule(
            kind="event", event="lead", days=9, domain="[('lead_count', '>', 1)]"
        )
        self._make_lead(self.hormuz)
        self.assertEqual(self._refresh_in(0), "identify")
        self._make_lead(self.hormuz)
        self.assertEqual(self._refresh_in(0), "retain")

    def test_silence_begins_on_its_day_and_not_for_who_never_had_the_event(self):
        self._make_rule("lost", kind="silence", event="quotation", days=30)
        self._make_order(self.hormuz, confirm=False)
        self._make_lead(self.caspian)
        self.assertEqual(self._refresh_in(29), "acquire")
        self.assertEqual(self._refresh_in(30), "lost")
        self.assertEqual(self._customer_of(self.caspian).stage_id.code, "identify")

    def test_silence_seen_late_began_when_it_began(self):
        self._make_rule("lost", kind="silence", event="quotation", days=30)
        self._make_order(self.hormuz, confirm=False)
        self.assertEqual(self._refresh_in(0), "acquire")
        self.assertEqual(self._refresh_in(75), "lost")
        since = self._customer_of(self.hormuz).stage_since.date()
        self.assertEqual(since, fields.Date.today() + timedelta(days=30))

    def test_a_prospect_without_any_contact_goes_cold_and_warms_again(self):
        self._make_lead(self.hormuz, type="opportunity")
        self.assertEqual(self._refresh_in(179), "acquire")
        self.assertEqual(self._refresh_in(180), "identify")
        self._make_order(self.hormuz, confirm=False)
        self.assertEqual(self._refresh_in(0), "acquire")

    def test_a_rule_for_some_stages_looks_at_no_others(self):
        self._make_rule(
            "select", kind="event", event="interaction", days=30, only_from=["lost"]
        )
        self._make_invoice(self.hormuz, invoice_date=self._days_ago(400))
        self._make_lead(self.caspian, type="opportunity")
        self.assertEqual(self._refresh_in(-1), "lost")
        for partner in (self.hormuz, self.caspian):
            self._log_call(partner)
        self.assertEqual(self._refresh_in(0), "select")
        self.assertEqual(self._customer_of(self.caspian).stage_id.code, "acquire")
        self.assertEqual(self._refresh_in(29), "select")
        self.assertEqual(self._refresh_in(30), "lost")

    def test_coming_back_from_lost_is_a_win_back_with_its_day(self):
        self._make_invoice(self.hormuz, invoice_date=self._days_ago(400))
        self.assertEqual(self._refresh_in(-1), "lost")
        self.assertFalse(self._customer_of(self.hormuz).won_back_date)
        self._make_order(self.hormuz)
        self.assertEqual(self._refresh_in(0), "acquire")
        today = fields.Date.today()
        self.assertEqual(self._customer_of(self.hormuz).won_back_date, today)

    def test_a_person_wins_back_too(self):
        self._make_invoice(self.hormuz, invoice_date=self._days_ago(400))
        self._process()
        customer = self._customer_of(self.hormuz)
        customer.stage_id = self._stage("acquire")
        self.assertEqual(customer.won_back_date, fields.Date.today())

    def test_no_rule_takes_a_customer_back_within_its_hold(self):
        self._make_rule(
            "select", domain="[('lead_count', '=', 1)]", hold_days=10, sequence=2
        )
        self._make_rule("retain", kind="event", event="quotation", days=2)
        self._make_lead(self.hormuz)
        self.assertEqual(self._refresh_in(-5), "select")
        order = self._make_order(self.hormuz, confirm=False)
        self.assertEqual(self._refresh_in(0), "retain")
        order.unlink()
        for days in (1, 5, 9):
            self.assertEqual(self._refresh_in(days), "retain")
        self.assertEqual(self._refresh_in(10), "select")

    def test_what_is_taken_back_on_the_same_day_is_not_held(self):
        self._make_rule(
            "select", domain="[('lead_count', '=', 1)]", hold_days=10, sequence=2
        )
        self._make_rule("retain", kind="event", event="quotation", days=2)
        self._make_lead(self.hormuz)
        self.assertEqual(self._refresh_in(-5), "select")
        order = self._make_order(self.hormuz, confirm=False)
        self.assertEqual(self._refresh_in(0, hour=9), "retain")
        order.unlink()
        self.assertEqual(self._refresh_in(0, hour=10), "select")

    def test_who_was_moved_by_a_person_is_not_held(self):
        self._make_rule(
            "select", domain="[('lead_count', '=', 1)]", hold_days=10, sequence=2
        )
        self._make_lead(self.hormuz)
        self.assertEqual(self._refresh_in(-5), "select")
        customer = self._customer_of(self.hormuz)
        customer.stage_id = self._stage("retain")
        customer.action_unpin()
        self.assertEqual(self._refresh_in(1), "select")

    def test_incomplete_rules_are_refused_with_the_reason(self):
        for values, part in (
            ({"kind": "event"}, "event"),
            ({"kind": "silence", "event": "order"}, "days"),
            ({"domain": "[('last_order_date', '=', '=monday')]"}, "=monday"),
            ({"domain": "[('last_order_date', 'in', ['-3d'])]"}, "-3d"),
            ({"domain": "[('last_order_date', 'like', '-3d')]"}, "-3d"),
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(ValidationError, part),
            ):
                self._make_rule(**values)

    def test_negative_days_are_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.cr.savepoint():
                self._make_rule(hold_days=-1)

    def test_an_event_whose_addon_is_gone_never_happens(self):
        rule = self._make_rule(kind="event", event="lead", days=9)
        self.env.cr.execute(
            "UPDATE crm_lifecycle_rule SET event = 'gone' WHERE id = %s", [rule.id]
        )
        rule.invalidate_recordset()
        self._make_lead(self.hormuz)
        self.assertEqual(self._refresh_in(0), "identify")
