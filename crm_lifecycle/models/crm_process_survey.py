from odoo import api, models

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
        """Return the contacts who may be asked, in the present company.

        They have a mail address, and the ledger allows surveys by mail. A company
        without an address of its own is asked through its first contact who may be.
        """
        partners = partners.with_company(self.env.company)
        family = self.env["res.partner"].search(
            [("parent_id", "in", partners.ids), ("email_normalized", "!=", False)],
            order="id",
        )
        mail = self.env["crm.channel"]._by_code("mail")
        allowed = (partners | family)._crm_may_contact(mail, "survey")
        first = {}
        for contact in family & allowed:
            first.setdefault(contact.parent_id, contact)
        nobody = partners.browse()
        asked = [
            partner if partner.email_normalized else first.get(partner, nobody)
            for partner in partners
        ]
        return nobody.union(*asked) & allowed

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
