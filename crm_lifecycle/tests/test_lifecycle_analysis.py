from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .common import LifecycleCommon

CODES = ("identify", "select", "acquire", "develop", "retain", "lost")
MONTH = "2026-01-01"


class TestLifecycleAnalysis(LifecycleCommon):
    """Figures of known histories, and the records behind each figure.

    | customer | accountable | stages, with the day of entry                      |
    |----------|-------------|----------------------------------------------------|
    | alborz   | omid        | identify 1 Jan, develop 11 Jan, retain 21 Feb      |
    | bistun   | omid        | acquire 1 Jan, develop 31 Jan, lost 15 Mar         |
    | chabahar | nika        | select 1 Jan, acquire 1 May                        |
    | damavand | nika        | identify 1 June                                    |
    """

    STORIES = {
        "alborz": {"identify": "01-01", "develop": "01-11", "retain": "02-21"},
        "bistun": {"acquire": "01-01", "develop": "01-31", "lost": "03-15"},
        "chabahar": {"select": "01-01", "acquire": "05-01"},
        "damavand": {"identify": "06-01"},
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.History = cls.env["crm.lifecycle.history"]
        cls.customers = {}
        for number, (name, story) in enumerate(cls.STORIES.items()):
            partner = cls.env["res.partner"].create({"name": name.title()})
            customer = cls.Customer.create(
                {
                    "partner_id": partner.id,
                    "user_id": (cls.nika, cls.omid)[number < 2].id,
                }
            )
            cls.customers[name] = customer
            cls._tell(customer, story)
        cls.env.flush_all()
        cls.env.cr.precommit.clear()  # the engine does not look at them
        cls.filters = {"date_from": "2025-12-31", "date_to": "2026-06-30"}
        cls.ids = [customer.id for customer in cls.customers.values()]

    @classmethod
    def _tell(cls, customer, story):
        stages = {
            code: cls.env.ref(f"crm_lifecycle.crm_lifecycle_stage_{code}").id
            for code in CODES
        }
        days = [fields.Datetime.to_datetime(f"2026-{day}") for day in story.values()]
        customer.history_ids.sudo().unlink()
        cls.History._insert_intervals(
            SQL(
                """
                SELECT %s AS customer_id, %s AS company_id, seen.stage_id,
                       seen.date_from,
                       lead(seen.date_from) OVER (ORDER BY seen.date_from) AS date_to,
                       NULL::int AS rule_id, NULL::int AS user_id, NULL AS reason
                  FROM unnest(%s::int[], %s::timestamp[]) AS seen(stage_id, date_from)
                """,
                customer.id,
                customer.company_id.id,
                [stages[code] for code in story],
                days,
            )
        )

    def setUp(self):
        super().setUp()
        self.uid_omid = {**self.filters, "user_id": self.omid.id}

    def _as(self, user):
        return self.History.with_user(user).with_context(
            allowed_company_ids=user.company_id.ids
        )

    def _by_code(self, stages, key):
        return {s["code"]: s[key] for s in stages if s["code"] in CODES and s[key]}

    def _count_behind(self, figure, filters=None, user=None):
        history = self._as(user or self.sara)
        action = history.get_figure_action(filters or self.filters, figure)
        model = history.env[action["res_model"]].with_context(**action["context"])
        return model.search_count(action["domain"])

    def test_the_funnel_counts_who_stood_where_at_that_date(self):
        for day, expected in {
            "2026-06-30": {"retain": 1, "lost": 1, "acquire": 1, "identify": 1},
            "2026-02-10": {"develop": 2, "select": 1},
            "2026-01-10": {"identify": 1, "acquire": 1, "select": 1},
            "2025-12-31": {},
        }.items():
            filters = {"date_from": "2025-01-01", "date_to": day}
            funnel = self._as(self.sara).get_funnel(filters)
            self.assertEqual(self._by_code(funnel["stages"], "count"), expected, day)
            self.assertEqual(funnel["customers"], sum(expected.values()))
            for stage in funnel["stages"]:
                figure = {"kind": "count", "stage_id": stage["id"]}
                self.assertEqual(self._count_behind(figure, filters), stage["count"])

    def test_conversion_is_the_share_that_went_on(self):
        funnel = self._as(self.sara).get_funnel(self.filters)
        reached = self._by_code(funnel["stages"], "reached")
        self.assertEqual(
            reached,
            {"identify": 4, "select": 3, "acquire": 3, "develop": 2, "retain": 1},
        )
        rates = {s["code"]: s["conversion"] for s in funnel["stages"]}
        self.assertAlmostEqual(rates["identify"], 3 / 4)
        self.assertAlmostEqual(rates["acquire"], 2 / 3)
        self.assertIsNone(rates["lost"])
        for stage in funnel["stages"]:
            if stage["reached"] is not None:
                figure = {"kind": "reached", "stage_id": stage["id"]}
                self.assertEqual(self._count_behind(figure), stage["reached"])

    def test_leads_without_a_contact_stand_in_the_first_stage(self):
        lead = self.env["crm.lead"].create(
            {"name": "Unknown", "company_id": self.arvand.id, "user_id": self.omid.id}
        )
        self.env.cr.execute(
            SQL("UPDATE crm_lead SET create_date = '2026-03-01' WHERE id = %s", lead.id)
        )
        funnel = self._as(self.sara).get_funnel(self.filters)
        self.assertEqual(funnel["leads"], 1)
        rate = {s["code"]: s["conversion"] for s in funnel["stages"]}["identify"]
        self.assertAlmostEqual(rate, 3 / 5)
        self.assertEqual(self._count_behind({"kind": "leads"}), 1)
        earlier = {**self.filters, "date_to": "2026-02-01"}
        self.assertEqual(self._as(self.sara).get_funnel(earlier)["leads"], 0)

    def test_transitions_add_up_to_everybody(self):
        filters = {"date_from": "2026-02-10", "date_to": "2026-06-30"}
        table = self._as(self.sara).get_transitions(filters)
        codes = {stage["id"]: stage["code"] for stage in table["stages"]}
        order = [stage["id"] for stage in table["stages"]]
        found = {
            (codes.get(row["stage_id"], "new"), codes[after]): count
            for row in table["rows"]
            for after, count in zip(order, row["cells"], strict=True)
            if count
        }
        self.assertEqual(
            found,
            {
                ("develop", "retain"): 1,
                ("develop", "lost"): 1,
                ("select", "acquire"): 1,
                ("new", "identify"): 1,
            },
        )
        self.assertEqual(table["total"], 4)
        self.assertEqual(sum(table["totals"]), 4)
        for row in table["rows"]:
            for after, count in zip(order, row["cells"], strict=True):
                figure = {
                    "kind": "transition",
                    "before": row["stage_id"],
                    "after": after,
                }
                self.assertEqual(self._count_behind(figure, filters), count)

    def test_time_in_stage_is_the_median_of_those_who_left_it(self):
        times = self._as(self.sara).get_times(self.filters)
        stages = {stage["code"]: stage for stage in times["stages"]}
        self.assertEqual(stages["develop"]["left"], 2)
        # alborz 41 days, bistun 43
        self.assertEqual(stages["develop"]["quartiles"], [41.5, 42.0, 42.5])
        self.assertEqual(stages["select"]["quartiles"], [120.0] * 3)
        self.assertIsNone(stages["retain"]["quartiles"])
        self.assertEqual(stages["identify"]["entered"], 2)
        self.assertAlmostEqual(
            stages["identify"]["velocity"], 2 / (181 / (365.25 / 12)), places=6
        )
        self.assertEqual(stages["acquire"]["present"], 1)
        for stage in times["stages"]:
            for kind in ("left", "entered"):
                figure = {"kind": kind, "stage_id": stage["id"]}
                self.assertEqual(self._count_behind(figure), stage[kind])

    def test_a_cohort_is_followed_month_by_month(self):
        cohorts = self._as(self.sara).get_cohorts(self.filters)
        [cohort] = cohorts["cohorts"]
        self.assertEqual((cohort["month"], cohort["size"]), (MONTH, 2))
        # alborz: 11 January + 1 month < 21 February; bistun: lost from 15 March on
        unknown = [None] * 7
        self.assertEqual(cohort["retained"], [0, 1, 1, 1, 1, *unknown])
        self.assertEqual(cohort["lost"], [0, 1, 1, 1, 1, *unknown])
        figure = {"kind": "cohort", "month": MONTH}
        self.assertEqual(self._count_behind(figure), 2)
        for outcome in ("retained", "lost"):
            for number, count in enumerate(cohort[outcome][:5], start=1):
                cell = {**figure, "number": number, "outcome": outcome}
                self.assertEqual(self._count_behind(cell), count, cell)

    def test_filters_narrow_every_part(self):
        sara = self._as(self.sara)
        self.assertEqual(sara.get_funnel(self.uid_omid)["customers"], 2)
        self.assertEqual(sara.get_transitions(self.uid_omid)["total"], 2)
        present = [s["present"] for s in sara.get_times(self.uid_omid)["stages"]]
        self.assertEqual(sum(present), 2)
        nika = {**self.filters, "user_id": self.nika.id}
        self.assertFalse(sara.get_cohorts(nika)["cohorts"])
        team = {**self.filters, "team_id": self.teams[0].id}
        self.assertEqual(sara.get_funnel(team)["customers"], 0)
        for figure in (
            {"kind": "transition", "before": None, "after": None},
            {"kind": "cohort", "month": MONTH},
        ):
            self.assertEqual(self._count_behind(figure, self.uid_omid), 2)

    def test_a_salesperson_sees_the_figures_of_his_own_customers(self):
        omid = self._as(self.omid)
        self.assertEqual(omid.get_funnel(self.filters)["customers"], 2)
        self.assertEqual(omid.get_transitions(self.filters)["total"], 2)
        self.assertEqual(omid.get_cohorts(self.filters)["cohorts"][0]["size"], 2)
        everybody = {"kind": "transition", "before": None, "after": None}
        self.assertEqual(self._count_behind(everybody, user=self.omid), 2)
        users = omid.get_analysis_choices()["users"]
        self.assertEqual([user["id"] for user in users], self.omid.ids)

    def test_another_company_sees_nothing(self):
        bahar = self._as(self.bahar)
        self.assertEqual(bahar.get_funnel(self.filters)["customers"], 0)
        self.assertEqual(bahar.get_transitions(self.filters)["total"], 0)
        self.assertFalse(bahar.get_cohorts(self.filters)["cohorts"])
        self.assertEqual(bahar.get_analysis_choices()["users"], [])

    def test_who_may_not_read_the_history_gets_no_figures(self):
        figure = {"kind": "transition", "before": None, "after": None}
        for user in (self.leila, self.portal, self.public):
            for read in (
                lambda h: h.get_funnel(self.filters),
                lambda h: h.get_transitions(self.filters),
                lambda h: h.get_times(self.filters),
                lambda h: h.get_cohorts(self.filters),
                lambda h: h.get_figure_action(self.filters, figure),
                lambda h: h.get_analysis_choices(),
            ):
                with self.assertRaises(AccessError):
                    read(self.History.with_user(user))

    def test_impossible_questions_are_refused_in_words(self):
        for wrong in (
            {},
            {"date_from": "yesterday", "date_to": "2026-01-01"},
            {"date_from": "2026-01-02", "date_to": "2026-01-01"},
            {"date_from": "2026-01-01", "date_to": "9999-12-31"},
        ):
            with self.assertRaises(UserError):
                self.History.get_funnel(wrong)
        for wrong in (None, {}, {"kind": "x"}, {"kind": "reached", "stage_id": 0}):
            with self.assertRaises(UserError):
                self.History.get_figure_action(self.filters, wrong)
        cell = {"kind": "cohort", "month": MONTH, "number": 13, "outcome": "lost"}
        with self.assertRaises(UserError):
            self.History.get_figure_action(self.filters, cell)

    def test_the_day_ends_where_the_user_lives(self):
        tehran = self._as(self.sara).with_context(tz="Asia/Tehran")
        # 10 January 20:30 UTC is midnight there: on the 10th develop is not entered
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lifecycle_history SET date_to = '2026-01-10 20:00'"
                " WHERE date_to = '2026-01-11' AND customer_id = %(id)s",
                id=self.customers["alborz"].id,
            )
        )
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lifecycle_history SET date_from = '2026-01-10 20:00'"
                " WHERE date_from = '2026-01-11' AND customer_id = %(id)s",
                id=self.customers["alborz"].id,
            )
        )
        for day, count in {"2026-01-10": 1, "2026-01-09": 0}.items():
            filters = {"date_from": "2025-01-01", "date_to": day}
            stages = tehran.get_funnel(filters)["stages"]
            self.assertEqual(self._by_code(stages, "count").get("develop", 0), count)

    def test_an_archived_customer_still_counts_in_the_past(self):
        self.customers["alborz"].partner_id.active = False
        self.env.flush_all()
        self.assertEqual(self._as(self.sara).get_funnel(self.filters)["customers"], 4)
        everybody = {"kind": "transition", "before": None, "after": None}
        self.assertEqual(self._count_behind(everybody), 4)

    def test_each_part_takes_as_many_queries_for_fifty_as_for_five(self):
        sara = self._as(self.sara)
        parts = [
            sara.get_funnel,
            sara.get_transitions,
            sara.get_times,
            sara.get_cohorts,
        ]

        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            for part in parts:
                part(self.filters)
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        partners = self.env["res.partner"].create(
            [{"name": f"Q{number}"} for number in range(50)]
        )
        self.Customer.create([{"partner_id": partner.id} for partner in partners])
        self.env.flush_all()
        self.assertEqual(count(), few)
