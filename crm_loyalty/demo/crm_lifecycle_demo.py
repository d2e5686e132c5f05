from odoo import api, models

# (customer, days ago, satisfaction, recommendation)
ANSWERS = (
    ("hormuz", 34, 9, 10),
    ("caspian", 61, 9, 9),
    ("karun", 48, 7, 6),
    ("alborz", 90, 5, 4),
    ("zagros", 12, 3, 2),
    ("pardis", 75, 8, 9),
    ("kavir", 110, 6, 5),
    ("tabriz", 300, 4, 3),
    ("atlas", 280, 4, 2),
    ("bam", 200, 8, 8),
    ("golestan", 80, 8, 7),
)

# (customer, days ago, basis, competitor, amount, our rank, suppliers, source)
FINDINGS = (
    ("hormuz", 60, "year", "gulf", 40000, 0, 0, "customer"),
    ("alborz", 45, "year", "nordic", 180000, 0, 0, "tender"),
    ("kavir", 100, "rank", "gulf", 0, 2, 3, "visit"),
    ("tabriz", 120, "year", "gulf", 55000, 0, 0, "customer"),
    ("atlas", 150, "purchase", "nordic", 16500, 0, 0, "tender"),
    ("atlas", 90, "purchase", "nordic", 9800, 0, 0, "market"),
    ("zagros", 30, "purchase", "nordic", 5200, 0, 0, "customer"),
)


class CrmLifecycleDemo(models.AbstractModel):
    """What the demo company's customers say of it, and what they buy elsewhere."""

    _inherit = "crm.lifecycle.demo"

    @api.model
    def _load_loyalty(self):
        if self.env.ref("crm_loyalty.demo_competitor_gulf").company_id and (
            self.env["crm.competitor.purchase"].search_count([], limit=1)
        ):
            return
        self._load_findings()
        self._load_answers()

    def _load_findings(self):
        company = self.env.ref("crm_lifecycle.demo_company")
        customers = self.with_company(company)._get_customers()
        self.env["crm.competitor.purchase"].create(
            [
                {
                    "customer_id": customers[self._ref("partner", key)].id,
                    "date": self._day(days),
                    "basis": basis,
                    "competitor_id": self.env.ref(
                        f"crm_loyalty.demo_competitor_{competitor}"
                    ).id,
                    "amount": amount,
                    "own_rank": rank,
                    "supplier_count": suppliers,
                    "source": source,
                }
                for key, days, basis, competitor, amount, rank, suppliers, source in (
                    FINDINGS
                )
            ]
        )

    def _load_answers(self):
        """Completed answers to the shipped survey, as its page would write them."""
        survey = self.env.ref("crm_loyalty.survey_attitude")
        questions = [
            self.env.ref(f"crm_loyalty.survey_question_{kind}")
            for kind in ("satisfaction", "recommendation")
        ]
        for key, days, *answers in ANSWERS:
            partner = self._ref("partner", key)
            contact = partner.child_ids[:1] or partner
            entry = survey._create_answer(partner=contact, check_attempts=False)
            for question, answer in zip(questions, answers, strict=True):
                entry._save_lines(question, str(answer))
            entry._mark_done()
            entry.write({"end_datetime": self._moment(days)})
