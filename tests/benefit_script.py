"""Run in Odoo's shell by test_optional_apps.py: levels and cards for classes.

Prints one line of JSON with what was seen.
"""

# ruff: noqa: F821 (env is there)
import json
from datetime import date, timedelta

here = env.company
today = date.today()
names = ("gold", "level", "plain")
partners = {name: env["res.partner"].create({"name": name}) for name in names}
customers = {
    name: env["crm.customer"].create(
        {"partner_id": partner.id, "abc_class": "c" if name == "plain" else "a"}
    )
    for name, partner in partners.items()
}
dear, cheap = env["product.pricelist"].create([{"name": n} for n in ("Dear", "Cheap")])
gold, silver = env["res.partner.grade"].create(
    [{"name": "G", "default_pricelist_id": cheap.id}, {"name": "S"}]
)
partners["level"].grade_id = silver  # set by hand
partners["gold"].specific_property_product_pricelist = dear  # likewise
program = env["loyalty.program"].create(
    {"name": "Club", "program_type": "loyalty", "company_id": here.id}
)
foreign = env["loyalty.program"].create(
    {
        "name": "Foreign",
        "program_type": "loyalty",
        "company_id": env["res.company"].create({"name": "Elsewhere"}).id,
    }
)
values = {
    "name": "For the best",
    "company_id": here.id,
    "abc_class": "a",
    "grade_ref": f"res.partner.grade,{gold.id}",
    "program_ref": f"loyalty.program,{program.id}",
    "grace_days": 10,
}
Benefit = env["crm.loyalty.benefit"]
seen = {}
try:
    with env.cr.savepoint():
        Benefit.create(values | {"program_ref": f"loyalty.program,{foreign.id}"})
    seen["foreign"] = "accepted"
except Exception as error:
    seen["foreign"] = type(error).__name__
benefit = Benefit.create(values)


def look():
    env.flush_all()
    env.invalidate_all()
    return {
        name: [partner.grade_id.name, len(cards(partner))]
        for name, partner in partners.items()
    }


def cards(partner):
    return env["loyalty.card"].search(
        [("partner_id", "=", partner.id), ("program_id", "=", program.id)]
    )


def settle():
    env["crm.loyalty.grant"]._settle(here)


wizard = env["crm.loyalty.benefit.try"].browse(benefit.action_try()["res_id"])
seen["tried"] = sorted(
    [line.customer_id.partner_id.name, line.item, line.verb] for line in wizard.line_ids
)
seen["after_try"] = look()
benefit.action_start()
seen["started"] = look()
settle()
seen["again"] = look()
seen["pricelist"] = partners["gold"].specific_property_product_pricelist.name
customers["gold"].abc_class = "b"
settle()
seen["in_grace"] = look()
benefit.grant_ids.filtered(lambda g: g.state == "ending").date_until = today - (
    timedelta(days=1)
)
settle()
seen["after_grace"] = look()
print("SEEN " + json.dumps(seen))
