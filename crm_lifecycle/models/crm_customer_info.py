from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmCustomerInfo(models.Model):
    """A dated note on a customer or a person there, in a class of information.

    Record rules show it only to the groups of its class, and to those who see the
    customer. Whatever lists these notes (a timeline, a report) has nothing more to do
    than to read them as the user.
    """

    _name = "crm.customer.info"
    _description = "Sensitive Note"
    _order = "date desc, id desc"

    name = fields.Char("In Short", required=True)
    customer_id = fields.Many2one(
        "crm.customer", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="customer_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Person",
        index=True,
        ondelete="set null",
        help="Empty: about the customer as a whole.",
    )
    class_id = fields.Many2one(
        "crm.info.class",
        "Information Class",
        required=True,
        index=True,
        ondelete="restrict",
        help="Decides who sees this note, and how long it is kept.",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    note = fields.Text("Details")
    source_id = fields.Many2one(
        "crm.data.source",
        ondelete="set null",
        index="btree_not_null",
        help="Where the information comes from.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Noted by",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    keep_until = fields.Date(
        help="Deleted after this day. Empty: as long as the class says."
    )
    expiry_date = fields.Date(
        "Expires", compute="_compute_expiry_date", help="Empty: kept for good."
    )

    _class_date_idx = models.Index("(class_id, date)")

    @api.depends("keep_until", "date", "class_id.retention_months")
    def _compute_expiry_date(self):
        for info in self:
            months = info.class_id.retention_months
            by_class = (
                months and info.date and fields.Date.add(info.date, months=months)
            )
            info.expiry_date = info.keep_until or by_class

    @api.constrains("partner_id", "customer_id")
    def _check_person(self):
        for info in self:
            person = info.partner_id.sudo()  # its company; who notes need not see it
            owner = info.customer_id.sudo().partner_id
            if person and person.commercial_partner_id != owner:
                raise ValidationError(
                    self.env._(
                        "%(person)s does not belong to %(customer)s.",
                        person=person.name,
                        customer=owner.name,
                    )
                )

    @api.constrains("date", "keep_until")
    def _check_dates(self):
        for info in self:
            if info.keep_until and info.keep_until < info.date:
                raise ValidationError(
                    self.env._(
                        "%(name)s would be deleted before its own date.", name=info.name
                    )
                )
