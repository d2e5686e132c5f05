from odoo import api, models
from odoo.tools import SQL
from odoo.tools.sql import table_columns

LOGGED = ("create_uid", "create_date", "write_uid", "write_date")


class CrmMergeRows(models.AbstractModel):
    """Moves whatever refers to one record to another, and loses nothing.

    Odoo's merge of contacts deletes rows that would break a unique constraint, all of
    a table when one of them does, or stops at a unique index. Here only the rows that
    really collide are touched: of models of this suite each is merged into the row in
    its way (empty values filled, references moved, its values returned for the log),
    all others are moved before Odoo looks at them.
    """

    _name = "crm.merge.rows"
    _description = "Merge of References"

    @api.model
    def _move_colliding(self, model, source, target):
        """Move the rows of tables with unique indexes from one record to another.

        :param str model: model of both records
        :return: [(model, {field: value})] of the rows that were merged into others
        """
        self.env.flush_all()
        merged = []
        for table, column, indexes in self._get_unique_columns(self.env[model]._table):
            colliding = {}
            for index in indexes:
                for lost, kept in self._find_colliding(
                    table, column, index, source, target
                ):
                    colliding.setdefault(lost, kept)
            owner = self._get_own_models().get(table)
            if owner:
                for lost, kept in colliding.items():
                    merged += self._merge_row(owner, lost, kept, column)
                colliding = {}
            self._move_free(table, column, source, target, list(colliding))
        self.env.invalidate_all(flush=False)
        return merged

    @api.model
    def _get_own_models(self):
        """Return {table: model} of the models of this addon and those above it."""
        Module = self.env["ir.module.module"].sudo()  # which addons there are
        lifecycle = Module.search([("name", "=", "crm_lifecycle")])
        above = lifecycle.downstream_dependencies(exclude_states=("uninstalled",))
        names = {"crm_lifecycle", *above.mapped("name")}
        return {
            model._table: name
            for name, model in self.env.registry.items()
            if model._original_module in names
            and not model._abstract
            and name != "crm.customer"
        }

    @api.model
    def _get_unique_columns(self, table):
        """Return [(table, column, [oid of a unique index])] that refer to a table.

        Relation tables without an id are left to Odoo, which treats them well, and so
        are customers, which are merged in their own way.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT owner.relname, attribute.attname,
                       array_agg(DISTINCT index.indexrelid::int)
                  FROM pg_constraint con
                  JOIN pg_class owner ON owner.oid = con.conrelid
                  JOIN pg_class target ON target.oid = con.confrelid
                  JOIN pg_attribute attribute ON attribute.attrelid = owner.oid
                   AND attribute.attnum = con.conkey[1]
                  JOIN pg_index index ON index.indrelid = owner.oid
                   AND index.indisunique AND NOT index.indisprimary
                  JOIN pg_depend used ON used.objid = index.indexrelid
                   AND used.refobjid = owner.oid
                   AND used.refobjsubid = attribute.attnum
                 WHERE con.contype = 'f' AND target.relname = %s
                   AND target.relnamespace = current_schema::regnamespace
                   AND owner.relname != 'crm_customer'
                   AND EXISTS (SELECT FROM pg_attribute id
                                WHERE id.attrelid = owner.oid AND id.attname = 'id')
                 GROUP BY 1, 2
                 UNION
                SELECT owner.relname, attribute.attname,
                       array_agg(DISTINCT unique_con.conindid::int)
                  FROM pg_constraint con
                  JOIN pg_class owner ON owner.oid = con.conrelid
                  JOIN pg_class target ON target.oid = con.confrelid
                  JOIN pg_attribute attribute ON attribute.attrelid = owner.oid
                   AND attribute.attnum = con.conkey[1]
                  JOIN pg_constraint unique_con ON unique_con.conrelid = owner.oid
                   AND unique_con.contype = 'u'
                   AND attribute.attnum = ANY(unique_con.conkey)
                 WHERE con.contype = 'f' AND target.relname = %s
                   AND target.relnamespace = current_schema::regnamespace
                   AND EXISTS (SELECT FROM pg_attribute id
                                WHERE id.attrelid = owner.oid AND id.attname = 'id')
                 GROUP BY 1, 2
                """,
                table,
                table,
            )
        )
        return sorted(rows)

    @api.model
    def _find_colliding(self, table, column, index, source, target):
        """Return [(id that would collide, id in its way)] for one unique index.

        The index is asked what it compares, and compares the rows of the source as if
        they were the target's.
        """
        (count, condition), *_ = self.env.execute_query(
            SQL(
                "SELECT indnkeyatts, pg_get_expr(indpred, indrelid) FROM pg_index"
                " WHERE indexrelid = %s::oid",
                index,
            )
        )
        parts = [
            self.env.execute_query(
                SQL("SELECT pg_get_indexdef(%s::oid, %s, true)", index, place + 1)
            )[0][0]
            for place in range(count)
        ]
        # both come from PostgreSQL's catalogue, written by itself
        compared = [SQL(part.replace("%", "%%")) for part in parts]
        valid = SQL((condition or "TRUE").replace("%", "%%"))
        keys = [SQL.identifier(f"key_{place}") for place in range(count)]
        named = SQL(", ").join(
            SQL("%s AS %s", part, key) for part, key in zip(compared, keys, strict=True)
        )
        columns = SQL(", ").join(
            SQL("%s::int AS %s", target.id, SQL.identifier(name))
            if name == column
            else SQL.identifier(name)
            for name in table_columns(self.env.cr, table)
        )
        name = SQL.identifier(table)
        return self.env.execute_query(
            SQL(
                """
                SELECT lost.id, kept.id
                  FROM (SELECT id, %(named)s
                          FROM (SELECT %(columns)s FROM %(table)s
                                 WHERE %(column)s = %(source)s) %(table)s
                         WHERE %(valid)s) lost
                  JOIN (SELECT id, %(named)s FROM %(table)s
                         WHERE %(column)s = %(target)s AND %(valid)s) kept
                    ON lost.id != kept.id AND %(equal)s
                 ORDER BY lost.id, kept.id
                """,
                named=named,
                columns=columns,
                table=name,
                column=SQL.identifier(column),
                source=source.id,
                target=target.id,
                valid=valid,
                equal=SQL(" AND ").join(SQL("lost.%s = kept.%s", k, k) for k in keys),
            )
        )

    @api.model
    def _merge_row(self, model, lost, kept, column):
        """Merge one row of a model into another that stands in its way.

        :return: [(model, {field: value})], the merged row and what it pulled along
        """
        # sudo: a merge keeps also what the user may not see
        Model = self.env[model].sudo().with_context(active_test=False)
        lost, kept = Model.browse(lost), Model.browse(kept)
        if not lost.exists() or not kept.exists():
            return []
        stored = [
            name
            for name, field in Model._fields.items()
            if field.store and field.column_type
        ]
        values = [(model, lost.read(stored, load="")[0])]
        self._fill_empty(Model, lost, kept, column)
        values += self._move_all(model, lost, kept)
        self.env.cr.execute(
            SQL("DELETE FROM %s WHERE id = %s", SQL.identifier(Model._table), lost.id)
        )
        self.env.invalidate_all(flush=False)
        return values

    @api.model
    def _fill_empty(self, Model, lost, kept, column):
        names = [
            name
            for name in table_columns(self.env.cr, Model._table)
            if name not in ("id", column, *LOGGED)
        ]
        if not names:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE %(table)s kept SET %(values)s FROM %(table)s lost"
                " WHERE kept.id = %(kept)s AND lost.id = %(lost)s",
                table=SQL.identifier(Model._table),
                values=SQL(", ").join(
                    SQL(
                        "%s = COALESCE(kept.%s, lost.%s)",
                        *[SQL.identifier(name)] * 3,
                    )
                    for name in names
                ),
                kept=kept.id,
                lost=lost.id,
            )
        )

    @api.model
    def _move_free(self, table, column, source, target, colliding):
        """Move the rows of a table that collide with nothing."""
        self.env.cr.execute(
            SQL(
                "UPDATE %(table)s SET %(column)s = %(target)s"
                " WHERE %(column)s = %(source)s AND NOT id = ANY(%(colliding)s)",
                table=SQL.identifier(table),
                column=SQL.identifier(column),
                target=target.id,
                source=source.id,
                colliding=colliding,
            )
        )

    @api.model
    def _move_all(self, model, source, target):
        """Let every foreign key and reference to one record point to another.

        :return: [(model, {field: value})] of the rows that were merged into others
        """
        # sudo: likewise
        Wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        merged = self._move_colliding(model, source, target)
        self._move_generic_references(model, source, target)
        Wizard._update_foreign_keys_generic(model, source, target)
        Wizard._update_reference_fields_generic(model, source, target)
        self.env.invalidate_all()
        return merged

    @api.model
    def _move_generic_references(self, model, source, target):
        """Move what refers by a model and an id: ratings, followers, meetings ...

        Who follows both keeps the wishes of both.
        """
        self.env.flush_all()
        self._join_followers(model, source, target)
        for name, name_column, id_column in self._get_generic_columns():
            self.env.cr.execute(
                SQL(
                    "UPDATE %(table)s SET %(id)s = %(target)s"
                    " WHERE %(id)s = %(source)s AND %(name)s = %(model)s",
                    table=SQL.identifier(self.env[name]._table),
                    id=SQL.identifier(id_column),
                    name=SQL.identifier(name_column),
                    model=model,
                    source=source.id,
                    target=target.id,
                )
            )
        self.env.invalidate_all(flush=False)

    @api.model
    def _get_generic_columns(self):
        """Return [(model, column of the model's name, column of the id)].

        Names of data files and followers, who are unique, are treated elsewhere.
        """
        return sorted(
            (model_name, field.model_field, name)
            for model_name, model in self.env.registry.items()
            if not model._abstract
            and not model._transient
            and model._auto
            and model_name not in ("ir.model.data", "mail.followers")
            for name, field in model._fields.items()
            if field.type == "many2one_reference"
            and field.store
            and model._fields[field.model_field].store
            and model._fields[field.model_field].type in ("char", "selection")
        )

    @api.model
    def _join_followers(self, model, source, target):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mail_followers_mail_message_subtype_rel
                SELECT kept.id, wish.mail_message_subtype_id
                  FROM mail_followers lost
                  JOIN mail_followers kept
                    ON kept.res_model = lost.res_model AND kept.res_id = %(target)s
                   AND kept.partner_id = lost.partner_id
                  JOIN mail_followers_mail_message_subtype_rel wish
                    ON wish.mail_followers_id = lost.id
                 WHERE lost.res_model = %(model)s AND lost.res_id = %(source)s
                ON CONFLICT DO NOTHING
                """,
                model=model,
                source=source.id,
                target=target.id,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE mail_followers lost SET res_id = %(target)s
                 WHERE lost.res_model = %(model)s AND lost.res_id = %(source)s
                   AND NOT EXISTS (
                       SELECT FROM mail_followers kept
                        WHERE kept.res_model = lost.res_model
                          AND kept.res_id = %(target)s
                          AND kept.partner_id = lost.partner_id)
                """,
                model=model,
                source=source.id,
                target=target.id,
            )
        )
        self.env.cr.execute(
            SQL(
                "DELETE FROM mail_followers WHERE res_model = %s AND res_id = %s",
                model,
                source.id,
            )
        )

    @api.model
    def _count_references(self, model, source):
        """Return {model: number of its rows that refer to a record}, by one query."""
        self.env.flush_all()
        wanted = self.env[model]._table
        tables = {
            name: fields
            for name, record in self.env.registry.items()
            if not record._abstract and not record._transient and record._auto
            if (
                fields := [
                    field.name
                    for field in record._fields.values()
                    if field.type == "many2one"
                    and field.store
                    and not field.company_dependent
                    and field.comodel_name == model
                ]
            )
            and record._table != wanted
        }
        counts = [
            SQL(
                "SELECT %s AS model, COUNT(*) AS count FROM %s WHERE %s",
                name,
                SQL.identifier(self.env[name]._table),
                SQL(" OR ").join(
                    SQL("%s = %s", SQL.identifier(field), source.id) for field in fields
                ),
            )
            for name, fields in tables.items()
        ] + [
            SQL(
                "SELECT %s, COUNT(*) FROM %s WHERE %s = %s AND %s = %s",
                name,
                SQL.identifier(self.env[name]._table),
                SQL.identifier(name_column),
                model,
                SQL.identifier(id_column),
                source.id,
            )
            for name, name_column, id_column in self._get_generic_columns()
        ]
        rows = self.env.execute_query(
            SQL(
                "SELECT model, SUM(count)::int FROM (%s) counted"
                " GROUP BY model HAVING SUM(count) > 0 ORDER BY model",
                SQL(" UNION ALL ").join(counts),
            )
        )
        return dict(rows)
