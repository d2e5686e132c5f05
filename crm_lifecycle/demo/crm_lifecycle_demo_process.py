from datetime import timedelta
from random import Random

from odoo import Command, api, models

from . import process_story as told
from . import story


class CrmLifecycleDemo(models.AbstractModel):
    """Processes of the demo company, and what its customers answered about them."""

    _inherit = "crm.lifecycle.demo"

    @api.model
    def _load_processes(self):
        """Load the register with all that belongs to it, then measure it."""
        company = self.env.ref("crm_lifecycle.demo_company")
        if self.env["crm.process"].search_count([("company_id", "=", company.id)]):
            return
        self = self._in_company(company)
        processes = {
            process.key: self.env["crm.process"].create(
                self._prepare_process_values(process)
            )
            for process in told.PROCESSES
        }
        self._load_process_answers(company.process_survey_id, processes)
        self._load_process_parts(processes)
        self.env["crm.process"]._cron_measure()
        self.env["crm.process"]._cron_remind_reviews()

    def _prepare_process_values(self, process):
        cost, cost_source = process.cost or (0, False)
        share, share_note = process.share or (0, False)
        name, unit, direction, target = process.target or (False, False, "down", 0)
        return {
            "name": process.name,
            "company_id": self.env.company.id,
            "owner_id": self._ref("user", process.owner).id,
            "description": f"<p>{process.about}</p>",
            "segment_ids": [
                Command.set([self._ref("segment", key).id for key in process.segments])
            ],
            "customer_cost": cost,
            "customer_cost_source": cost_source,
            "value_share": share,
            "value_note": share_note,
            "target_name": name,
            "target_unit": unit,
            "target_direction": direction,
            "target_value": target,
            "effect_ids": [
                Command.create(
                    {
                        "goal_id": self.env.ref(
                            f"crm_lifecycle.crm_process_goal_{goal}"
                        ).id,
                        "effect": str(effect),
                        "reason": reason,
                    }
                )
                for goal, (effect, reason) in process.effects.items()
            ],
            "measurement_ids": [
                Command.create(
                    {"date": self._day(30 * back + 3), "value": value, "note": note}
                )
                for back, (value, note) in enumerate(
                    (value, "Counted in the order list")
                    for value in reversed(process.measured)
                )
            ],
        }

    def _load_process_answers(self, survey, processes):
        """Two thirds of the buyers answered within the last five months."""
        random = Random(story.SEED)
        for index, buyer in enumerate(story.BUYERS):
            if index % 3 == 2:
                continue
            partner = self._ref("partner", buyer.key)
            taken = survey._create_answer(
                partner=partner.child_ids[:1] or partner, check_attempts=False
            )
            for place, measure in enumerate(("importance", "satisfaction", "effort")):
                question = survey.question_ids.filtered(
                    lambda q, m=measure: q.crm_measure == m
                )
                taken._save_lines(
                    question, self._draw_choices(question, place, processes, random)
                )
            taken._mark_done()
            taken.end_datetime = self._moment(7 * index + 4, 11)

    def _draw_choices(self, question, place, processes, random):
        """Return {row: [column]} near what the story says of each process."""
        columns = {a.crm_value: str(a.id) for a in question.suggested_answer_ids}
        rows = {row.crm_process_id: str(row.id) for row in question.matrix_row_ids}
        return {
            rows[processes[process.key]]: [
                columns[
                    min(5, max(1, round(random.gauss(process.answers[place], 0.8))))
                ]
            ]
            for process in told.PROCESSES
            if process.answers
        }

    def _load_process_parts(self, processes):
        for key, name, who, due, state, expected in told.CHANGES:
            change = self.env["crm.process.action"].create(
                {
                    "process_id": processes[key].id,
                    "name": name,
                    "user_id": self._ref("user", who).id,
                    "date_deadline": self._day(-due),
                    "expected_effect": expected,
                    "state": "todo",
                }
            )
            if state != "todo":
                change.state = state
        for key, segment, ago, due, findings, decision in told.REVIEWS:
            self.env["crm.process.review"].create(
                {
                    "process_id": processes[key].id,
                    "segment_id": segment and self._ref("segment", segment).id,
                    "date": self._day(ago),
                    "user_id": processes[key].owner_id.id,
                    "findings": findings,
                    "decision": decision,
                    "next_date": self._day(-due),
                }
            )
        for key, from_team, to_team, what, hours, cases in told.HANDOVERS:
            handover = self.env["crm.process.handover"].create(
                {
                    "process_id": processes[key].id,
                    "from_team": from_team,
                    "to_team": to_team,
                    "what": what,
                    "target_hours": hours,
                }
            )
            self._load_cases(handover, cases)

    def _load_cases(self, handover, cases):
        """Cases of the last weeks; a working day has eight hours."""
        values = []
        for index, hours in enumerate(cases):
            start = self._moment(7 * index + 7, 8)
            start += timedelta(days=(7 - start.weekday()) % 7)  # a Monday
            if start > self._moment(0):
                start -= timedelta(days=14)
            days, rest = divmod(hours, 8)
            values.append(
                {
                    "handover_id": handover.id,
                    "name": f"{handover.what} {index + 1}",
                    "date_from": start,
                    "date_to": start + timedelta(days=days, hours=rest),
                }
            )
        self.env["crm.process.handover.log"].create(values)
