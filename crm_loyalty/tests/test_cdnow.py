"""Real purchases, brought in the way a user does, give the published classes."""

from odoo.tests import TransactionCase, new_test_user, tagged

from . import cdnow

PARTNER_HEADER = ["External ID", "Name"]
PURCHASE_HEADER = ["Customer", "Date", "Amount", "Reference", "Source"]
PURCHASE_FIELDS = ["partner_id/id", "date", "amount", "reference", "source"]
OPTIONS = {"has_headers": True, "quoting": '"', "separator": ",", "encoding": "utf-8"}
BATCH = 5000  # rows in one call


class CdnowCommon(TransactionCase):
    """A company of its own, whose manager imports a file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create(
            {"name": "CDNOW", "currency_id": cls.env.ref("base.USD").id}
        )
        cls.manager = new_test_user(
            cls.env,
            "cdnow_manager",
            groups="sales_team.group_sale_manager,base.group_partner_manager",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.env = cls.env(user=cls.manager, context={"tracking_disable": True})

    @classmethod
    def _import(cls, model, fields, header, rows):
        """Import rows through the import screen's own method; return record ids."""
        wizard = cls.env["base_import.import"].create(
            {
                "res_model": model,
                "file": cdnow.to_csv(header, rows),
                "file_type": "text/csv",
                "file_name": "cdnow.csv",
            }
        )
        result = wizard.execute_import(fields, header, {**OPTIONS})
        assert not result["messages"], result["messages"]
        return result["ids"]

    @classmethod
    def _import_customers(cls, purchases):
        numbers = dict.fromkeys(purchase.customer for purchase in purchases)
        rows = [(f"cdnow_{number}", f"Customer {number}") for number in numbers]
        for start in range(0, len(rows), BATCH):
            cls._import(
                "res.partner", ["id", "name"], PARTNER_HEADER, rows[start:][:BATCH]
            )

    @classmethod
    def _import_purchases(cls, purchases):
        rows = [
            (f"cdnow_{one.customer}", one.date, one.amount, one.reference, "cdnow")
            for one in purchases
        ]
        for start in range(0, len(rows), BATCH):
            cls._import(
                "crm.purchase.history",
                PURCHASE_FIELDS,
                PURCHASE_HEADER,
                rows[start:][:BATCH],
            )
        # autovacuum, which does this in a company's database, cannot see a test's rows
        cls.env.cr.execute("ANALYZE res_partner, crm_purchase_history")

    @classmethod
    def _rate(cls):
        policy = cls.env["crm.loyalty.policy"].create({})
        policy.action_run()
        return policy.last_run_id

    def _count(self, run):
        return run.count_a, run.count_b, run.count_c


@tagged("post_install", "-at_install")
class TestCdnowSample(CdnowCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.purchases = cdnow.purchases(cdnow.SAMPLE)
        cls._import_customers(cls.purchases)
        cls._import_purchases(cls.purchases)

    def test_the_sample_gives_the_published_classes(self):
        run = self._rate()
        self.assertEqual(run.customer_count, 2357)
        self.assertAlmostEqual(run.revenue, 244091.94, 2)
        self.assertEqual(self._count(run), (777, 801, 779))

    def test_the_same_file_again_adds_nothing(self):
        self._import_purchases(self.purchases)
        self.assertEqual(self.env["crm.purchase.history"].search_count([]), 6919)

    def test_equal_customers_get_equal_scores(self):
        self._rate()
        groups = self.env["crm.customer"]._read_group(
            [("rfm_segment", "!=", False)],
            ["purchase_count"],
            ["rfm_frequency:min", "rfm_frequency:max", "__count"],
        )
        self.assertTrue(all(low == high for _count, low, high, _n in groups))
        once = next(count for purchases, *_scores, count in groups if purchases == 1)
        self.assertGreater(once, 2357 / 2)


@tagged("post_install", "-at_install")
class TestCdnowFull(CdnowCommon):
    """All 69,659 rows: about a minute on two idle cores."""

    def test_the_full_file_gives_the_published_classes(self):
        purchases = cdnow.purchases(cdnow.FULL)
        self._import_customers(purchases)
        self._import_purchases(purchases)
        run = self._rate()
        self.assertEqual(run.customer_count, 23570)
        self.assertAlmostEqual(run.revenue, 2500315.63, 2)
        self.assertEqual(self._count(run), (7695, 8044, 7831))
        self.assertAlmostEqual(run.top_share, 0.67777, 5)
        pareto = self.env["crm.customer"].get_pareto()
        self.assertEqual(len(pareto["points"]), 100)
        self.assertAlmostEqual(pareto["top_share"], 0.67777, 5)
