from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..lib import duplicates
from .crm_customer import STEWARD_GROUP
from .crm_customer_collect import ANALYZE_FROM


class CrmDuplicate(models.Model):
    """Finds the contacts that are likely one: one GROUP BY per kind of key.

    * Tax number: legal entities.
    * Mail and phone: of each legal entity one contact, the entity itself before its
      persons. So colleagues who share the firm's switchboard or mailbox are no
      duplicates, but a person who is entered at two firms is one.
    * Name: companies by their name without legal form; persons of one firm; persons
      without a firm where the city is the same, too, since names repeat.

    Addresses, archived contacts, colleagues and own companies are left out, and so are
    keys that more than ten share. Contacts of different companies are never offered
    together; those that all companies share are offered beside each company's own.
    """

    _inherit = "crm.duplicate"

    def action_search(self):
        """Look for duplicates among all contacts now."""
        if not self.env.user.has_group(STEWARD_GROUP):
            raise AccessError(self.env._("Only data stewards look for duplicates."))
        self.sudo()._refresh()  # checked above; rows are written by the search alone
        return True

    @api.model
    def _cron_refresh(self):
        """Look for duplicates among all contacts by night."""
        self.env["ir.cron"]._commit_progress(self._refresh())

    @api.model
    def _refresh(self, partner_ids=None):
        """Bring the rows in line with the contacts; write only what differs.

        :param partner_ids: contacts to look at, with all that resemble them; None: all
        :return: the number of rows that were made, changed or dropped
        """
        self.env.flush_all()
        self._collect(partner_ids)
        self.env.cr.execute("ANALYZE crm_duplicate_found")
        count = self._delete_gone(partner_ids)
        count += self._update_found() + self._insert_found()
        if count > ANALYZE_FROM:
            self.env.cr.execute("ANALYZE crm_duplicate, crm_duplicate_partner_rel")
        self.env.invalidate_all(flush=False)
        self._judge_ignored()
        return count

    @api.model
    def _collect(self, partner_ids):
        """Fill the temporary table crm_duplicate_found with the sets that are there.

        Its columns: company_id, signature, partner_ids, one boolean per kind, score,
        old_id (the row that stands for the set already).
        """
        kinds = list(duplicates.EVIDENCE)
        self.env.cr.execute("DROP TABLE IF EXISTS crm_duplicate_found")
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMP TABLE crm_duplicate_found AS
                SELECT found.*, old.id AS old_id FROM (
                SELECT company_id, array_to_string(partner_ids, ',') AS signature,
                       partner_ids, %(flags)s, %(score)s AS score
                  FROM (%(sets)s) found
                 WHERE %(scope)s
                 GROUP BY company_id, partner_ids) found
                  LEFT JOIN crm_duplicate old ON old.state != 'merged'
                   AND old.signature = found.signature
                   AND COALESCE(old.company_id, 0) = COALESCE(found.company_id, 0)
                """,
                flags=SQL(", ").join(
                    SQL("bool_or(kind = %s) AS %s", kind, SQL.identifier(f"by_{kind}"))
                    for kind in kinds
                ),
                score=self._sql_score(kinds),
                sets=self._query_all_sets(partner_ids),
                scope=self._sql_set_scope(partner_ids),
            )
        )

    @api.model
    def _query_all_sets(self, partner_ids):
        return SQL(" UNION ALL ").join(
            self._query_sets(kind, partner_ids) for kind in duplicates.EVIDENCE
        )

    @api.model
    def _sql_set_scope(self, partner_ids):
        """The condition that a set holds one of the contacts asked for.

        Of other sets that came along by the same key not all kinds were looked at.
        """
        if partner_ids is None:
            return SQL("TRUE")
        return SQL("found.partner_ids && %s::int[]", list(partner_ids))

    @api.model
    def _find_resembling(self, partner_ids):
        """Return {id of a contact: {ids of contacts that resemble it}}, as of now.

        Without those who are known to be different, or of a company that the user does
        not work in. Nothing is written.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT one.id, array_agg(DISTINCT other.id)
                  FROM (%(sets)s) found, unnest(found.partner_ids) AS one(id),
                       unnest(found.partner_ids) AS other(id)
                 WHERE one.id = ANY(%(ids)s) AND other.id != one.id
                   AND (company_id IS NULL OR company_id = ANY(%(companies)s))
                   AND NOT EXISTS (SELECT FROM crm_different_partner_rel known
                                    WHERE known.partner_id = one.id
                                      AND known.other_id = other.id)
                 GROUP BY one.id
                """,
                sets=self._query_all_sets(partner_ids),
                ids=list(partner_ids),
                companies=self.env.companies.ids,
            )
        )
        return {partner_id: set(others) for partner_id, others in rows}

    @api.model
    def _sql_score(self, kinds):
        """The likelihood of lib/duplicates.py over the kinds of a group."""
        doubt = SQL(" * ").join(
            SQL(
                "CASE WHEN bool_or(kind = %s) THEN %s::float8 ELSE 1 END",
                kind,
                1 - duplicates.EVIDENCE[kind],
            )
            for kind in kinds
        )
        return SQL("ROUND((100 * (1 - %s))::numeric)::int", doubt)

    @api.model
    def _query_sets(self, kind, partner_ids):
        """Rows (kind, company_id, partner_ids) of contacts that share a key.

        Contacts without company stand by themselves and beside each company's own.
        """
        return SQL(
            """
            SELECT %(kind)s AS kind, company_id,
                   array_agg(partner_id ORDER BY partner_id) AS partner_ids
              FROM (WITH candidate AS MATERIALIZED (%(candidates)s),
                         shared AS (
                    SELECT key FROM candidate GROUP BY key
                    HAVING COUNT(*) BETWEEN 2 AND %(most)s)
                    SELECT candidate.* FROM candidate JOIN shared USING (key)
                     UNION
                    SELECT own.key, own.company_id, common.partner_id
                      FROM candidate own JOIN shared USING (key)
                      JOIN candidate common ON common.key = own.key
                     WHERE own.company_id IS NOT NULL AND common.company_id IS NULL
                   ) visible
             GROUP BY key, company_id
            HAVING COUNT(*) > 1
            """,
            kind=kind,
            candidates=getattr(self, f"_query_{kind}_candidates")(partner_ids),
            most=duplicates.SHARED_BY,
        )

    @api.model
    def _sql_eligible(self):
        """The condition on the alias partner that he may be a duplicate at all."""
        return SQL(
            """
            partner.active AND COALESCE(partner.type, 'contact') = 'contact'
            AND NOT EXISTS (SELECT FROM res_company company
                             WHERE company.partner_id = partner.id)
            AND NOT EXISTS (SELECT FROM res_users colleague
                             WHERE colleague.partner_id = partner.id
                               AND NOT colleague.share)
            """
        )

    @api.model
    def _sql_scope(self, column, partner_ids):
        """The condition that a key belongs to one of the contacts asked for."""
        if partner_ids is None:
            return SQL("TRUE")
        name = SQL.identifier(column)
        return SQL(
            "partner.%s IN (SELECT %s FROM res_partner WHERE id = ANY(%s))",
            name,
            name,
            list(partner_ids),
        )

    @api.model
    def _query_vat_candidates(self, partner_ids):
        return SQL(
            """
            SELECT crm_vat_key AS key, company_id, id AS partner_id
              FROM res_partner partner
             WHERE crm_vat_key IS NOT NULL AND commercial_partner_id = id
               AND %s AND %s
            """,
            self._sql_scope("crm_vat_key", partner_ids),
            self._sql_eligible(),
        )

    @api.model
    def _query_mail_candidates(self, partner_ids):
        return self._query_one_of_each_entity("crm_mail_key", partner_ids)

    @api.model
    def _query_phone_candidates(self, partner_ids):
        return self._query_one_of_each_entity("crm_phone_key", partner_ids)

    @api.model
    def _query_one_of_each_entity(self, column, partner_ids):
        """Of each legal entity one contact with the key, the entity itself first."""
        return SQL(
            """
            SELECT key, company_id, partner_id FROM (
                SELECT DISTINCT ON (partner.%(key)s, partner.commercial_partner_id)
                       partner.%(key)s AS key, partner.company_id,
                       partner.id AS partner_id
                  FROM res_partner partner
                 WHERE partner.%(key)s IS NOT NULL AND %(scope)s AND %(eligible)s
                 ORDER BY partner.%(key)s, partner.commercial_partner_id,
                          partner.id != partner.commercial_partner_id, partner.id
                ) one
            """,
            key=SQL.identifier(column),
            scope=self._sql_scope(column, partner_ids),
            eligible=self._sql_eligible(),
        )

    @api.model
    def _query_name_candidates(self, partner_ids):
        return SQL(
            """
            SELECT crm_name_key || '|' || CASE
                       WHEN is_company THEN 'company'
                       WHEN parent_id IS NOT NULL THEN commercial_partner_id::text
                       ELSE 'at ' || lower(city) END AS key,
                   company_id, id AS partner_id
              FROM res_partner partner
             WHERE crm_name_key IS NOT NULL
               AND (is_company OR parent_id IS NOT NULL OR NULLIF(city, '') IS NOT NULL)
               AND %s AND %s
            """,
            self._sql_scope("crm_name_key", partner_ids),
            self._sql_eligible(),
        )

    # ------------------------------------------------------------------
    # Writing what differs
    # ------------------------------------------------------------------
    @api.model
    def _sql_kind_columns(self):
        return SQL(", ").join(
            SQL.identifier(f"by_{kind}") for kind in duplicates.EVIDENCE
        )

    @api.model
    def _insert_found(self):
        self.env.cr.execute(
            SQL(
                """
                WITH added AS (
                    INSERT INTO crm_duplicate (company_id, signature, %(kinds)s, score,
                           state, create_uid, write_uid, create_date, write_date)
                    SELECT company_id, signature, %(kinds)s, score, 'new', %(uid)s,
                           %(uid)s, %(now)s, %(now)s
                      FROM crm_duplicate_found found
                     WHERE old_id IS NULL
                    RETURNING id, signature)
                INSERT INTO crm_duplicate_partner_rel (duplicate_id, partner_id)
                SELECT id, unnest(string_to_array(signature, ',')::int[]) FROM added
                """,
                kinds=self._sql_kind_columns(),
                uid=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        return self.env.cr.rowcount

    @api.model
    def _update_found(self):
        """Note what contacts known already have in common by now."""
        columns = [*(f"by_{kind}" for kind in duplicates.EVIDENCE), "score"]
        old = SQL(", ").join(SQL.identifier("old", name) for name in columns)
        new = SQL(", ").join(SQL.identifier("found", name) for name in columns)
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_duplicate old SET (%s, score) = ROW(%s)
                  FROM crm_duplicate_found found
                 WHERE old.id = found.old_id AND (%s) IS DISTINCT FROM (%s)
                """,
                self._sql_kind_columns(),
                new,
                old,
                new,
            )
        )
        return self.env.cr.rowcount

    @api.model
    def _delete_gone(self, partner_ids):
        """Drop the rows whose contacts have nothing in common any more.

        With contacts given, only rows of these alone are judged: of the others not all
        keys were looked at.
        """
        scope = SQL("TRUE")
        if partner_ids is not None:
            scope = SQL(
                "id IN (SELECT duplicate_id FROM crm_duplicate_partner_rel"
                " WHERE partner_id = ANY(%s))",
                list(partner_ids),
            )
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM crm_duplicate old
                 WHERE state != 'merged' AND %s AND NOT EXISTS (
                       SELECT FROM crm_duplicate_found found
                        WHERE found.old_id = old.id)
                """,
                scope,
            )
        )
        return self.env.cr.rowcount

    @api.model
    def _judge_ignored(self):
        """Set who is ignored: sets of which every pair was called different."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_duplicate duplicate SET state = verdict.state
                  FROM (SELECT a.duplicate_id AS id,
                               CASE WHEN bool_or(known.partner_id IS NULL)
                                    THEN 'new' ELSE 'ignored' END AS state
                          FROM crm_duplicate_partner_rel a
                          JOIN crm_duplicate_partner_rel b
                            ON b.duplicate_id = a.duplicate_id
                           AND b.partner_id > a.partner_id
                          LEFT JOIN crm_different_partner_rel known
                            ON known.partner_id = a.partner_id
                           AND known.other_id = b.partner_id
                         GROUP BY a.duplicate_id) verdict
                 WHERE verdict.id = duplicate.id AND duplicate.state != 'merged'
                   AND verdict.state != duplicate.state
                """
            )
        )
        self.invalidate_model(["state"], flush=False)
