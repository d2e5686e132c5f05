from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    service_invoice_grouping = fields.Selection(
        [("contract", "One per contract"), ("customer", "One per customer")],
        string="Contract Invoices",
        required=True,
        default="contract",
        help="Whether contracts of a customer that are due on one day share an "
        "invoice. Only those with the same address, currency and terms of payment do.",
    )
    service_invoice_handling = fields.Selection(
        [
            ("draft", "Leave as draft"),
            ("post", "Post"),
            ("send", "Post and send by mail"),
        ],
        string="New Contract Invoices",
        required=True,
        default="draft",
        help="What billing does with a new invoice. Credit notes stay drafts always.",
    )
    service_period_calendar = fields.Selection(
        [("gregorian", "Gregorian"), ("jalali", "Persian solar")],
        string="Months of New Contracts",
        required=True,
        default="gregorian",
        help="In which calendar months, quarters and years of contracts are counted.",
    )
    service_change_approval = fields.Boolean(
        string="Contract Changes Need Approval",
        default=True,
        help="Changes that a user asks for wait until an administrator of service "
        "contracts approves them.",
    )
