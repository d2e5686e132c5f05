from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

PROMOTIONAL = ("marketing", "survey", "greeting")
"""Purposes that nobody asked us for: the blacklists of Odoo hold for them, too."""


class ResPartner(models.Model):
    """Who may be contacted: the one answer that every action of the suite asks for.

    ``_crm_check_contact(channel, purpose)`` before one person acts,
    ``_crm_may_contact(channel, purpose)`` before a programme or a mailing acts on many:
    one query whatever their number. Both ask in the present company.
    """

    _inherit = "res.partner"

    crm_consent_ids = fields.One2many(
        "crm.consent",
        "partner_id",
        "Consents",
        groups="sales_team.group_sale_salesman",
    )
    crm_consent_count = fields.Integer(
        compute="_compute_crm_consent_count",
        groups="sales_team.group_sale_salesman",
    )
    crm_do_not_contact = fields.Boolean(
        "Do not Contact",
        compute="_compute_crm_do_not_contact",
        search="_search_crm_do_not_contact",
        groups="sales_team.group_sale_salesman",
        help="The contact, or his company, asked not to be contacted at all.",
    )

    @api.depends_context("company", "uid")
    def _compute_crm_consent_count(self):
        groups = self.env["crm.consent"]._read_group(
            [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
        )
        counts = {partner.id: count for partner, count in groups}
        for partner in self:
            partner.crm_consent_count = counts.get(partner.id, 0)

    @api.depends("commercial_partner_id", "crm_consent_ids")
    @api.depends_context("company")
    def _compute_crm_do_not_contact(self):
        refusals = self._crm_contact_refusals()
        for partner in self:
            refusal = refusals.get(partner._origin.id)
            partner.crm_do_not_contact = refusal == "everything"

    @api.model
    def _search_crm_do_not_contact(self, operator, value):
        if operator != "in":
            return NotImplemented
        query = self._sql_refused_contacts(causes=("everything",))
        refused = Domain("id", "in", SQL("(%s)", query))
        domain = refused if True in value else Domain.FALSE
        return domain | ~refused if False in value else domain

    def action_view_crm_consents(self):
        """Open what the contact, and the people of a company, allowed and forbade."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Consents of %(contact)s", contact=self.display_name),
            "res_model": "crm.consent",
            "view_mode": "list,form",
            "domain": [("partner_id", "child_of", self.id)],
            "context": {"default_partner_id": self.id},
        }

    def action_crm_refuse_contact(self):
        """Record that the contact does not want to be contacted, with the reason."""
        return self._get_ledger_dialog(self.env._("Do not Contact"), "refused")

    def action_crm_allow_contact(self):
        """Record that the contact may be contacted again."""
        return self._get_ledger_dialog(self.env._("May Be Contacted Again"), "given")

    def _get_ledger_dialog(self, title, state):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "crm.consent",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_partner_id": self.id,
                "default_purpose": "all",
                "default_state": state,
            },
        }

    # ------------------------------------------------------------------
    # The answer
    # ------------------------------------------------------------------
    def _crm_may_contact(self, channel=None, purpose="order"):
        """Return those of the contacts who may be contacted, in one query.

        :param channel: a crm.channel, or None: on any channel at all
        :param str purpose: a purpose of the ledger
        """
        refusals = self._crm_contact_refusals(channel, purpose)
        return self.filtered(lambda partner: partner.id not in refusals)

    def _crm_check_contact(self, channel=None, purpose="order"):
        """Refuse to contact these contacts where one of them must not be.

        :raise UserError: with the names and the reasons
        """
        refusals = self._crm_contact_refusals(channel, purpose)
        if not refusals:
            return
        partners = self.filtered(lambda partner: partner.id in refusals)
        raise UserError(
            "\n".join(
                self.env._(
                    "%(who)s must not be contacted: %(why)s",
                    who=partner.display_name,
                    why=self._get_refusal_text(refusals[partner.id], channel, purpose),
                )
                for partner in partners[:10]
            )
        )

    def _crm_contact_refusals(self, channel=None, purpose="order"):
        """Return {id of a contact who must not be contacted: cause}; one query.

        The cause is a key of ``_get_refusal_texts``.
        """
        ids = self._origin.ids
        if not ids:
            return {}
        query = self._sql_refused_contacts(channel, purpose, partner_ids=ids)
        return dict(self.env.execute_query(query))

    @api.model
    def _sql_refused_contacts(
        self, channel=None, purpose="order", partner_ids=None, causes=None
    ):
        """Return the SELECT (id of a contact, cause) of who must not be contacted.

        With ``causes`` only the ids of those refused for one of them.
        """
        self._flush_ledger()
        scope = SQL("TRUE")
        if partner_ids is not None:
            scope = SQL("partner.id = ANY(%s)", list(partner_ids))
        refused = SQL(
            """
            SELECT partner.id, %s AS cause
              FROM res_partner partner
              LEFT JOIN res_partner firm ON firm.id = partner.commercial_partner_id
              LEFT JOIN (%s) own_all ON own_all.partner_id = partner.id
              LEFT JOIN (%s) firm_all
                ON firm_all.partner_id = partner.commercial_partner_id
              LEFT JOIN (%s) own ON own.partner_id = partner.id
              LEFT JOIN (%s) firm_said
                ON firm_said.partner_id = partner.commercial_partner_id
             WHERE %s
            """,
            self._sql_refusal_cause(channel, purpose),
            self._sql_last_words("all", channel, partner_ids),
            self._sql_last_words("all", channel, partner_ids),
            self._sql_last_words(purpose, channel, partner_ids),
            self._sql_last_words(purpose, channel, partner_ids),
            scope,
        )
        if causes:
            return SQL(
                "SELECT id FROM (%s) refused WHERE cause IN %s", refused, tuple(causes)
            )
        return SQL(
            "SELECT id, cause FROM (%s) refused WHERE cause IS NOT NULL", refused
        )

    @api.model
    def _sql_refusal_cause(self, channel, purpose):
        """Return the CASE that names why a contact must not be contacted, or NULL.

        An addon above puts its own causes (a death, a liquidation) before these by
        super(). The row has partner, firm (the commercial partner), own_all, firm_all,
        own and firm_said (their last words on everything and on the purpose).
        """
        cases = [
            SQL("WHEN own_all.refused AND own_all.everywhere THEN 'everything'"),
            SQL("WHEN firm_all.refused AND firm_all.everywhere THEN 'everything'"),
            SQL("WHEN own_all.refused OR firm_all.refused THEN 'channel'"),
            SQL("WHEN COALESCE(own.refused, firm_said.refused) THEN 'purpose'"),
        ]
        # the company's own policy; the person may lack the root company
        if purpose == "marketing" and self.env.company.sudo().root_id.crm_opt_in:
            cases.append(
                SQL(
                    "WHEN COALESCE(own.refused, firm_said.refused) IS NULL THEN %s",
                    "opt_in",
                )
            )
        if channel and purpose in PROMOTIONAL:
            cases += self._sql_blacklist_causes(channel)
        return SQL("CASE %s END", SQL(" ").join(cases))

    @api.model
    def _sql_blacklist_causes(self, channel):
        """Odoo's own blacklists of addresses and numbers."""
        if channel.address_field == "email":
            return [
                SQL(
                    """
                    WHEN COALESCE(partner.email_normalized, firm.email_normalized) IN (
                         SELECT email FROM mail_blacklist WHERE active)
                    THEN 'blacklist'
                    """
                )
            ]
        if channel.address_field == "phone":
            return [
                SQL(
                    """
                    WHEN COALESCE(partner.phone_sanitized, firm.phone_sanitized) IN (
                         SELECT number FROM phone_blacklist WHERE active)
                    THEN 'blacklist'
                    """
                )
            ]
        return []

    @api.model
    def _sql_last_words(self, purpose, channel, partner_ids=None):
        """Return the SELECT of the last line on a purpose that covers a channel.

        Its columns: partner_id, refused, everywhere (said of all channels).
        """
        scope = SQL("TRUE")
        if partner_ids is not None:
            scope = SQL(
                """
                line.partner_id IN (
                    SELECT unnest(ARRAY[id, commercial_partner_id]) FROM res_partner
                     WHERE id = ANY(%s))
                """,
                list(partner_ids),
            )
        return SQL(
            """
            SELECT DISTINCT ON (line.partner_id) line.partner_id,
                   line.state != 'given' AS refused,
                   line.channel_id IS NULL AS everywhere
              FROM crm_consent line
             WHERE line.purpose = %s
               AND (line.channel_id IS NULL OR line.channel_id = %s)
               AND (line.company_id IS NULL OR line.company_id = %s)
               AND %s
             ORDER BY line.partner_id, line.date DESC, line.id DESC
            """,
            purpose,
            channel.id if channel else None,
            self.env.company.sudo().root_id.id,  # a branch user lacks the root
            scope,
        )

    @api.model
    def _flush_ledger(self):
        self.env["crm.consent"].flush_model()
        self.env["mail.blacklist"].flush_model()
        self.env["phone.blacklist"].flush_model()
        self.flush_model(
            ["commercial_partner_id", "email_normalized", "phone_sanitized"]
        )

    @api.model
    def _get_refusal_texts(self):
        """Return {cause: text with the placeholders channel and purpose}."""
        return {
            "everything": self.env._("he asked not to be contacted at all."),
            "channel": self.env._("he does not want to be contacted by %(channel)s."),
            "purpose": self.env._(
                "he refused this purpose: %(purpose)s. Choose another purpose only if "
                "it is the true one."
            ),
            "opt_in": self.env._(
                "he has not agreed to offers and marketing yet, and the company sends "
                "them only to those who did."
            ),
            "blacklist": self.env._("his address for %(channel)s is on the blacklist."),
        }

    @api.model
    def _get_refusal_text(self, cause, channel, purpose):
        purposes = dict(self.env["crm.consent"]._selection_purpose())
        text = self._get_refusal_texts()[cause]
        return text % {
            "channel": channel.name if channel else "",
            "purpose": purposes.get(purpose, purpose),
        }
