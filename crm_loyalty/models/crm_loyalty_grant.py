from collections import defaultdict
from datetime import date

from markupsafe import Markup

from odoo import api, fields, models

from ..lib.benefits import ACTIVE, BLOCKED, ENDING, Grant, next_step
from .benefit_items import ITEMS, ONCE

OPEN = (ACTIVE, ENDING, BLOCKED)


class CrmLoyaltyGrant(models.Model):
    """What a benefit has given to a customer, and what stood there before.

    What to do is planned first and done then, so that a dry run shows the same plan.
    The number of statements grows with the benefits, not with the customers.
    """

    _name = "crm.loyalty.grant"
    _description = "Given Benefit"
    _order = "id desc"
    _rec_name = "benefit_id"

    benefit_id = fields.Many2one(
        "crm.loyalty.benefit",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    customer_id = fields.Many2one(
        "crm.customer", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        related="customer_id.company_id", store=True, index=True
    )
    item = fields.Selection(
        [
            ("pricelist", "Pricelist"),
            ("payment_term", "Payment terms"),
            ("credit_limit", "Credit limit"),
            ("user", "Accountable person"),
            ("team", "Sales team"),
            ("tier", "Service tier"),
            ("grade", "Partner level"),
            ("plan", "Activity plan"),
            ("card", "Loyalty card"),
        ],
        "What",
        required=True,
        readonly=True,
    )
    value = fields.Json(readonly=True)
    old_value = fields.Json(readonly=True)
    value_text = fields.Char("Given Value", readonly=True)
    old_value_text = fields.Char("Before", readonly=True)
    state = fields.Selection(
        [
            (ACTIVE, "Given"),
            (ENDING, "In its time of grace"),
            (BLOCKED, "Held back: set by hand"),
            ("taken", "Taken back"),
            ("let", "Left alone: changed by hand"),
        ],
        required=True,
        readonly=True,
    )
    is_open = fields.Boolean(compute="_compute_is_open", search="_search_is_open")
    date_from = fields.Date("Since", readonly=True)
    date_until = fields.Date("Grace Until", readonly=True)
    date_end = fields.Date("Ended", readonly=True)

    _open_unique = models.UniqueIndex(
        "(customer_id, item) WHERE state IN ('active', 'ending', 'blocked')",
        "A customer holds one benefit of a kind at a time.",
    )

    @api.depends("state")
    def _compute_is_open(self):
        for grant in self:
            grant.is_open = grant.state in OPEN

    def _search_is_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("state", "in" if True in value else "not in", OPEN)]

    # Planning

    @api.model
    def _settle(self, companies):
        """Do what the plan of each company says."""
        for company in companies:
            grants = self.with_company(company)
            grants._execute(grants._plan(company))
            grants._give_once(company)

    @api.model
    def _plan(self, company, trial=None):
        """Return the steps of a company: [(item, customer, benefit, grant, step)].

        :param trial: a benefit that is planned as if it ran
        """
        benefits = self.env["crm.loyalty.benefit"].search(
            [("company_id", "=", company.id)]
        )
        benefits = benefits.filtered(lambda b: b.state == "running" or b == trial)
        members = {
            benefit: self.env["crm.customer"].search(benefit._get_customer_domain())
            for benefit in benefits
        }
        steps = []
        for key, item in ITEMS.items():
            if not item.requires or item.requires in self.env:
                steps += self._plan_item(company, key, item, members)
        return steps

    @api.model
    def _plan_item(self, company, key, item, members):
        wanted = {}
        for benefit, customers in members.items():
            value = benefit._get_gift(item)
            if value is not None:
                for customer in customers:
                    wanted.setdefault(customer, (benefit, value))
        grants = self.search(
            [("company_id", "=", company.id), ("item", "=", key)]
            + [("is_open", "=", True)]
        )
        held = {grant.customer_id: grant for grant in grants}
        customers = self.env["crm.customer"].union(*wanted, *held)
        current, by_hand = self._read_current(customers, item)
        today = fields.Date.context_today(self)
        steps = []
        for customer in customers:
            grant = held.get(customer, self.browse())
            benefit, value = wanted.get(customer, (grant.benefit_id, None))
            known = Grant(
                grant.state, grant.value, grant.old_value, grant.date_until or date.min
            )
            step = next_step(
                value,
                known if grant else None,
                current[customer],
                by_hand[customer],
                benefit.replace_manual,
                benefit.grace_days,
                today,
            )
            if step:
                steps.append((key, customer, benefit, grant, step))
        return steps

    @api.model
    def _read_current(self, customers, item):
        """Return what stands there now, and whether a person has set it."""
        records = customers.partner_id if item.record == "partner" else customers
        field = records._fields[item.field]
        default = None
        if field.company_dependent:
            default = field.get_company_dependent_fallback(records)
            default = _plain(default)
        current, by_hand = {}, {}
        for customer in customers:
            record = customer.partner_id if item.record == "partner" else customer
            value = _plain(record[item.field])
            current[customer] = value
            by_hand[customer] = value is not None and value != default
        return current, by_hand

    # Doing

    @api.model
    def _execute(self, steps):
        """Write the values of a plan and keep account: one write per kind and value."""
        texts = self._get_texts(steps)
        self._write_values(steps)
        self._move_grants(steps)
        self.flush_model()
        self.create(
            [
                self._prepare_grant(key, customer, benefit, step, texts)
                for key, customer, benefit, _grant, step in steps
                if step.verb in ("give", "block")
            ]
        )
        self._tell_replaced(steps, texts)

    @api.model
    def _write_values(self, steps):
        writes = defaultdict(list)
        for key, customer, _benefit, _grant, step in steps:
            if step.verb in ("give", "take"):
                writes[key, step.value].append(customer.id)
        for (key, value), ids in writes.items():
            self._write_value(ITEMS[key], value, ids)

    @api.model
    def _move_grants(self, steps):
        """Give the grants of a plan their new states, all that end alike at once."""
        today = fields.Date.context_today(self)
        moves = defaultdict(list)
        for _key, _customer, _benefit, grant, step in steps:
            if grant:
                moves[_get_new_state(step)].append(grant.id)
        for (state, until), ids in moves.items():
            values = {"state": state, "date_until": until}
            if state not in OPEN:
                values = {"state": state, "date_end": today}
            self.browse(ids).write(values)

    @api.model
    def _prepare_grant(self, key, customer, benefit, step, texts):
        value = benefit._get_gift(ITEMS[key])
        return {
            "benefit_id": benefit.id,
            "customer_id": customer.id,
            "item": key,
            "value": value,
            "old_value": step.old,
            "value_text": texts[key, value],
            "old_value_text": texts[key, step.old],
            "state": BLOCKED if step.verb == "block" else ACTIVE,
            "date_from": fields.Date.context_today(self),
        }

    @api.model
    def _write_value(self, item, value, customer_ids):
        customers = self.env["crm.customer"].browse(customer_ids)
        records = customers.partner_id if item.record == "partner" else customers
        pricelists = self._get_pricelists(records) if item.field == "grade_id" else {}
        records.write({item.field: value or False})
        for pricelist, partners in pricelists.items():
            partners.write({"specific_property_product_pricelist": pricelist.id})

    @api.model
    def _get_pricelists(self, partners):
        """Return {pricelist: partners}: a level puts its own in its place."""
        return partners.grouped("specific_property_product_pricelist")

    @api.model
    def _tell_replaced(self, steps, texts):
        """A value that a person had set is not replaced without a trace."""
        bodies = defaultdict(list)
        for key, customer, benefit, grant, step in steps:
            replaced = step.old not in (None, step.value)
            if step.verb == "give" and replaced and not grant:
                bodies[customer.id].append(
                    self.env._(
                        "%(benefit)s: %(old)s was replaced by %(new)s. It comes back "
                        "when the class is lost.",
                        benefit=benefit.name,
                        old=texts[key, step.old],
                        new=texts[key, step.value],
                    )
                )
        self.env["crm.customer"].browse(bodies)._message_log_batch(
            {
                customer_id: Markup("<br/>").join(sentences)
                for customer_id, sentences in bodies.items()
            }
        )

    @api.model
    def _get_texts(self, steps):
        """Return {(item, value): the value in words} of all values of a plan."""
        pairs = {
            (key, value)
            for key, _customer, benefit, _grant, step in steps
            for value in (step.value, step.old, benefit._get_gift(ITEMS[key]))
        }
        return {(key, value): self._get_text(key, value) for key, value in pairs}

    @api.model
    def _get_text(self, key, value):
        """Return a value in words."""
        if value is None:
            return False
        item = ITEMS[key]
        model = "res.partner" if item.record == "partner" else "crm.customer"
        comodel = self.env[model]._fields[item.field].comodel_name
        if not comodel:
            return f"{value:,.2f}"
        return self.env[comodel].browse(value).exists().display_name or False

    # What happens once

    @api.model
    def _give_once(self, company):
        """Start activity plans and give cards to those who have just got the class."""
        benefits = self.env["crm.loyalty.benefit"].search(
            [("company_id", "=", company.id), ("state", "=", "running")]
        )
        for benefit in benefits:
            for key, gift, customers in self._plan_once(benefit):
                self._give_gift_once(benefit, key, gift, customers)

    @api.model
    def _plan_once(self, benefit):
        """Return [(key, gift, the customers who have not had it)] of a benefit."""
        steps = []
        for key, name in ONCE.items():
            gift = benefit[name]
            if gift:
                had = self.search([("benefit_id", "=", benefit.id), ("item", "=", key)])
                members = self.env["crm.customer"].search(
                    benefit._get_customer_domain()
                )
                steps.append((key, gift, members - had.customer_id))
        return [step for step in steps if step[2]]

    @api.model
    def _give_gift_once(self, benefit, key, gift, customers):
        if key == "plan":
            self._start_plan(gift, customers)
        else:
            self._give_cards(gift, customers)
        today = fields.Date.context_today(self)
        self.create(
            [
                {
                    "benefit_id": benefit.id,
                    "customer_id": customer.id,
                    "item": key,
                    "value": gift.id,
                    "value_text": gift.display_name,
                    "state": "taken",
                    "date_from": today,
                    "date_end": today,
                }
                for customer in customers
            ]
        )

    @api.model
    def _start_plan(self, plan, customers):
        self.env["mail.activity.schedule"].with_context(
            active_model="crm.customer"
        ).create(
            {
                "res_model": "crm.customer",
                "res_ids": str(customers.ids),
                "plan_id": plan.id,
            }
        ).action_schedule_plan()

    @api.model
    def _give_cards(self, program, customers):
        cards = self.env["loyalty.card"]
        owners = cards.search(
            [
                ("program_id", "=", program.id),
                ("partner_id", "in", customers.partner_id.ids),
            ]
        ).partner_id
        cards.create(
            [
                {"program_id": program.id, "partner_id": partner.id}
                for partner in customers.partner_id - owners
            ]
        )


def _get_new_state(step):
    """Return (state, until) of a grant after a step."""
    if step.verb == "resume":
        return ACTIVE, False
    if step.verb == "lose":
        return ENDING, step.until
    return "let" if step.verb == "let" else "taken", False


def _plain(value):
    """An id instead of a record, None instead of nothing."""
    if isinstance(value, models.BaseModel):
        return value.id or None
    return value or None
