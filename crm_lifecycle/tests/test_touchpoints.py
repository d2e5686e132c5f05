from odoo.exceptions import AccessError, ValidationError

from .common import LifecycleCommon


class TestTouchpoints(LifecycleCommon):
    """Stage x channel x owner, per company, with the gaps."""

    def setUp(self):
        super().setUp()
        self.phone = self.env.ref("crm_lifecycle.crm_channel_phone")
        self.hotline = self._make_touchpoint()

    def _make_touchpoint(self, **overrides):
        values = {
            "name": "Hotline",
            "channel_id": self.phone.id,
            "owner_id": self.omid.id,
            "company_id": self.arvand.id,
            "stage_ids": (self._stage("develop") | self._stage("retain")).ids,
        }
        return self.env["crm.touchpoint"].create({**values, **overrides})

    def _map(self, user=None):
        user = user or self.sara
        Touchpoint = self.env["crm.touchpoint"].with_user(user)
        here = Touchpoint.with_context(allowed_company_ids=user.company_ids.ids)
        return here.get_touchpoint_map()

    def test_the_map_tells_stages_channels_and_who_waits_there(self):
        data = self._map()
        (point,) = data["touchpoints"]
        self.assertEqual(point["owner"], self.omid.name)
        self.assertEqual(point["channel_id"], self.phone.id)
        self.assertEqual(
            set(point["stage_ids"]),
            {self._stage("develop").id, self._stage("retain").id},
        )
        self.assertIn(self._stage("identify").id, [s["id"] for s in data["stages"]])
        codes = self.env["crm.channel"].browse([c["id"] for c in data["channels"]])
        self.assertIn("kiosk", codes.mapped("code"))
        self.assertTrue(data["can_create"])

    def test_an_owner_who_has_left_is_marked(self):
        self.omid.active = False
        self.assertTrue(self._map()["touchpoints"][0]["owner_left"])

    def test_an_archived_channel_stays_while_a_touchpoint_uses_it(self):
        self.phone.active = False
        kiosk = self.env.ref("crm_lifecycle.crm_channel_kiosk")
        kiosk.active = False
        shown = [channel["id"] for channel in self._map()["channels"]]
        self.assertIn(self.phone.id, shown)
        self.assertNotIn(kiosk.id, shown)

    def test_salespeople_look_and_managers_change(self):
        data = self._map(self.omid)
        self.assertEqual(len(data["touchpoints"]), 1)
        self.assertFalse(data["can_create"])
        with self.assertRaises(AccessError):
            self.hotline.with_user(self.omid).name = "Mine"
        self.hotline.with_user(self.sara).name = "Service hotline"

    def test_nobody_else_sees_the_map(self):
        for user in (self.leila, self.portal, self.public):
            with self.assertRaises(AccessError):
                self._map(user)
        self.assertFalse(self._map(self.bahar)["touchpoints"])

    def test_owner_and_stages_are_of_the_touchpoints_company(self):
        with self.assertRaises(ValidationError):
            self._make_touchpoint(owner_id=self.bahar.id)
        theirs = self.env["crm.lifecycle.stage"].create(
            {"name": "Theirs", "code": "theirs", "company_id": self.bahar_company.id}
        )
        with self.assertRaises(ValidationError):
            self._make_touchpoint(stage_ids=theirs.ids)

    def test_usage_counts_the_interactions_of_a_year_there(self):
        values = {
            "name": "Call",
            "partner_id": self.hormuz.id,
            "company_id": self.arvand.id,
            "channel_id": self.phone.id,
        }
        Interaction = self.env["crm.interaction"]
        Interaction.create({**values, "touchpoint_id": self.hotline.id})
        Interaction.create(
            {
                **values,
                "touchpoint_id": self.hotline.id,
                "date": self._days_ago(500),
            }
        )
        Interaction.create(values)
        self.assertEqual(self.hotline.interaction_count, 1)
        self.assertTrue(self.hotline.last_used)
        action = self.hotline.action_view_interactions()
        self.assertEqual(Interaction.search_count(action["domain"]), 2)

    def test_the_map_of_many_touchpoints_takes_no_more_queries(self):
        counts = []
        for number in (3, 30):
            for index in range(number):
                self._make_touchpoint(name=f"Point {index}")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._map()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
