from odoo import api, fields, models

ALARMS = 200
"""Activities that one night makes in a company; the filter shows all."""

ALARM_TYPE = "crm_lifecycle.mail_activity_type_unowned"


class CrmCustomer(models.Model):
    """The alarm for customers whom nobody answers for: one open activity, never two.

    It goes to the deputy, else to the leader of the sales team, else to whom the
    settings name, and closes itself as soon as somebody answers for the customer.
    """

    _inherit = "crm.customer"

    @api.model
    def _cron_alarm_unowned(self):
        """Raise the alarm in every company for who waits too long, once each."""
        for company in self.env["res.company"].search([("parent_id", "=", False)]):
            self._close_settled_alarms(company)
            self._alarm_company(company)

    @api.model
    def _alarm_company(self, company):
        """Make the missing alarms of a company, those who wait longest first.

        :return: the customers that got one
        """
        alarm = self.env.ref(ALARM_TYPE)
        overdue = self._get_overdue_domain(company)
        alarmed = self.env["mail.activity"]._search(
            [("res_model", "=", self._name), ("activity_type_id", "=", alarm.id)]
        )
        customers = self.search(
            overdue & ~self._get_alarmed_domain(alarmed),
            order="first_contact_at, id",
            limit=ALARMS,
        )
        waiting = self.search_count(overdue) if customers else 0
        fallback = customers and self._get_alarm_user(company)
        for user, group in customers.grouped(
            lambda customer: customer._get_alarmed_person() or fallback
        ).items():
            group._make_alarms(alarm, user, waiting)
        return customers

    @api.model
    def _get_alarmed_domain(self, activities):
        return fields.Domain("id", "in", activities.subselect("res_id"))

    def _get_alarmed_person(self):
        """Return the deputy or the leader of the team, if still there."""
        people = self.deputy_id | self.team_id.user_id
        return people.filtered("active")[:1]

    @api.model
    def _get_alarm_user(self, company):
        """Return who is told where a customer has no deputy and no team leader."""
        if company.crm_owner_alarm_user_id.active:
            return company.crm_owner_alarm_user_id
        managers = self.env.ref("crm_lifecycle.group_manager").all_user_ids
        local = managers.filtered(
            lambda user: user.active and company in user.company_ids.root_id
        )
        return local.sorted("id")[:1] or self.env.ref("base.user_admin")

    def _make_alarms(self, alarm, user, waiting):
        """Give each customer the activity; no mail for each of them."""
        model_id = self.env["ir.model"]._get_id(self._name)
        summary = self.env._("Nobody answers for this customer")
        note = self.env._(
            "Customers who wait too long for an accountable person in all: %(count)s. "
            "See the filter Too Long Without Accountable Person.",
            count=waiting,
        )
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "activity_type_id": alarm.id,
                    "res_model_id": model_id,
                    "res_id": customer.id,
                    "user_id": user.id,
                    "summary": summary,
                    "note": note,
                    "date_deadline": fields.Date.context_today(customer),
                }
                for customer in self
            ]
        )

    def _close_owner_alarms(self):
        """Take the alarms of customers away for whom somebody answers now."""
        alarm = self.env.ref(ALARM_TYPE, raise_if_not_found=False)
        if not alarm or not self:
            return
        # the alarm may be another colleague's
        self.env["mail.activity"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", alarm.id),
            ]
        ).unlink()

    @api.model
    def _close_settled_alarms(self, company):
        """Take alarms away whose customer has an accountable person again.

        For what no write on the customer told: a colleague came back.
        """
        alarm = self.env.ref(ALARM_TYPE)
        activities = self.env["mail.activity"].search(
            [("res_model", "=", self._name), ("activity_type_id", "=", alarm.id)]
        )
        customers = self.with_context(active_test=False).search(
            [
                ("id", "in", activities.mapped("res_id")),
                ("company_id", "=", company.id),
                ("is_waiting", "=", False),
            ]
        )
        customers._close_owner_alarms()
