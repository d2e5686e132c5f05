from datetime import timedelta

from odoo import api, models

from . import story

# days before today, channel, direction, what was said
TALKS = (
    (140, "phone", "in", "Asked for the data sheet of the AP-80"),
    (96, "visit", "out", "Walked through the pump room with the plant manager"),
    (51, "phone", "out", "Told them that the delivery comes two days early"),
    (33, "messaging", "in", "Sent pictures of a worn seal"),
    (12, "phone", "in", "Wants prices for a second line"),
    (4, "letter", "out", "Sent the maintenance plan of next year"),
)
MAILS = (
    (75, "Data sheets", "Please send the data sheets of the larger pumps."),
    (9, "Second line", "Could you make us an offer for a second line by next week?"),
)
NOTE = "Prefers a call before nine; decides together with the plant manager."


class CrmLifecycleDemo(models.AbstractModel):
    """Calls, visits, mails and notes: what makes a timeline of a customer."""

    _inherit = "crm.lifecycle.demo"

    @api.model
    def _load_decisions(self):
        result = super()._load_decisions()
        self._load_interactions()
        self._load_mails()
        return result

    def _load_interactions(self):
        self.env["crm.interaction"].create(
            [
                {
                    "name": text,
                    "partner_id": (partner.child_ids[:1] or partner).id,
                    "company_id": self.env.company.id,
                    "channel_id": self.env.ref(f"crm_lifecycle.crm_channel_{code}").id,
                    "direction": direction,
                    "user_id": self._ref("user", buyer.owner).id,
                    "date": self._moment(days + index, 11),
                    "duration": 10 + 5 * (number % 4) if code != "letter" else 0,
                }
                for index, buyer in enumerate(story.BUYERS)
                for partner in [self._ref("partner", buyer.key)]
                for number, (days, code, direction, text) in enumerate(TALKS)
                if (index + number) % 2 == 0 and buyer.first > days + index
            ]
        )

    def _load_mails(self):
        """Mails of the first buyers' contacts, each answered by a note."""
        customers = self._get_customers()
        for index, buyer in enumerate(story.BUYERS[:4]):
            partner = self._ref("partner", buyer.key)
            contact = partner.child_ids[:1] or partner
            for days, subject, body in MAILS:
                message = contact.message_post(
                    subject=subject,
                    body=body,
                    message_type="email",
                    author_id=contact.id,
                    subtype_xmlid="mail.mt_comment",
                )
                message.date = self._moment(days + index, 8) + timedelta(minutes=40)
            customers[partner].message_post(
                body=NOTE,
                message_type="comment",
                subtype_xmlid="mail.mt_note",
                author_id=self._ref("user", buyer.owner).partner_id.id,
            )
