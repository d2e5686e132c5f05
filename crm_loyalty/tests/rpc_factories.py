"""What the generic tests of access over RPC need to know of this addon's models.

A new model adds a line to MODELS in test_access.py; a row of it is made without knowing
it. A model whose values are checked against each other has a factory here.
"""

from odoo.addons.crm_lifecycle.tests import rpc_factories

AnyRow = rpc_factories.AnyRow


def get_finding_values(_case, customer):
    return {
        "customer_id": customer.id,
        "basis": "rank",
        "own_rank": 1,
        "supplier_count": 2,
    }


def get_competitor_values(_case, customer):
    return {
        "name": f"Rival of {customer.partner_id.name}",
        "company_id": customer.company_id.id,
    }


def make_policy(case, customer):
    Policy = case.env["crm.loyalty.policy"]
    company = [("company_id", "=", customer.company_id.id)]
    return Policy.search(company) or Policy.create({"company_id": company[0][2]})


def make_range(case, customer):
    """A grid of one row, which covers every cell."""
    segment = case.env["crm.loyalty.segment"].search([], limit=1)
    return case.env["crm.loyalty.segment.range"].create(
        {"policy_id": make_policy(case, customer).id, "segment_id": segment.id}
    )


FACTORIES = {
    "crm.loyalty.policy": make_policy,
    "crm.competitor.purchase": lambda case, customer: case.env[
        "crm.competitor.purchase"
    ].create(get_finding_values(case, customer)),
    "crm.loyalty.segment.range": make_range,
    "crm.loyalty.segment": rpc_factories.make_plain(
        "crm.loyalty.segment", name="Own", code="rpc_own"
    ),
    "crm.purchase.history": rpc_factories.make_plain(
        "crm.purchase.history", date="2020-01-01", amount=1, reference="rpc"
    ),
}
VALUES = {
    "crm.competitor.purchase": get_finding_values,
}
SHARED = set()
OWN_ONLY = set()
WHOLE_ONLY = set()
ADDED_ONLY = set()
VIEWS = {"crm.purchase"}  # no table of its own: test_purchase_records.py
ALL_LEADS = {"crm.loyalty.equity": "r"}  # sums over all customers
WITHOUT_COMPANY = set()
