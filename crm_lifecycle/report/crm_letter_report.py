from odoo import api, models


class ReportLetter(models.AbstractModel):
    """A letter to who must not get one is not printed, from a list of them either."""

    _name = "report.crm_lifecycle.report_letter"
    _description = "Letter"

    @api.model
    def _get_report_values(self, docids, data=None):
        letters = self.env["crm.interaction"].browse(docids)
        outgoing = letters.filtered(lambda letter: letter.direction == "out")
        for letter in outgoing:
            letter._check_contact(letter.partner_id, letter.channel_id.code)
        return {
            "doc_ids": docids,
            "doc_model": "crm.interaction",
            "docs": letters,
            "data": data,
        }
