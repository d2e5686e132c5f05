"""Run in Odoo's shell by test_automation.py: rules move customers, automations follow.

`URL` stands before this text. Prints one line of JSON with what was seen.
"""

# ruff: noqa: F821 (env and URL are there)
import json
import logging

from odoo.tools.mail import html2plaintext

logging.getLogger("odoo.addons.crm_lifecycle.models.crm_customer_automation").setLevel(
    logging.CRITICAL
)
customer_model = env["ir.model"]._get("crm.customer")
stage_field = env["ir.model.fields"]._get("crm.customer", "stage_id")
identify, acquire = (
    env.ref(f"crm_lifecycle.crm_lifecycle_stage_{code}")
    for code in ("identify", "acquire")
)


def automate(name, action, **values):
    """An automation of customers with one action: code to run, or other values."""
    automation = env["base.automation"].create(
        {"name": name, "model_id": customer_model.id, **values}
    )
    env["ir.actions.server"].create(
        {
            "name": name,
            "model_id": customer_model.id,
            "base_automation_id": automation.id,
            "usage": "base_automation",
            **(
                action
                if isinstance(action, dict)
                else {"state": "code", "code": action}
            ),
        }
    )
    return automation


def note(text):
    return f"record.sudo().message_post(body='{text}')"


watch = {"trigger": "on_write", "trigger_field_ids": [stage_field.id]}
automate("breaks", "raise UserWarning('broken automation')", **watch)
automate("any move", note("any move"), **watch)
automate(
    "from identify",
    note("from identify"),
    filter_pre_domain=f"[('stage_id', '=', {identify.id})]",
    filter_domain=f"[('stage_id', '=', {acquire.id})]",
    **watch,
)
automate(
    "from acquire",
    note("from acquire"),
    filter_pre_domain=f"[('stage_id', '=', {acquire.id})]",
    **watch,
)
other = env["ir.model.fields"]._get("crm.customer", "note")
automate("notes", note("notes"), trigger="on_write", trigger_field_ids=[other.id])
automate("create or write", note("create or write"), trigger="on_create_or_write")
automate(
    "set",
    note("set"),
    trigger="on_stage_set",
    trg_field_ref=acquire.id,
    trigger_field_ids=[stage_field.id],
    filter_domain=f"[('stage_id', '=', {acquire.id})]",
)
automate(
    "webhook",
    {
        "state": "webhook",
        "webhook_url": URL,
        "webhook_field_ids": [stage_field.id],
    },
    **watch,
)
partner = env["res.partner"].create({"name": "Hormuz", "is_company": True})
lead = env["crm.lead"].create(
    {"name": "Lead", "type": "lead", "partner_id": partner.id, "user_id": False}
)
env.cr.commit()


def consume():
    for lane in range(4):
        env["crm.customer.event"]._consume(lane, 100)
    env.cr.commit()
    env.invalidate_all()


def said(customer):
    bodies = customer.message_ids.sorted("id").mapped("body")
    return [html2plaintext(body).strip() for body in bodies]


consume()
customer = env["crm.customer"].search([("partner_id", "=", partner.id)])
created = said(customer)
lead.type = "opportunity"
env.cr.commit()
consume()
moved = said(customer)[len(created) :]
stage = customer.stage_id.code
quiet = len(said(customer))
customer.action_refresh()
env.cr.commit()
seen = {
    "created": created,
    "moved": moved,
    "stage": stage,
    "again": said(customer)[quiet:],
    "history": customer.history_ids.sorted("date_from").mapped("stage_id.code"),
    "id": customer.id,
}
print("SEEN " + json.dumps(seen))
