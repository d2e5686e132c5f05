from odoo import api, models
from odoo.tools.mail import email_normalize

from .crm_process_answer import MEASURES

TEMPLATE = "crm_lifecycle.crm_process_survey"


class CrmProcess(models.Model):
    """The survey that asks customers about the processes: its rows are the register.

    Each company asks with its own copy of the shipped survey, so that no customer reads
    of another company's processes. A process that is archived is no longer asked for;
    its answers stay: its rows wait at the shipped survey, which nobody is asked.
    """

    _inherit = "crm.process"

    def _sync_surveys(self):
        """Give each active process its row in each question; write what differs."""
        # who keeps the register need not have rights in surveys
        processes = self.sudo().with_context(active_test=False)
        for company in processes.company_id:
            survey = company._get_process_survey()
            if survey:
                everything = processes.search([("company_id", "=", company.id)])
                everything._sync_rows(survey)

    def _sync_rows(self, survey):
        rows = self.env["survey.question.answer"].search(
            [("crm_process_id", "in", self.ids)]
        )
        known = {(r.crm_process_id, r.matrix_question_id.crm_measure): r for r in rows}
        active = {q.crm_measure: q for q in survey.question_ids if q.crm_measure}
        shipped = {q.crm_measure: q for q in self.env.ref(TEMPLATE).question_ids}
        missing = []
        for process in self:
            for measure, _label in MEASURES:
                asked = active if process.active else shipped
                row = known.get((process, measure))
                if row:
                    process._update_row(row, asked.get(measure))
                elif process.active and measure in active:
                    missing.append(process._prepare_row_values(active[measure]))
        created = self.env["survey.question.answer"].create(missing)
        for row in created:
            row.crm_process_id._translate_row(row)

    def _prepare_row_values(self, question):
        return {
            "matrix_question_id": question.id,
            "crm_process_id": self.id,
            "value": self.name,
            "sequence": self.sequence,
        }

    def _update_row(self, row, question):
        if question and row.matrix_question_id != question:
            row.matrix_question_id = question
        if row.sequence != self.sequence:
            row.sequence = self.sequence
        self._translate_row(row)

    def _translate_row(self, row):
        """Let the row read as the process in every installed language."""
        for code, _name in self.env["res.lang"].get_installed():
            name = self.with_context(lang=code).name
            translated = row.with_context(lang=code)
            if translated.value != name:
                translated.value = name

    @api.model
    def _get_survey_recipients(self, partners):
        """Return the contacts who may be asked: they have an address and did not opt
        out. A company without an address of its own is asked through its first contact
        that has one.
        """
        family = self.env["res.partner"].search(
            [("parent_id", "in", partners.ids), ("email", "!=", False)], order="id"
        )
        first = {}
        for contact in family:
            first.setdefault(contact.parent_id, contact)
        asked = partners.browse().union(
            *(
                partner if partner.email else first.get(partner, partner.browse())
                for partner in partners
            )
        )
        # an address is barred for everybody, whoever asks
        barred = (
            self.env["mail.blacklist"]
            .sudo()
            .search([("email", "in", [email_normalize(p.email) or "" for p in asked])])
        )
        barred = set(barred.mapped("email"))
        return asked.filtered(
            lambda partner: (
                (address := email_normalize(partner.email)) and address not in barred
            )
        )

    def action_view_answers(self):
        """Open what customers answered."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle.crm_process_answer_action"
        )
        if not self:
            return action
        return {**action, "domain": [("process_id", "in", self.ids)]}

    def action_view_scores(self):
        """Open the mean answers by segment."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle.crm_process_score_action"
        )
        return {**action, "domain": [("process_id", "in", self.ids)]}
