from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

# what a contact loses; fields of apps that are not installed are skipped
BLANKED = (
    "email phone phone_sanitized website function comment street street2 zip city "
    "state_id country_id vat ref company_name company_registry image_1920 "
    "partner_latitude partner_longitude barcode crm_note crm_preferred_channel_id"
).split()
CUSTOMER_BLANKED = ("note", "pin_reason", "profile", "preferred_channel_id")
# messages on these are the talk with the person; those on documents are kept
TALK = ("res.partner", "crm.customer", "crm.interaction", "crm.lead")
KEPT = (
    ("account.move", "partner_id", [("state", "=", "posted")]),
    ("account.payment", "partner_id", []),
    ("sale.order", "partner_id", [("state", "=", "sale")]),
)


class CrmErasure(models.AbstractModel):
    """What is erased of a person, and what is kept.

    Posted invoices, payments and confirmed orders stay: tax and accounting law wants
    them, with the name they were made out to (account_move_legal_name.py). All else
    is blanked or deleted: contact data, notes, interactions' text, talk in the chatter.
    """

    _name = "crm.erasure"
    _description = "Erasure"

    def _check_erasable(self):
        """Refuse colleagues, own companies, and contacts that others need, too."""
        self.ensure_one()
        partner = self.partner_id.sudo()  # his users and companies, to refuse
        if partner.with_context(active_test=False).user_ids.filtered("active"):
            raise UserError(
                self.env._(
                    "%(name)s has a login; archive the user first.", name=partner.name
                )
            )
        if (
            self.env["res.company"]
            # sudo: any company of the database, not the user's own alone
            .sudo()
            .search_count([("partner_id", "=", partner.id)], limit=1)
        ):
            raise UserError(
                self.env._("%(name)s is a company of ours.", name=partner.name)
            )
        # sudo: to refuse what reaches into companies of others
        customers = self._get_customers().sudo()
        if customers.company_id - self.env.user.company_ids.root_id:
            raise UserError(
                self.env._(
                    "%(name)s is known to another company as well; somebody who works "
                    "there, too, has to decide.",
                    name=partner.name,
                )
            )

    def _get_addresses(self):
        """Return the contact and his own further addresses, archived ones too."""
        return self.partner_id | self.partner_id.with_context(
            active_test=False
        ).child_ids.filtered(lambda child: child.type != "contact")

    def _get_customers(self):
        # all companies' rows; _check_erasable refuses who does not work in all
        Customer = self.env["crm.customer"].sudo().with_context(active_test=False)
        return Customer.search([("partner_id", "in", self.partner_id.ids)])

    def _get_talk(self, records):
        """Return the messages of the person's talk with us."""
        targets = {
            "res.partner": self._get_addresses(),
            "crm.customer": self._get_customers(),
            **{name: found for name, found in records.items() if name in TALK},
        }
        domain = Domain.OR(
            Domain("model", "=", name) & Domain("res_id", "in", found.ids)
            for name, found in targets.items()
        )
        written = Domain("author_id", "in", self._get_addresses().ids) & Domain(
            "model", "in", [*TALK, False]
        )
        return self.env["mail.message"].search(domain | written)

    def _count_kept(self):
        """Return {label: number of documents that stay as they are}."""
        partners = self._get_addresses()
        return {
            self.env[model]._description: self.env[model].search_count(
                Domain(field, "in", partners.ids) & Domain(domain)
            )
            for model, field, domain in KEPT
            if model in self.env
        }

    def _count_erased(self):
        """Return {label: number of records that are blanked or deleted}."""
        records = self._get_erased_records()
        counts = {self.env["res.partner"]._description: len(self._get_addresses())}
        for model, found in records.items():
            counts[self.env[model]._description] = len(found)
        talk = self._get_talk(records)
        counts[talk._description] = len(talk)
        return counts

    def _erase(self):
        """Erase, and note on the request how much of what; run as superuser."""
        self.ensure_one()
        self = self.with_context(tracking_disable=True, mail_notrack=True)
        records = self._get_erased_records()
        counts = {**self._count_erased()}
        partners, customers = self._get_addresses(), self._get_customers()
        self.env["account.move"]._keep_legal_names(partners)
        self._erase_talk(self._get_talk(records))
        self._erase_records(records)
        self._blank(customers, CUSTOMER_BLANKED)
        self._erase_logs(partners)
        self._erase_attachments(partners | self.partner_id, customers)
        self._blank_partners(partners)
        self.write(
            {
                "state": "done",
                "done_at": fields.Datetime.now(),
                "result": self._to_text(counts),
            }
        )

    def _get_pseudonym(self):
        return self.env._("Erased contact %(number)s", number=self.partner_id.id)

    @api.model
    def _blank(self, records, names, values=None):
        """Blank the fields of the records that exist and are filled."""
        known = [name for name in names if name in records._fields]
        records.write({**dict.fromkeys(known, False), **(values or {})})

    def _blank_partners(self, partners):
        Class = self.env["crm.info.class"].search([("active", "=", True)])
        protected = [
            field.name for field in Class.field_ids if field.model == "res.partner"
        ]
        name = self._get_pseudonym()
        values = {"name": name, "category_id": [Command.clear()]}
        fields_ = [*BLANKED, *protected]
        partners.message_unsubscribe(partners.ids)
        self._blank(partners, fields_, values)
        self.env["mail.followers"].search([("partner_id", "in", partners.ids)]).unlink()
        partners.filtered("active").action_archive()

    @api.model
    def _erase_talk(self, messages):
        """Blank what was said, and by which address; that something was said stays."""
        if not messages:
            return
        messages.tracking_value_ids.unlink()
        messages.attachment_ids.unlink()
        messages.write({"body": "", "subject": False, "email_from": False})

    @api.model
    def _erase_attachments(self, partners, customers):
        for records in (partners, customers):
            self.env["ir.attachment"].search(
                [
                    ("res_model", "=", records._name),
                    ("res_id", "in", records.ids),
                    ("res_field", "=", False),
                ]
            ).unlink()

    @api.model
    def _erase_logs(self, partners):
        """Blank what merge logs keep of the contacts."""
        Log = self.env["crm.customer.merge.log"]
        logs = Log.search([("merged_partner", "in", partners.ids)])
        logs |= Log.search([("customer_id.partner_id", "in", partners.ids)])
        if logs:
            self.env.cr.execute(
                SQL(
                    "UPDATE crm_customer_merge_log"
                    " SET merged_name = %s, snapshot = NULL WHERE id IN %s",
                    self.env._("Erased"),
                    tuple(logs.ids),
                )
            )
            logs.invalidate_recordset(flush=False)
