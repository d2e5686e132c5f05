from odoo import api, fields, models
from odoo.exceptions import ValidationError

TOTALS = ("revenue_total", "balance_due", "order_count")


class CrmCustomerGroup(models.Model):
    """A corporate group: customers that belong together, above their legal entities.

    A *commercial entity* in Odoo is one legal person; its persons and addresses count
    as it. Branch offices without a tax number of their own are such addresses:
    contacts below the company, not ticked as a company. A subsidiary that signs its own
    orders is a company without a parent company and so a customer of its own; a
    corporate group holds these together. Groups may stand below groups, such as a
    division in a holding.
    """

    _name = "crm.customer.group"
    _description = "Corporate Group"
    _inherit = ["crm.root.company", "mail.thread", "mail.activity.mixin"]
    _parent_store = True
    _order = "complete_name, id"
    _rec_name = "complete_name"

    name = fields.Char(required=True, tracking=True)
    complete_name = fields.Char(
        "Full Name", compute="_compute_complete_name", store=True, recursive=True
    )
    active = fields.Boolean(default=True)
    parent_id = fields.Many2one(
        "crm.customer.group",
        "Part of",
        index=True,
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
        help="The holding that this group or division belongs to.",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("crm.customer.group", "parent_id", "Divisions")
    company_id = fields.Many2one(
        required=True, default=lambda self: self.env.company.root_id
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        "Accountable",
        index=True,
        tracking=True,
        domain=[("share", "=", False)],
        help="The one person who answers for the group as a whole.",
    )
    customer_ids = fields.One2many("crm.customer", "group_id", "Members")
    member_count = fields.Integer(
        "Customers", compute="_compute_totals", help="Also those of its divisions."
    )
    revenue_total = fields.Monetary(
        "Revenue", compute="_compute_totals", help="Of all members you may see."
    )
    balance_due = fields.Monetary(
        compute="_compute_totals", help="Of all members you may see."
    )
    order_count = fields.Integer(
        "Orders", compute="_compute_totals", help="Of all members you may see."
    )
    note = fields.Html("Notes", help="Who decides in the group, and how it buys.")

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for group in self:
            parent = group.parent_id.complete_name
            group.complete_name = f"{parent} / {group.name}" if parent else group.name

    @api.depends("customer_ids.group_id", "child_ids.parent_id")
    @api.depends_context("uid")
    def _compute_totals(self):
        """Add up the members of each group and of the groups below, by one query."""
        below = self.with_context(active_test=False).search(
            [("id", "child_of", self.ids)]
        )
        Customer = self.env["crm.customer"]
        names = Customer._get_readable_names(TOTALS)
        sums = {
            group.id: figures
            for group, *figures in Customer._read_group(
                [("group_id", "in", below.ids)],
                ["group_id"],
                ["__count", *(f"{name}:sum" for name in names)],
            )
        }
        for group in self:
            totals = [0] * (1 + len(names))
            for member in below:
                if f"/{group.id}/" in f"/{member.parent_path}" and member.id in sums:
                    totals = [
                        a + b for a, b in zip(totals, sums[member.id], strict=True)
                    ]
            group.member_count = totals[0]
            group.update(
                {
                    **dict.fromkeys(TOTALS, 0),
                    **dict(zip(names, totals[1:], strict=True)),
                }
            )

    @api.constrains("parent_id", "company_id")
    def _check_tree(self):
        for group in self:
            if group.parent_id and group.parent_id.company_id != group.company_id:
                raise ValidationError(
                    self.env._(
                        "%(group)s and %(parent)s are kept by different companies.",
                        group=group.name,
                        parent=group.parent_id.name,
                    )
                )

    @api.constrains("company_id", "customer_ids")
    def _check_members(self):
        self.customer_ids._check_group_company()

    def copy_data(self, default=None):
        return [
            {**values, "name": self.env._("%(name)s (copy)", name=group.name)}
            for group, values in zip(self, super().copy_data(default), strict=True)
        ]

    def action_view_customers(self):
        """Open the members, also those of the divisions."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customers of %(group)s", group=self.name),
            "res_model": "crm.customer",
            "view_mode": "list,kanban,form,pivot,graph",
            "domain": [("group_id", "child_of", self.id)],
            "context": {"default_group_id": self.id},
        }
