from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestCrmLifecycleTour(HttpCase):
    # | who          | role                                   |
    # | tour_seller  | salesperson, accountable for one customer |

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.ref("base.main_company")
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})
        cls.seller = new_test_user(
            cls.env,
            "tour_seller",
            "sales_team.group_sale_salesman",
            company_id=cls.company.id,
        )
        cls.partner = cls.env["res.partner"].create(
            {"name": "Tour Waterworks", "is_company": True}
        )
        cls.customer = (
            cls.env["crm.customer"]
            .with_company(cls.company)
            .create(
                {
                    "partner_id": cls.partner.id,
                    "company_id": cls.company.id,
                    "user_id": cls.seller.id,
                }
            )
        )
        # a figure that only the engine writes
        cls.customer.sudo().revenue_total = 1500

    def test_salesperson_changes_the_stage_with_a_reason(self):
        self.start_tour(
            "/odoo/crm-customers", "crm_lifecycle_change_stage", login="tour_seller"
        )
        retain = self.env.ref("crm_lifecycle.crm_lifecycle_stage_retain")
        self.assertEqual(self.customer.stage_id, retain)
        self.assertTrue(self.customer.stage_pinned)
        self.assertEqual(self.customer.pin_reason, "Signed the framework agreement")
        self.assertEqual(self.customer.history_ids[0].user_id, self.seller)

    def test_counters_cost_the_same_for_one_customer_and_for_many(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Tour customer {number}"} for number in range(5)]
        )
        customers = self.env["crm.customer"].create(
            [
                {"partner_id": partner.id, "company_id": self.company.id}
                for partner in partners
            ]
        )
        counters = ["invoice_count", "meeting_count", "contact_count"]
        self.customer.mapped(counters[0])
        costs = []
        for group in (customers[:1], customers):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            group.read(counters)
            costs.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*costs)
