from odoo.tests import Form, tagged

from .timeline import TimelineCommon


@tagged("post_install", "-at_install")
class TestTimelineCounts(TimelineCommon):
    """The number of statements does not grow with what a customer has."""

    def _count(self, work):
        self.env.invalidate_all()
        work()  # loads access rules, languages and the like
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        return self.env.cr.sql_log_count - before

    def _make_interactions(self, count):
        self.env["crm.interaction"].create(
            [
                {
                    "name": f"Call {number}",
                    "partner_id": self.hormuz.id,
                    "company_id": self.arvand.id,
                    "channel_id": self.phone.id,
                    "date": self._ago(number / 10),
                }
                for number in range(count)
            ]
        )

    def test_a_page_costs_the_same_with_ten_and_with_five_hundred_entries(self):
        self._make_story(self.hormuz)
        self._make_interactions(10)
        few = self._count(lambda: self._page(user=self.nika, limit=500))
        self._make_interactions(500)
        for _turn in range(10):
            self._make_lead(self.hormuz)
            self._make_meeting(self.hormuz)
        many = self._count(lambda: self._page(user=self.nika, limit=500))
        self.assertEqual(few, many)
        self.assertEqual(len(self._page(limit=500)["entries"]), 500)

    def test_the_form_costs_the_same_with_few_and_with_many_entries(self):
        specification = Form(self.customer.with_user(self.nika))._view["fields_spec"]

        def read_form():
            self.customer.with_user(self.nika).web_read(specification)

        self._make_story(self.hormuz)
        few = self._count(read_form)
        self._make_interactions(200)
        for _turn in range(5):
            self._make_lead(self.hormuz)
            self._make_meeting(self.hormuz)
        self.assertEqual(self._count(read_form), few)

    def test_last_contact_and_next_step_cost_the_same_for_one_and_for_many(self):
        partners = self.env["res.partner"].create(
            [{"name": f"P{number}", "is_company": True} for number in range(20)]
        )
        customers = self.env["crm.customer"].create(
            [
                {"partner_id": partner.id, "company_id": self.arvand.id}
                for partner in partners
            ]
        )
        for partner, customer in zip(partners, customers, strict=True):
            self._make_interaction(partner)
            customer.activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.nika.id
            )
        names = ["last_contact_at", "last_contact_kind", "next_step"]
        one = self._count(lambda: customers[:1].with_user(self.nika).read(names))
        many = self._count(lambda: customers.with_user(self.nika).read(names))
        self.assertEqual(one, many)
