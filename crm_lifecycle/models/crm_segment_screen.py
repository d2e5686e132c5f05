from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

TREND_DAYS = 30
"""How far back "recently" reaches for who came and who went."""


class CrmSegment(models.Model):
    """What the screens show: size, value, who came and went, seen by the viewer.

    Every figure asks once for all segments on the screen, with the rights of the person
    who looks: a number never promises more than its list then shows.
    """

    _inherit = "crm.segment"

    customer_count = fields.Integer("Customers", compute="_compute_value")
    revenue_total = fields.Monetary("Revenue", compute="_compute_value")
    balance_due = fields.Monetary(compute="_compute_value")
    entered_count = fields.Integer(
        "Came in 30 days", compute="_compute_trend", help="Members who joined."
    )
    left_count = fields.Integer(
        "Went in 30 days", compute="_compute_trend", help="Members who left."
    )
    trend = fields.Integer(
        compute="_compute_trend", help="Who came less who went in the last 30 days."
    )
    match_count = fields.Integer(
        "Customers who match", compute="_compute_match", help="Before saving."
    )
    match_problem = fields.Char(compute="_compute_match")
    can_mail = fields.Boolean(compute="_compute_can_mail")

    @api.depends("customer_ids")
    @api.depends_context("uid")
    def _compute_value(self):
        Customer = self.env["crm.customer"]
        names = Customer._get_readable_names(("revenue_total", "balance_due"))
        groups = Customer._read_group(
            [("segment_ids", "in", self.ids)],
            ["segment_ids"],
            ["__count", *(f"{name}:sum" for name in names)],
        )
        counts = {segment.id: count for segment, count, *_sums in groups}
        sums = {
            segment.id: dict(zip(names, figures, strict=True))
            for segment, _count, *figures in groups
        }
        for segment in self:
            segment.customer_count = counts.get(segment.id, 0)
            value = sums.get(segment.id, {})
            segment.revenue_total = value.get("revenue_total", 0.0)
            segment.balance_due = value.get("balance_due", 0.0)

    @api.depends("customer_ids")
    @api.depends_context("uid")
    def _compute_trend(self):
        counts = {}
        for name in ("date_from", "date_to"):
            groups = self.env["crm.segment.membership"]._read_group(
                [("segment_id", "in", self.ids), (name, ">=", self._get_trend_start())],
                ["segment_id"],
                ["__count"],
            )
            counts[name] = {segment.id: count for segment, count in groups}
        for segment in self:
            segment.entered_count = counts["date_from"].get(segment.id, 0)
            segment.left_count = counts["date_to"].get(segment.id, 0)
            segment.trend = segment.entered_count - segment.left_count

    @api.model
    def _get_trend_start(self):
        return fields.Datetime.subtract(
            fields.Datetime.now().replace(hour=0, minute=0, second=0), days=TREND_DAYS
        )

    @api.depends("domain", "kind", "company_id")
    @api.depends_context("uid")
    def _compute_match(self):
        """Count who would belong: a condition is judged before it is saved."""
        Customer = self.env["crm.customer"]
        for segment in self:
            segment.match_count, segment.match_problem = 0, False
            if segment.kind != "dynamic" or not segment.company_id:
                continue
            try:
                domain = segment._parse_domain()
                segment._check_writer()
            except (AccessError, ValidationError) as error:
                segment.match_problem = str(error)
                continue
            company = segment.company_id._origin or segment.company_id
            segment.match_count = Customer.search_count(
                domain & fields.Domain("company_id", "=", company.id)
            )

    def _compute_can_mail(self):
        self.can_mail = self._can_mail()

    @api.model
    def _can_mail(self):
        """Tell whether mailings are installed and the user may write one."""
        return "mailing.mailing" in self.env and self.env["mailing.mailing"].has_access(
            "create"
        )

    def action_view_customers(self):
        """Open the members whom the user may see."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Members of %(segment)s", segment=self.name),
            "res_model": "crm.customer",
            "view_mode": "list,kanban,form,pivot,graph",
            "domain": list(self._get_customer_domain()),
            "context": {"create": False},
        }

    def action_view_entered(self):
        """Open who came in the last 30 days."""
        return self._view_memberships(
            self.env._("Came to %(segment)s", segment=self.name), "date_from"
        )

    def action_view_left(self):
        """Open who went in the last 30 days."""
        return self._view_memberships(
            self.env._("Left %(segment)s", segment=self.name), "date_to"
        )

    def _view_memberships(self, name, field):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "crm.segment.membership",
            "view_mode": "list",
            "domain": [
                ("segment_id", "=", self.id),
                (field, ">=", fields.Datetime.to_string(self._get_trend_start())),
            ],
        }

    def action_view_snapshots(self):
        """Open the segment's size and value over time."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle.crm_segment_snapshot_action"
        )
        return {**action, "domain": [("segment_id", "=", self.id)]}

    def action_write_to_members(self):
        """Open a new mailing to the members.

        :raise UserError: when no application for mailings is installed, or the user
            may not use it
        """
        self.ensure_one()
        if not self._can_mail():
            raise UserError(
                self.env._(
                    "Writing to a segment needs the application Email Marketing, and "
                    "the right to use it."
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Mailing to %(segment)s", segment=self.name),
            "res_model": "mailing.mailing",
            "view_mode": "form",
            "context": self._prepare_mailing_context(),
        }

    def _prepare_mailing_context(self):
        """Return the defaults of a mailing to the members."""
        return {
            "default_mailing_type": "mail",
            "default_mailing_model_id": self.env["ir.model"]._get_id("crm.customer"),
            "default_mailing_domain": repr(list(self._get_customer_domain())),
            "default_subject": self.name,
        }
