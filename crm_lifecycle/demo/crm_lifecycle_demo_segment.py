from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.tools import SQL

from . import process_story as told


class CrmLifecycleDemo(models.AbstractModel):
    """Customer profile and segments of the demo company, with a year behind them."""

    _inherit = "crm.lifecycle.demo"

    def _in_company(self, company):
        return self.with_company(company).with_context(
            allowed_company_ids=company.ids,
            tracking_disable=True,
            mail_create_nolog=True,
            mail_activity_quick_update=True,
            lang="en_US",
        )

    @api.model
    def _load_segments(self):
        """Load the profile, the segments, and how large they were month by month."""
        company = self.env.ref("crm_lifecycle.demo_company")
        if self.env["crm.segment"].search_count([("company_id", "=", company.id)]):
            return
        self = self._in_company(company)
        self._load_profile(company)
        segments = self.env["crm.segment"]
        water = self.env.ref("base.res_partner_industry_E").id
        for key, name, owner, color, purpose, domain in told.SEGMENTS:
            segments |= self._make_segment(
                key, name, owner, color, purpose, domain=domain % {"water": water}
            )
        customers = self._get_customers()
        guests = [customers[self._ref("partner", k)].id for k in told.FACTORY_DAY]
        segments |= self._make_segment(
            "guests",
            "Guests of the factory day",
            "sara",
            7,
            "Invited for the autumn; Sara keeps the list.",
            kind="fixed",
            customer_ids=[Command.set(guests)],
        )
        self._backdate_members(segments)
        for segment in segments:
            self._load_snapshots(segment)
        segments._take_snapshots()

    def _make_segment(self, key, name, owner, color, purpose, **values):
        segment = self.env["crm.segment"].create(
            {
                "name": name,
                "company_id": self.env.company.id,
                "owner_id": self._ref("user", owner).id,
                "color": color,
                "purpose": purpose,
                **values,
            }
        )
        self.env["ir.model.data"].create(
            {
                "module": "crm_lifecycle",
                "name": f"demo_segment_{key}",
                "model": segment._name,
                "res_id": segment.id,
                "noupdate": True,
            }
        )
        return segment

    def _load_profile(self, company):
        company.customer_profile_definition = [
            {
                "name": name,
                "string": title,
                "type": kind,
                **(
                    {"selection": [[key, told.LABELS[key]] for key in choices]}
                    if choices
                    else {}
                ),
            }
            for name, title, kind, choices in told.PROFILE
        ]
        names = [name for name, *_rest in told.PROFILE]
        customers = self._get_customers()
        for key, character in told.CHARACTERS.items():
            customer = customers[self._ref("partner", key)]
            customer.profile = dict(zip(names, character, strict=True))

    def _backdate_members(self, segments):
        """They have belonged since they were known, a few since lately."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_segment_membership membership
                   SET date_from = GREATEST(
                       customer.first_lead_date, %s::date)::timestamp
                  FROM crm_customer customer
                 WHERE customer.id = membership.customer_id
                   AND membership.segment_id = ANY(%s)
                   AND customer.first_lead_date IS NOT NULL
                """,
                self._day(400),
                segments.ids,
            )
        )
        self.env.invalidate_all(flush=False)

    def _load_snapshots(self, segment):
        """What the members of today had bought at the end of each month of a year."""
        partners = segment.customer_ids.partner_id
        moves = self.env["account.move"].search_fetch(
            [
                ("commercial_partner_id", "in", partners.ids),
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("state", "=", "posted"),
                ("company_id", "=", segment.company_id.id),
            ],
            ["invoice_date", "amount_untaxed_signed", "commercial_partner_id"],
        )
        values, before = [], set()
        for months in range(12, 0, -1):
            end = fields.Date.start_of(
                fields.Date.subtract(fields.Date.today(), months=months - 1), "month"
            ) - timedelta(days=1)
            past = moves.filtered(lambda move, day=end: move.invoice_date <= day)
            known = set(past.commercial_partner_id.ids)
            values.append(
                {
                    "segment_id": segment.id,
                    "company_id": segment.company_id.id,
                    "date": end,
                    "customer_count": len(known),
                    "revenue_total": sum(past.mapped("amount_untaxed_signed")),
                    "entered_count": len(known - before) if values else 0,
                }
            )
            before = known
        self.env["crm.segment.snapshot"].create(values)
