"""Rows of every model that refers to contacts or customers, made without knowing them.

Used here for this addon, and by the tests of the whole suite for all addons: a model
that somebody adds tomorrow is covered the same day.
"""

from collections import defaultdict
from datetime import date, datetime, timedelta

from odoo.tools import SQL
from odoo.tools.sql import table_exists

MERGED = ("res.partner", "crm.customer")
APART = ("crm.customer", "crm.customer.merge.log", "crm.segment.membership")
"""Models that are merged in their own way, and have tests of their own for it."""


class MergeRows:
    """For a TransactionCase: makes rows by SQL, merges contacts, and looks again."""

    def _get_own_models(self):
        own = set(self.env["crm.merge.rows"]._get_own_models().values())
        return [
            self.env[name]
            for name in sorted(own - set(APART))
            if self.env[name]._auto
            and not self.env[name]._transient
            and table_exists(self.env.cr, self.env[name]._table)
        ]

    def _get_references(self, kind):
        """Return [(model, field)] that refer to contacts or customers."""
        return [
            (model, field)
            for model in self._get_own_models()
            for field in model._fields.values()
            if field.store and field.type == kind
            if kind != "many2one" or field.comodel_name in MERGED
            if kind != "many2many" or field.comodel_name in MERGED
            if kind == "many2many" or not field.company_dependent
        ]

    def _make_row(self, model, **values):
        """Insert one row with whatever the table demands; return its id."""
        self._rows_made = getattr(self, "_rows_made", 0) + 1
        values = {**self._prepare_period(model), **values}
        company = model._fields.get("company_id")
        if company and company.store and company.column_type:
            values.setdefault("company_id", self.env.company.id)
        for column, field_type in self._get_demanded(model):
            if column not in values:
                values[column] = self._invent(model, column, field_type)
        columns = SQL(", ").join(map(SQL.identifier, values))
        return self.env.execute_query(
            SQL(
                "INSERT INTO %s (%s) VALUES (%s) RETURNING id",
                SQL.identifier(model._table),
                columns,
                SQL(", ").join(SQL("%s", value) for value in values.values()),
            )
        )[0][0]

    def _prepare_period(self, model):
        """Periods follow each other, long ago, so that no two overlap."""
        pair = {"date_from", "date_to"}
        if not pair <= model._fields.keys():
            return {}
        first = datetime(1990, 1, 1) + timedelta(days=2 * self._rows_made)
        period = {"date_from": first, "date_to": first + timedelta(days=1)}
        return {name: period[name] for name in pair if model._fields[name].store}

    def _get_demanded(self, model):
        return self.env.execute_query(
            SQL(
                """
                SELECT column_name, udt_name FROM information_schema.columns
                 WHERE table_name = %s AND table_schema = current_schema
                   AND is_nullable = 'NO' AND column_default IS NULL
                """,
                model._table,
            )
        )

    def _invent(self, model, column, field_type):
        number = self._rows_made
        field = model._fields.get(column)
        if field and field.type == "many2one":
            return self._find_any(self.env[field.comodel_name])
        if field and field.type == "selection":
            return field.get_values(self.env)[0]
        if field_type == "jsonb":
            return '{"en_US": "x"}'
        return {
            "bool": False,
            "date": date(1990, 1, 1) + timedelta(days=number),
            "timestamp": datetime(1990, 1, 1) + timedelta(days=number),
            "int4": number,
            "numeric": 1,
            "float8": 1,
        }.get(field_type, f"x{number}")

    def _find_any(self, model):
        if model._name == "res.company":
            return self.env.company.id
        if model._name in MERGED:
            return self._by_model[model._name][0].id
        rows = self.env.execute_query(
            SQL("SELECT MIN(id) FROM %s", SQL.identifier(model._table))
        )
        return rows[0][0] or self._make_row(model)

    def _make_pair(self):
        """Two contacts, both customers: the first goes, the second stays."""
        partners = self.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in ("Goes", "Stays")]
        )
        customers = self.env["crm.customer"].create(
            [{"partner_id": partner.id} for partner in partners]
        )
        self.env.flush_all()
        self._by_model = {"res.partner": partners, "crm.customer": customers}
        return partners, customers

    def _merge_pair(self):
        """Merge as a person does; return what the cache no longer remembers."""
        goes, stays = self._by_model["res.partner"]
        self.env.invalidate_all()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((goes | stays).ids, stays)
        self.env.flush_all()
        self.env.invalidate_all()

    def _read_column(self, model, column, row_id):
        rows = self.env.execute_query(
            SQL(
                "SELECT %s FROM %s WHERE id = %s",
                SQL.identifier(column),
                SQL.identifier(model._table),
                row_id,
            )
        )
        return rows[0][0] if rows else "the row is gone"

    def check_every_row_survives(self):
        """Each row of each model that refers to the one refers to the other then.

        :return: {model: number of rows} that were looked at
        """
        self._make_pair()
        rows = []
        for model, field in self._get_references("many2one"):
            goes, stays = self._by_model[field.comodel_name]
            row_id = self._make_row(model, **{field.name: goes.id})
            rows.append((model, field.name, row_id, stays.id))
        for model, field in self._get_references("reference"):
            for name in MERGED:
                if name not in field.get_values(self.env):
                    continue  # this field never refers to such a record
                goes, stays = self._by_model[name]
                value = f"{name},{goes.id}"
                row_id = self._make_row(model, **{field.name: value})
                rows.append((model, field.name, row_id, f"{name},{stays.id}"))
        for model, field in self._get_references("many2one_reference"):
            for name in MERGED:
                goes, stays = self._by_model[name]
                values = {field.name: goes.id, field.model_field: name}
                row_id = self._make_row(model, **values)
                rows.append((model, field.name, row_id, stays.id))
        self._merge_pair()
        seen = defaultdict(int)
        for model, column, row_id, wanted in rows:
            with self.subTest(model=model._name, field=column):
                self.assertEqual(self._read_column(model, column, row_id), wanted)
            seen[model._name] += 1
        return seen

    def check_every_relation_survives(self):
        """The same for many2many fields."""
        self._make_pair()
        rows = []
        for model, field in self._get_references("many2many"):
            goes, stays = self._by_model[field.comodel_name]
            row_id = self._make_row(model)
            self.env.cr.execute(
                SQL(
                    "INSERT INTO %s (%s, %s) VALUES (%s, %s)",
                    SQL.identifier(field.relation),
                    SQL.identifier(field.column1),
                    SQL.identifier(field.column2),
                    row_id,
                    goes.id,
                )
            )
            rows.append((field, row_id, stays.id))
        self._merge_pair()
        for field, row_id, wanted in rows:
            with self.subTest(field=str(field)):
                found = self.env.execute_query(
                    SQL(
                        "SELECT %s FROM %s WHERE %s = %s",
                        SQL.identifier(field.column2),
                        SQL.identifier(field.relation),
                        SQL.identifier(field.column1),
                        row_id,
                    )
                )
                self.assertEqual(found, [(wanted,)])
        return len(rows)

    def check_unique_rows_are_merged(self):
        """Where both have the one row they may have, nothing stops and one is left.

        :return: names of the models that have such a constraint
        """
        Rows = self.env["crm.merge.rows"]
        own = Rows._get_own_models()
        seen = []
        for name in MERGED:
            for table, column, _indexes in Rows._get_unique_columns(
                self.env[name]._table
            ):
                if table not in own or own[table] in APART:
                    continue
                self._make_pair()
                seen.append((own[table], column, name))
                self._check_one_unique(self.env[own[table]], column, name)
        return seen

    def _check_one_unique(self, model, column, name):
        goes, stays = self._by_model[name]
        gone_id = self._make_row(model, **{column: goes.id})
        values = self.env.execute_query(
            SQL("SELECT * FROM %s WHERE id = %s", SQL.identifier(model._table), gone_id)
        )[0]
        columns = [column[0] for column in self.env.cr.description]
        same = dict(zip(columns, values, strict=True))
        same.pop("id")
        with self.subTest(model=model._name, field=column):
            kept_id = self._make_row(model, **{**same, column: stays.id})
            self._merge_pair()
            self.assertEqual(self._read_column(model, column, kept_id), stays.id)
