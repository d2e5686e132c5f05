import importlib.util
from pathlib import Path

from odoo.tools import SQL
from odoo.tools.sql import constraint_definition

from .test_history_chain import ChainCommon

FOLDER = Path(__file__).parents[1] / "migrations" / "19.0.1.1.0"
# what version 19.0.1.0.0 made
OLD_STATE = (
    "ALTER TABLE crm_lifecycle_history DROP CONSTRAINT crm_lifecycle_history_no_gap",
    "ALTER TABLE crm_lifecycle_history"
    " DROP CONSTRAINT crm_lifecycle_history_order_of_dates",
    "DROP INDEX crm_lifecycle_history_begin_unique",
    "DROP INDEX crm_lifecycle_history_end_unique",
    "ALTER TABLE crm_lifecycle_history ALTER cause DROP NOT NULL",
    "ALTER TABLE crm_lifecycle_history"
    " ADD CONSTRAINT crm_lifecycle_history_no_overlap"
    " EXCLUDE USING gist (int4range(customer_id, customer_id, '[]') WITH =,"
    " tsrange(date_from, date_to) WITH &&)",
    "ALTER TABLE crm_lifecycle_history"
    " ADD CONSTRAINT crm_lifecycle_history_order_of_dates"
    " CHECK (date_to IS NULL OR date_to >= date_from)",
    "CREATE UNIQUE INDEX crm_lifecycle_history_one_open"
    " ON crm_lifecycle_history (customer_id) WHERE date_to IS NULL",
)


