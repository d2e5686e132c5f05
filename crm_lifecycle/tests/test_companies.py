from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

from .common import LifecycleCommon


class TestCompanies(LifecycleCommon):
    def setUp(self):
        super().setUp()
        self._make_lead(self.hormuz)
        self._make_lead(self.hormuz, company_id=self.bahar_company.id)
        self._make_lead(self.hormuz, company_id=self.bahar_company.id)
        self._process()
        self.here = self._customer_of(self.hormuz)
        self.there = self._customer_of(self.hormuz, self.bahar_company)

    def test_each_company_has_a_row_of_its_own(self):
        self.assertEqual(self.here.lead_count, 1)
        self.assertEqual(self.there.lead_count, 2)

    def test_a_manager_sees_and_changes_only_his_companys_rows(self):
        seen = self.Customer.with_user(self.sara).search(
            [("partner_id", "=", self.hormuz.id)]
        )
        self.assertEqual(seen, self.here)
        with self.assertRaises(AccessError):
            self.there.with_user(self.sara).lead_count  # noqa: B018 reading is the test
        with self.assertRaises(AccessError):
            self.there.with_user(self.sara).action_refresh()

    def test_accountable_people_work_in_the_company(self):
        with self.assertRaises(ValidationError):
            self.here.user_id = self.bahar
        with self.assertRaises(ValidationError):
            self.here.team_id = self.teams[1]
        self.there.write({"user_id": self.bahar.id, "team_id": self.teams[1].id})

    def test_a_stage_of_another_company_is_refused(self):
        stage = self.env["crm.lifecycle.stage"].create(
            {"name": "Trial", "code": "trial", "company_id": self.bahar_company.id}
        )
        with self.assertRaises(ValidationError):
            self.here.stage_id = stage
        self.there.stage_id = stage

    def test_a_lead_without_company_belongs_to_who_works_on_it(self):
        self.caspian.company_id = self.bahar_company
        for values in (
            {"user_id": self.bahar.id},  # its salesperson's company
            {"partner_id": self.caspian.id},  # its contact's company
        ):
            values = {"team_id": False, "partner_id": self.hormuz.id, **values}
            values["company_id"] = self.bahar_company.id
            lead = self._make_lead(self.hormuz, **values)
            self.env.flush_all()
            query = SQL("UPDATE crm_lead SET company_id = NULL WHERE id = %s", lead.id)
            self.env.cr.execute(query)
        self._process()
        self.assertEqual(self.there.lead_count, 3)
        self.assertEqual(self.here.lead_count, 1)
        customer = self._customer_of(self.caspian, self.bahar_company)
        self.assertEqual(customer.lead_count, 1)
        self.assertFalse(self._customer_of(self.caspian))

    def test_a_manager_sees_only_his_companys_events_and_contacts(self):
        self.caspian.company_id = self.bahar_company
        Event = self.env["crm.customer.event"]
        here, there, anywhere = Event.create(
            [
                {"kind": "lead", "root_company": company, "partner_id": partner.id}
                for company, partner in (
                    (self.env.company.root_id.id, self.hormuz),
                    (self.bahar_company.id, self.caspian),
                    (False, self.caspian),
                )
            ]
        ).with_user(self.sara)
        seen = Event.with_user(self.sara).search(
            [("id", "in", (here + there + anywhere).ids)]
        )
        self.assertEqual(seen, here + anywhere)
        self.assertEqual(here.contact_id, self.hormuz)
        self.assertFalse(anywhere.contact_id)
        with self.assertRaises(AccessError):
            there.read(["kind"])
