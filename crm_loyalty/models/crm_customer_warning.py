from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

ACTIVITY_TYPE = "crm_loyalty.mail_activity_type_churn"
DAYS_TO_ACT = 3
BATCH = 500  # activities made at once
RANKS = {"low": 0, "medium": 1, "high": 2}


class CrmCustomerWarning(models.AbstractModel):
    """Part of the customer: an activity when a good one is about to be lost.

    The band and the last purchase that a warning was about stay on the customer, so
    neither a second run nor a risk that swings around a limit warns again in the same
    silence. When the customer buys, the warning closes.
    """

    _name = "crm.customer.warning"
    _description = "Early Warning of Churn"

    def _warn_about_churn(self, classes, day):
        """Tell the accountable people which of these customers are at risk.

        :param classes: letters of the classes that are worth a warning
        :param day: as of when; an activity is due a few days later
        :return: how many customers were warned about, and how many should have been
            but have nobody who answers for them
        """
        kind = self._get_churn_activity_type()
        wanted = self.filtered(lambda customer: customer._needs_warning(classes))
        if not kind or not wanted:
            return 0, 0
        people = wanted._get_warned_people()
        warned = wanted.filtered(lambda customer: customer.id in people)
        standing = warned._get_churn_warnings(kind).grouped("res_id")
        values = []
        for customer in warned:
            user = people[customer.id]
            vals = customer._prepare_warning_values(kind, user, day)
            if customer.id in standing:
                standing[customer.id].write(vals)
            else:
                values.append(vals)
        # no e-mail for each of them: they are in the list of activities
        Activity = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        for start in range(0, len(values), BATCH):
            Activity.create(values[start : start + BATCH])
        warned._remember_warning()
        return len(warned), len(wanted - warned)

    def _needs_warning(self, classes):
        """Whether the risk is worse than what was warned of since the last purchase."""
        if self.value_method != "purchases" or self.abc_class not in classes:
            return False
        warned = 0
        if self.churn_warned_purchase == self.last_purchase_date:
            warned = RANKS.get(self.churn_warned_band, 0)
        return RANKS.get(self.churn_band, 0) > warned

    def _get_warned_people(self):
        """{customer id: user}: accountable, else deputy, else the team's leader.

        Only people who still work here and may see the customer.
        """
        candidates = [
            self.grouped("user_id"),
            self.grouped("deputy_id"),
            self.grouped(lambda customer: customer.team_id.user_id),
        ]
        people = {}
        for groups in candidates:
            for user, customers in groups.items():
                if user and user.active:
                    for customer in customers._filter_visible(user):
                        people.setdefault(customer.id, user)
        return people

    def _filter_visible(self, user):
        companies = {"allowed_company_ids": user.company_ids.ids}
        seen = self.with_user(user).with_context(**companies)._filtered_access("read")
        return self.browse(seen.ids)

    def _prepare_warning_values(self, kind, user, day):
        """Values of the activity, in the language of who gets it."""
        self.ensure_one()
        told = self.with_context(lang=user.lang)
        bands = dict(told._fields["churn_band"]._description_selection(told.env))
        return {
            "activity_type_id": kind.id,
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "user_id": user.id,
            "date_deadline": day + timedelta(days=DAYS_TO_ACT),
            "automated": True,
            "summary": told.env._(
                "Risk of losing this customer: %(band)s", band=bands[self.churn_band]
            ),
            "note": told.value_explanation,
        }

    def _remember_warning(self):
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_customer
                   SET churn_warned_band = churn_band,
                       churn_warned_purchase = last_purchase_date
                 WHERE id = ANY(%s)
                """,
                list(self.ids),
            )
        )
        self.invalidate_recordset(["churn_warned_band", "churn_warned_purchase"])

    def _close_churn_warnings(self):
        """Close the warnings about customers in self who have bought since."""
        kind = self._get_churn_activity_type()
        if not kind or not self:
            return
        for activity in self._get_churn_warnings(kind):
            customer = self.browse(activity.res_id)
            bought, warned = customer.last_purchase_date, customer.churn_warned_purchase
            if bought and (not warned or bought > warned):
                activity.action_feedback(
                    self.env._("Bought again on %(date)s.", date=bought)
                )

    def _get_churn_warnings(self, kind):
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", kind.id),
            ]
        )

    @api.model
    def _get_churn_activity_type(self):
        """The type of the warnings, empty where somebody has deleted it."""
        return self.env.ref(ACTIVITY_TYPE, raise_if_not_found=False)