class TestMigration(ChainCommon):
    """A database of version 19.0.1.0.0 comes to the constraints of today."""

    def setUp(self):
        super().setUp()
        self.History = self.env["crm.lifecycle.history"]
        names = ("Gap", "Empty", "Closed", "Moved", "None", "Whole", "Other")
        partners = self.env["res.partner"].create([{"name": name} for name in names])
        customers = self.Customer.create([{"partner_id": p.id} for p in partners])
        self.customers = dict(zip(names, customers, strict=True))
        self._check_constraints()
        for statement in OLD_STATE:
            self.env.cr.execute(statement)
        self.env.cr.execute(
            "DELETE FROM crm_lifecycle_history WHERE customer_id = ANY(%s)",
            [customers.ids],
        )

    def _write_history(self, name, *intervals):
        """Write intervals of a customer: code of the stage, first and last day."""
        customer = self.customers[name]
        for code, start, end in intervals:
            self.env.cr.execute(
                """
                INSERT INTO crm_lifecycle_history
                       (customer_id, company_id, stage_id, date_from, date_to)
                VALUES (%s, %s, %s, %s, %s)
                """,
                [customer.id, self.arvand.id, self._stage(code).id, start, end],
            )
        self.env.cr.execute(
            "UPDATE crm_customer SET stage_id = %s, stage_since = %s WHERE id = %s",
            [self._stage(intervals[-1][0]).id, intervals[-1][1], customer.id],
        )

    def _load(self, stage, name):
        path = FOLDER / f"{stage}-{name}.py"
        spec = importlib.util.spec_from_file_location(f"migration_{stage}", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        return script

    def _run(self, stage, name):
        self._load(stage, name).migrate(self.env.cr, "19.0.1.0.0")

    def _add_constraints(self):
        """Do what Odoo does after the script, which only logs what it cannot add."""
        names = ("begin_unique", "end_unique", "order_of_dates", "no_gap")
        self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in names:
            item = self.History._table_objects[f"crm_lifecycle_history_{name}"]
            item.apply_to_database(self.History)
        found = self.env.execute_query(
            SQL(
                """
                SELECT relname FROM pg_class WHERE relname = ANY(%(names)s)
                UNION SELECT conname FROM pg_constraint WHERE conname = ANY(%(names)s)
                """,
                names=[f"crm_lifecycle_history_{name}" for name in names],
            )
        )
        self.assertEqual(len(found), len(names))
        check = self.History._order_of_dates
        self.assertEqual(
            constraint_definition(
                self.env.cr, self.History._table, check.full_name(self.History)
            ),
            check.get_definition(self.env.registry),
        )

    def _get_intervals(self, name):
        self.env.invalidate_all()
        return [
            (h.stage_id.code, str(h.date_from)[:10], h.date_to and str(h.date_to)[:10])
            for h in self.customers[name].history_ids.sorted("date_from")
        ]

    def _damage(self):
        write = self._write_history
        write(
            "Gap",
            ("identify", "2026-01-01", "2026-02-01"),
            ("acquire", "2026-03-01", None),
        )
        write(
            "Empty",
            ("identify", "2026-01-01", "2026-01-01"),
            ("acquire", "2026-01-01", "2026-01-01"),
            ("develop", "2026-01-01", "2026-02-01"),
            ("retain", "2026-02-01", "2026-02-01"),
            ("lost", "2026-02-01", None),
        )
        write("Closed", ("identify", "2026-01-01", "2026-02-01"))
        write("Moved", ("identify", "2026-01-01", "2026-02-01"))
        write(
            "Whole",
            ("identify", "2026-01-01", "2026-02-01"),
            ("acquire", "2026-02-01", None),
        )
        write("Other", ("identify", "2026-01-01", None))
        cr = self.env.cr
        for name in ("Moved", "Other"):
            cr.execute(
                "UPDATE crm_customer SET stage_id = %s WHERE id = %s",
                [self._stage("develop").id, self.customers[name].id],
            )
        cr.execute(
            "UPDATE crm_customer SET stage_since = '2026-05-01' WHERE id = %s",
            [self.customers["None"].id],
        )

    def test_every_history_becomes_one_chain(self):
        self._damage()
        self._run("pre", "history_chain")
        self._add_constraints()
        expected = {
            "Gap": [
                ("identify", "2026-01-01", "2026-03-01"),
                ("acquire", "2026-03-01", False),
            ],
            "Empty": [
                ("develop", "2026-01-01", "2026-02-01"),
                ("lost", "2026-02-01", False),
            ],
            "Closed": [("identify", "2026-01-01", False)],
            "Moved": [
                ("identify", "2026-01-01", "2026-02-01"),
                ("develop", "2026-02-01", False),
            ],
            "None": [("identify", "2026-05-01", False)],
            "Whole": [
                ("identify", "2026-01-01", "2026-02-01"),
                ("acquire", "2026-02-01", False),
            ],
            "Other": [("develop", "2026-01-01", False)],
        }
        found = {name: self._get_intervals(name) for name in expected}
        self.assertEqual(found, expected)
        self._check_chain(self.Customer.union(*self.customers.values()))

    def test_the_old_constraint_is_gone_and_running_twice_changes_nothing(self):
        self._damage()
        self._run("pre", "history_chain")
        query = SQL(
            "SELECT id, date_from, date_to, stage_id, xmin::text"
            " FROM crm_lifecycle_history ORDER BY id"
        )
        before = self.env.execute_query(query)
        self._run("pre", "history_chain")
        self.assertEqual(self.env.execute_query(query), before)
        left = self.env.execute_query(
            SQL(
                "SELECT conname FROM pg_constraint"
                " WHERE conname = 'crm_lifecycle_history_no_overlap'"
            )
        )
        self.assertFalse(left)

    def test_a_new_database_is_left_alone(self):
        self._load("pre", "history_chain").migrate(None, None)
        self._load("post", "refresh").migrate(None, None)

    def test_new_figures_are_measured_after_the_update(self):
        triggers = self.env["ir.cron.trigger"]
        cron = self.env.ref("crm_lifecycle.ir_cron_refresh")
        before = triggers.search_count([("cron_id", "=", cron.id)])
        self._run("post", "refresh")
        after = triggers.search_count([("cron_id", "=", cron.id)])
        self.assertEqual(after, before + 1)
