"""One record of each model of the addon, for the tests of access over RPC.

A new model adds a line to FACTORIES: its name, and a function (case, customer) that
returns a record of the customer's company; `case` is the test case, with factories.
For a model that people may create over RPC, VALUES tells what they send.
"""

from odoo import fields

from .merge_rows import MergeRows


def make_info(case, customer):
    return case.env["crm.customer.info"].create(get_info_values(case, customer))


def get_info_values(case, customer):
    info_class = case.env.ref("crm_lifecycle.crm_info_class_life")
    return {
        "name": "Note",
        "customer_id": customer.id,
        "class_id": info_class.id,
    }


def make_interaction(case, customer):
    return case.env["crm.interaction"].create(get_interaction_values(case, customer))


def get_interaction_values(case, customer):
    channel = case.env.ref("crm_lifecycle.crm_channel_phone")
    return {
        "name": "Call",
        "partner_id": customer.partner_id.id,
        "company_id": customer.company_id.id,
        "channel_id": channel.id,
        "user_id": customer.user_id.id,
    }


def make_stage(case, customer):
    return case.env["crm.lifecycle.stage"].create(
        {"name": "Own", "code": "rpc_own", "company_id": customer.company_id.id}
    )


def make_rule(case, customer):
    stage = case.env.ref("crm_lifecycle.crm_lifecycle_stage_select")
    return case.env["crm.lifecycle.rule"].create(
        {"name": "Own", "stage_id": stage.id, "company_id": customer.company_id.id}
    )


def make_plain(model, **values):
    """Return a factory for a model of which a few fixed values are enough."""

    def make(case, customer):
        Model = case.env[model]
        own = dict(values)
        if "company_id" in Model._fields and not Model._fields["company_id"].related:
            own.setdefault("company_id", customer.company_id.id)
        for name in ("customer_id", "partner_id"):
            field = Model._fields.get(name)
            if field and field.required and field.store:
                owner = customer if name == "customer_id" else customer.partner_id
                own.setdefault(name, owner.id)
        return Model.create(own)

    return make


def make_source(case, customer):
    return case.env["crm.data.source"].create(
        {"name": "S", "code": "rpc_source", "company_id": customer.company_id.id}
    )


def get_source(case, customer):
    found = case.env["crm.data.source"].search([("code", "=", "rpc_source")])
    return found or make_source(case, customer)


def make_reference(case, customer):
    return case.env["crm.source.reference"].create(
        {
            "source_id": get_source(case, customer).id,
            "reference": "1",
            "partner_id": customer.partner_id.id,
        }
    )


def make_past_stage(case, customer):
    return make_plain(
        "crm.stage.import",
        source_id=get_source(case, customer).id,
        stage_id=case.env.ref("crm_lifecycle.crm_lifecycle_stage_select").id,
        date_from="2020-01-01",
    )(case, customer)


def make_item(case, customer):
    return make_plain(
        "crm.collection.item",
        field_id=case.env["ir.model.fields"]._get("res.partner", "phone").id,
        purpose="x",
    )(case, customer)


FACTORIES = {
    "crm.customer": lambda case, customer: customer,
    "crm.lifecycle.stage": make_stage,
    "crm.lifecycle.rule": make_rule,
    "crm.lifecycle.history": lambda case, customer: customer.history_ids[:1],
    "crm.channel": make_plain("crm.channel", name="C", code="rpc_channel"),
    "crm.service.tier": make_plain("crm.service.tier", name="T", code="rpc_tier"),
    "crm.customer.event": lambda case, customer: case.make_event(customer),
    "crm.customer.run": make_plain("crm.customer.run", date_start="2026-01-01"),
    "crm.customer.merge.log": make_plain(
        "crm.customer.merge.log",
        merged_name="M",
        date=fields.Datetime.now(),
        cause="merge",
    ),
    "crm.customer.override": lambda case, customer: case.make_override(customer),
    "crm.interaction": make_interaction,
    "crm.info.class": lambda case, customer: case.env.ref(
        "crm_lifecycle.crm_info_class_life"
    ),
    "crm.customer.info": make_info,
    "crm.collection.item": make_item,
    "crm.retention.policy": make_plain("crm.retention.policy"),
    "crm.retention.log": make_plain("crm.retention.log", what="x", code="x"),
    "crm.erasure.request": make_plain("crm.erasure.request"),
    "crm.data.source": make_source,
    "crm.source.reference": make_reference,
    "crm.stage.import": make_past_stage,
}

# what salespeople send to create a record of their own customer
VALUES = {
    "crm.interaction": get_interaction_values,
    "crm.customer.info": get_info_values,
}

# without a company: shared settings that every company's people may read
SHARED = {
    "crm.channel",
    "crm.service.tier",
    "crm.info.class",
    "crm.process.goal",
    "crm.rated.document",
}
# told by the person who made it (a wizard), not by a company
OWN_ONLY = {"crm.customer.override"}
# figures of all customers: nothing for who sees a part of them only
WHOLE_ONLY = {"crm.segment.snapshot"}
# what salespeople with all documents may do, where it differs from the others
ALL_LEADS = {}
# lines are added, never changed: whoever reads them may add one
ADDED_ONLY = {"crm.consent"}
# no tables of their own: test_timeline_rpc.py, test_process_scores.py
VIEWS = {"crm.customer.timeline", "crm.process.answer", "crm.process.score"}


class AnyRow(MergeRows):
    """A row of a model without a factory, of the company and the customer."""

    def __init__(self, case, customer):
        self.env = case.env
        self._made = {}
        self._by_model = {
            "res.partner": customer.partner_id,
            "crm.customer": customer,
        }

    def make(self, name, maker):
        Model = self.env[name]
        values = {}
        for column, value in (
            ("company_id", self.env.company.id),
            ("customer_id", self._by_model["crm.customer"].id),
            ("partner_id", self._by_model["res.partner"].id),
            ("create_uid", maker.id),
            ("active", True),
            ("owner_id", self._by_model["crm.customer"].user_id.id),
            ("user_id", self._by_model["crm.customer"].user_id.id),
        ):
            field = Model._fields.get(column)
            if not (field and field.store and field.column_type):
                continue
            if column != "owner_id" or field.comodel_name == "res.users":
                values[column] = value
        self._made[name] = self._make_row(Model, **values)
        return Model.browse(self._made[name])

    def _find_any(self, model):
        return self._made.get(model._name) or super()._find_any(model)


# the engine's own, without any company on them
WITHOUT_COMPANY = {"crm.customer.run"}
