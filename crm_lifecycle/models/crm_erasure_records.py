from odoo import models
from odoo.fields import Domain

LEAD_BLANKED = (
    "contact_name partner_name email_from email_cc phone website function description "
    "street street2 zip city state_id country_id"
).split()


class CrmErasure(models.AbstractModel):
    """Records of a person beside the contact itself, and what happens to each kind.

    An addon above adds a model to ``_get_erased_records`` and what is done with its
    records to ``_get_erasers``, both by super().
    """

    _inherit = "crm.erasure"

    def _get_erased_records(self):
        """Return {model: records to delete or blank}, archived ones too."""
        partners, customers = self._get_addresses(), self._get_customers()
        about = Domain("partner_id", "in", partners.ids)
        owned = Domain("customer_id", "in", customers.ids)
        told = Domain("reason", "!=", False)
        domains = {
            "crm.customer.info": about | owned,
            "crm.interaction": about,
            "crm.lead": about,
            "crm.consent": about,
            "crm.duplicate": Domain("partner_ids", "in", partners.ids),
            "crm.customer.owner": owned & told,
            "crm.lifecycle.history": owned & told,
            "crm.stage.import": (about | owned) & told,
            "survey.user_input": about,
            "rating.rating": about & Domain("feedback", "!=", False),
        }
        found = {
            model: self.env[model].with_context(active_test=False).search(domain)
            for model, domain in domains.items()
        }
        found["mail.activity"] = self._get_planned(partners, customers, found)
        return found

    def _get_planned(self, partners, customers, found):
        """Return what colleagues have planned with the person, and noted there."""
        places = {
            "res.partner": partners,
            "crm.customer": customers,
            **{name: found[name] for name in ("crm.lead", "crm.interaction")},
        }
        domain = Domain.OR(
            Domain("res_model", "=", name) & Domain("res_id", "in", records.ids)
            for name, records in places.items()
        )
        return self.env["mail.activity"].with_context(active_test=False).search(domain)

    def _get_erasers(self):
        """Return {model: function that erases its records}."""
        return {
            "crm.customer.info": self._delete,
            "crm.duplicate": self._delete,
            "mail.activity": self._delete,
            "crm.interaction": self._erase_interactions,
            "crm.lead": self._erase_leads,
            "crm.consent": self._erase_evidence,
            "crm.customer.owner": self._erase_reasons,
            "crm.lifecycle.history": self._erase_reasons,
            "crm.stage.import": self._erase_reasons,
            "survey.user_input": self._erase_answers,
            "rating.rating": self._erase_feedback,
        }

    def _erase_records(self, records):
        erasers = self._get_erasers()
        for model, found in records.items():
            if found:
                erasers[model](found)

    def _delete(self, records):
        records.unlink()

    def _erase_interactions(self, interactions):
        interactions.write({"name": self._get_pseudonym(), "note": False})

    def _erase_leads(self, leads):
        self._blank(leads, LEAD_BLANKED, {"name": self._get_pseudonym()})

    def _erase_evidence(self, consents):
        """Keep what was allowed or refused, without the words and the document."""
        self._blank(consents, ("evidence", "evidence_file", "evidence_name"))

    def _erase_reasons(self, records):
        self._blank(records, ("reason",))

    def _erase_answers(self, answers):
        """Keep what was ticked, which counts; blank addresses and free text."""
        self._blank(answers, ("email", "nickname"))
        erased = self.env._("Erased")
        for column in ("value_char_box", "value_text_box"):
            lines = answers.user_input_line_ids.filtered(column)
            lines.write({column: erased})

    def _erase_feedback(self, ratings):
        self._blank(ratings, ("feedback",))
