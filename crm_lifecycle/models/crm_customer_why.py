from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_amount, format_date

from ..lib.conditions import Branch, Elapsed, leaves, parse_offset
from ..lib.replay import ENTRY_HOLD
from .wording import listed


class CrmCustomer(models.Model):
    """Why a customer is in his stage, in plain words and with his own figures.

    The answers come from the same conditions as the engine's, asked of this customer
    as of now; what is explained is what would be decided.
    """

    _inherit = "crm.customer"

    def action_why(self):
        """Open the explanation of the customer's stage."""
        self.ensure_one()
        why = self.env["crm.customer.why"].create({"customer_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why here? %(customer)s", customer=self.partner_id.name),
            "res_model": why._name,
            "res_id": why.id,
            "view_mode": "form",
            "target": "new",
        }

    def _explain_stage(self):
        """Return what put the customer in his stage and what each rule says of him.

        :return: a dict: stage, since, cause (rule, person, entry), by (name of the rule
            or person), reason, pinned, pin_reason, pin_until, held_until and
            held_stage (a move that waits), and rules, in the order in which they are
            tried: dicts with name, stage, state (decides, later, other, no) and lines,
            [(depth, text, value, met)]; met is None for a heading
        :raise AccessError: when the user may not see the customer
        """
        self.ensure_one()
        self.check_access("read")
        self.env.flush_all()
        interval = self.history_ids.filtered(lambda h: not h.date_to)[:1]
        engine = self.sudo()._at_one_moment()  # rules may speak of what one cannot see
        wait = engine._get_wait()
        return {
            "stage": self.stage_id.name,
            "since": format_date(self.env, self.stage_since),
            **self._explain_cause(interval),
            "pinned": self.stage_pinned,
            "pin_reason": self.pin_reason or "",
            "pin_until": self.pin_until and format_date(self.env, self.pin_until),
            "held_until": wait and format_date(self.env, wait[0]),
            "held_stage": wait and wait[1].name,
            "rules": engine._explain_rules(),
        }

    def _explain_cause(self, interval):
        if interval.user_id:
            return {
                "cause": "person",
                "by": interval.user_id.sudo().name,  # a colleague's name, no more
                "reason": interval.reason or "",
            }
        cause = "rule" if interval.rule_id else "entry"
        return {"cause": cause, "by": interval.rule_id.name or "", "reason": ""}

    def _get_wait(self):
        """Return (day, stage) of a move that only waits for its hold, or None."""
        rules = self._get_own_rules()
        scope = self._get_scope(self.partner_id.ids)
        verdict = self._sql_verdict(rules, self.company_id.ids, scope)
        rows = self.env.execute_query(
            SQL(
                "SELECT rule_wanted, wanted, since FROM (%s) verdict"
                " WHERE held AND customer_id = %s",
                verdict,
                self.id,
            )
        )
        for rule_id, stage_id, since in rows:
            rule = rules.browse(rule_id or [])
            days = rule.hold_days if rule else ENTRY_HOLD
            stage = self.env["crm.lifecycle.stage"].browse(stage_id)
            return fields.Date.add(since, days=days), stage
        return None

    def _get_own_rules(self):
        sets = self.env["crm.lifecycle.rule"]._get_rule_sets(self.company_id.ids)
        return sets[0][1].with_env(self.env)

    def _explain_rules(self):
        """Return the rules with their conditions, each asked of this customer."""
        rules = self._get_own_rules()
        nodes = [rule._get_condition() for rule in rules]
        asked = [part for node in nodes for part in (node, *leaves(node))]
        answers = iter(self._ask(asked))
        morning = self._get_standing()
        told, decided = [], False
        for rule, node in zip(rules, nodes, strict=True):
            matches = next(answers)
            met = [next(answers) for _leaf in leaves(node)]
            seen = rule.from_stage_ids | rule.stage_id
            foreign = bool(rule.from_stage_ids) and morning not in seen
            state = "no" if not matches else "other" if foreign else "later"
            if state == "later" and not decided:
                state, decided = "decides", True
            lines = self._explain_from(rule, not foreign)
            lines += self._explain_node(node, iter(met))
            told.append(
                {
                    "name": rule.name,
                    "stage": rule.stage_id.name,
                    "state": state,
                    "lines": lines,
                }
            )
        return told

    def _ask(self, nodes):
        """Return for each condition whether it holds for this customer now."""
        if not nodes:
            return []
        day = SQL("%s::date", self._now().date())
        conditions = [SQL("(%s) IS TRUE", self._sql_node(node, day)) for node in nodes]
        return self.env.execute_query(
            SQL(
                "SELECT %s FROM crm_customer WHERE id = %s",
                SQL(", ").join(conditions),
                self.id,
            )
        )[0]

    def _get_standing(self):
        """Return the stage in which the customer began the day."""
        entry = SQL("%s", self._get_entry_stage(self.company_id.id))
        query = SQL(
            "SELECT %s FROM crm_customer WHERE id = %s",
            self._sql_standing(entry),
            self.id,
        )
        stage_id = self.env.execute_query(query)[0][0]
        return self.env["crm.lifecycle.stage"].browse(stage_id)

    # ------------------------------------------------------------------
    # Words
    # ------------------------------------------------------------------
    @api.model
    def _explain_from(self, rule, met):
        if not rule.from_stage_ids:
            return []
        stages = listed(self.env, rule.from_stage_ids.mapped("name"))
        text = self.env._("Only customers who come from: %(stages)s", stages=stages)
        return [(0, text, "", met)]

    def _explain_node(self, node, met, depth=0):
        """Return the lines of a condition; ``met`` yields an answer for each leaf."""
        if not isinstance(node, Branch):
            text, value = (
                self._explain_elapsed(node)
                if isinstance(node, Elapsed)
                else self._explain_leaf(node)
            )
            return [(depth, text, value, next(met))]
        lines = []
        if node.connective == "|" and node.items:
            lines.append((depth, self.env._("at least one of these:"), "", None))
        elif node.connective == "!":
            lines.append((depth, self.env._("not:"), "", None))
        deeper = depth + len(lines)
        for item in node.items:
            lines += self._explain_node(item, met, deeper)
        return lines

    def _explain_elapsed(self, node):
        events = self._get_rule_events()
        names = {columns: label for label, columns in events.values()}
        event = names.get(node.columns, "")
        dates = [self[name] for name in node.columns if self[name]]
        value = format_date(self.env, max(dates)) if dates else self.env._("never")
        if node.silent:
            text = self.env._(
                "%(event)s: nothing for %(days)s days", event=event, days=node.days
            )
        elif node.days:
            text = self.env._(
                "%(event)s: within the last %(days)s days", event=event, days=node.days
            )
        else:
            text = self.env._("%(event)s: at any time", event=event)
        return text, value

    def _explain_leaf(self, leaf):
        """Return (what is asked, what the customer has) of a comparison."""
        names, record, field = [], self, None
        for name in leaf.path.split("."):
            record = record[field.name] if field else record
            field = record._fields[name]
            names.append(field._description_string(self.env))
        present = record[:1][field.name] if len(record) < 2 else record[field.name]
        if leaf.value is False and leaf.operator in ("=", "!="):
            asked = (
                self.env._("is empty") if leaf.operator == "=" else self.env._("is set")
            )
        else:
            word = self._get_operator_words().get(leaf.operator, leaf.operator)
            asked = f"{word} {self._say_asked(field, record, leaf.value)}"
        return f"{' / '.join(names)} {asked}", self._say(field, record, present)

    @api.model
    def _get_operator_words(self):
        return {
            "=": self.env._("is"),
            "!=": self.env._("is not"),
            ">": self.env._("is more than"),
            ">=": self.env._("is at least"),
            "<": self.env._("is less than"),
            "<=": self.env._("is at most"),
            "in": self.env._("is one of"),
            "not in": self.env._("is none of"),
            "like": self.env._("contains"),
            "ilike": self.env._("contains"),
            "not like": self.env._("does not contain"),
            "not ilike": self.env._("does not contain"),
            "child_of": self.env._("is or belongs to"),
            "parent_of": self.env._("is or stands above"),
        }

    def _say_asked(self, field, record, value):
        """Return the value of a rule as a person would say it."""
        if offset := field.type == "date" and parse_offset(value):
            day = fields.Date.add(
                self._now().date(), months=offset.months, days=offset.days
            )
            return f"{format_date(self.env, day)} ({value})"
        values = value if isinstance(value, (list, tuple)) else [value]
        if field.relational and all(isinstance(item, int) for item in values):
            found = self.env[field.comodel_name].browse(values).exists()
            return listed(self.env, found.mapped("display_name"))
        return listed(self.env, (self._say(field, record, item) for item in values))

    def _say(self, field, record, value):
        """Return a value of a field in the user's language."""
        if isinstance(value, models.BaseModel):
            return listed(self.env, value.mapped("display_name")) or "-"
        if field.type == "boolean":
            return self.env._("yes") if value else self.env._("no")
        if field.type == "date" and value:
            return format_date(self.env, value)
        if field.type == "monetary" and isinstance(value, (int, float)):
            return format_amount(self.env, value, self.currency_id)
        if field.type == "selection" and value:
            return dict(field._description_selection(self.env)).get(value, value)
        return str(value) if value or value == 0 and value is not False else "-"
