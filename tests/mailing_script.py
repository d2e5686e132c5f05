"""Run in Odoo's shell by test_optional_apps.py: mailings to customers.

`PORT` of a mail server stands before this text. Prints one line of JSON with what was
seen; which mails arrived is known by the mail server.
"""

# ruff: noqa: F821 (env and PORT are there)
import json

from odoo import Command

env["ir.mail_server"].search([]).active = False
env["ir.mail_server"].create(
    {"name": "Sink", "smtp_host": "127.0.0.1", "smtp_port": PORT}
)
# the numbers of partners are checked for their country
env.company.country_id = env.ref("base.be")
here = env.company
there = env["res.company"].create({"name": "Bahar"})
mail, sms = (env["crm.channel"]._by_code(code) for code in ("mail", "sms"))
author = env["res.users"].create(
    {
        "name": "Nika",
        "login": "mailing_nika",
        "email": "nika@arvand.test",
        "company_id": here.id,
        "company_ids": [Command.set(here.ids)],
        "group_ids": [
            Command.link(env.ref(name).id)
            for name in (
                "sales_team.group_sale_salesman_all_leads",
                "mass_mailing.group_mass_mailing_user",
                "crm_lifecycle.group_manager",
            )
        ],
    }
)


def make_customer(name, company=here, email=True, **values):
    partner = env["res.partner"].create(
        {
            "name": name,
            "email": email and f"{name}@customer.test",
            "phone": f"+32 470 12 34 {len(customers) + 10}",
            "is_company": True,
            **values,
        }
    )
    customer = env["crm.customer"].create(
        {"partner_id": partner.id, "company_id": company.id}
    )
    customers[name] = customer
    return customer


customers = {}
for name in ("hormuz", "never", "offers", "letters", "blocked", "sms"):
    make_customer(name)
make_customer("bahar", company=there)
make_customer("silent", email=False)


def refuse(name, purpose, channel=None, company=here):
    env["crm.consent"].with_company(company).create(
        {
            "partner_id": customers[name].partner_id.id,
            "purpose": purpose,
            "channel_id": channel.id if channel else False,
            "state": "refused",
        }
    )


refuse("never", "all")
refuse("offers", "marketing", mail)
refuse("letters", "survey")  # says nothing of offers
refuse("sms", "marketing", sms)
env["mail.blacklist"].create({"email": "blocked@customer.test"})
mine = env["crm.customer"].union(*customers.values())
segment = (
    env["crm.segment"]
    .with_user(author)
    .create({"name": "Best", "kind": "fixed", "company_id": here.id})
)
local = mine.filtered(lambda customer: customer.company_id == here)
segment.sudo().write({"customer_ids": [Command.set(local.ids)]})
env.cr.commit()


def make_mailing(context, **values):
    mailing = (
        env["mailing.mailing"]
        .with_user(author)
        .with_company(here)
        .with_context(**context)
        .create({"subject": "News", "body_html": "<p>News</p>", **values})
    )
    env.cr.commit()
    return mailing


def send_by_cron(mailing):
    """As the scheduler does: with all rights, in no company in particular."""
    mailing.action_launch()
    env["mailing.mailing"].sudo()._process_mass_mailing_queue()
    env["mail.mail"].sudo().process_email_queue()
    env.cr.commit()
    env.invalidate_all()


def outcome(mailing):
    traces = env["mailing.trace"].search([("mass_mailing_id", "=", mailing.id)])
    by_id = {customer.id: name for name, customer in customers.items()}
    return {
        by_id[trace.res_id]: trace.failure_type or trace.trace_status
        for trace in traces
    }


seen = {}
can = segment.can_mail
write = segment.action_write_to_members()
members = make_mailing(write["context"])
seen["model"] = members.mailing_model_real
send_by_cron(members)
seen["members"] = outcome(members)

chosen = customers["hormuz"] | customers["never"]
action = chosen.with_user(author).action_write_to_selected()
picked = make_mailing(action["context"], use_exclusion_list=False)
send_by_cron(picked)
seen["picked"] = outcome(picked)

model = env["ir.model"]._get("crm.customer")
fresh = make_mailing({}, mailing_model_id=model.id)
seen["start"] = fresh.mailing_domain
wide = make_mailing({}, mailing_model_id=model.id, mailing_domain="[]")
send_by_cron(wide)
seen["wide"] = outcome(wide)

people = make_mailing(
    {},
    mailing_model_id=env["ir.model"]._get("res.partner").id,
    mailing_domain=repr([("id", "in", chosen.partner_id.ids)]),
)
send_by_cron(people)
traces = env["mailing.trace"].search([("mass_mailing_id", "=", people.id)])
seen["people"] = {
    env["res.partner"].browse(trace.res_id).name: trace.failure_type
    or trace.trace_status
    for trace in traces
}

text = make_mailing(
    {},
    mailing_type="sms",
    body_plaintext="News",
    mailing_model_id=model.id,
    mailing_domain=repr([("id", "in", mine.ids)]),
)
text.sudo().action_send_sms()  # as the scheduler does, with all rights
env.cr.commit()
env.invalidate_all()
seen["sms"] = outcome(text)
print("SEEN " + json.dumps(seen))
