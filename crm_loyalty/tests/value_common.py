import random
from datetime import date, timedelta

from .common import LoyaltyCommon

TODAY = date(2026, 6, 30)
CUSTOMERS = 120


class ValueCommon(LoyaltyCommon):
    """A base of simulated customers, large enough to learn from, and Arvand's three."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._say_contracts_by_hand()
        cls.policy.write({"date_as_of": TODAY, "min_customers": 50})
        cls.base = cls.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(CUSTOMERS)]
        )
        cls._buy_like_a_base(cls.base)

    @classmethod
    def _say_contracts_by_hand(cls):
        """Here the tests say who has a contract, also where contracts are installed."""
        Customer = cls.registry["crm.customer"]
        sources = Customer._fact_sources
        cls.classPatch(
            Customer,
            "_fact_sources",
            lambda self: [
                source
                for source in sources(self)
                if "is_contractual" not in source.columns
            ],
        )

    @classmethod
    def _buy_like_a_base(cls, partners, company=None):
        """Each buys at a pace of his own until he stops: always the same way."""
        rng = random.Random(7)
        values = []
        for partner in partners:
            pace, stop = rng.gammavariate(0.8, 1 / 60), rng.betavariate(0.9, 2.0)
            usual = rng.gammavariate(4, 25)
            day = TODAY - timedelta(days=rng.randint(200, 900))
            while day <= TODAY:
                values.append(
                    {
                        "company_id": (company or cls.arvand).id,
                        "partner_id": partner.id,
                        "date": day,
                        "amount": round(usual * rng.uniform(0.5, 1.5), 2),
                        "reference": f"{partner.id}/{len(values)}",
                    }
                )
                if rng.random() < stop:
                    break
                day += timedelta(days=1 + int(rng.expovariate(pace + 1e-4)))
        cls.env["crm.purchase.history"].create(values)

    def _value_columns(self):
        """Every figure of every customer of Arvand."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT id, p_alive, expected_purchases, clv, churn_risk, churn_band,"
            " value_method FROM crm_customer WHERE company_id = %s ORDER BY id",
            [self.arvand.id],
        )
        return self.env.cr.fetchall()
