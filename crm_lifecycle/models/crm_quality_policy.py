from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmQualityPolicy(models.Model):
    """What good contact data are in a company, and who looks after them when.

    A company follows its own policy, else the one without a company.
    """

    _name = "crm.quality.policy"
    _description = "Data Quality Policy"
    _order = "company_id, id"

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        ondelete="cascade",
        domain=[("parent_id", "=", False)],
        help="Empty: for every company that has no policy of its own.",
    )
    rule_ids = fields.One2many("crm.quality.rule", "policy_id", "Rules", copy=True)
    completeness_weight = fields.Float(
        default=70,
        help="How much completeness counts in the data quality, beside freshness.",
    )
    freshness_weight = fields.Float(
        default=30,
        help="How much freshness counts in the data quality, beside completeness.",
    )
    review_days = fields.Integer(
        "Review data older than",
        default=365,
        help="Days without a change or a confirmation, after which the accountable "
        "person is asked to look at the data. 0: never because of age.",
    )
    review_completeness = fields.Float(
        "Review completeness below",
        default=50,
        help="Percent. Customers with less complete data are reviewed, too. "
        "0: never because of gaps.",
    )
    reviews_per_person = fields.Integer(
        "Reviews per person and day",
        default=3,
        help="So many reviews a person is asked for in a day at most. 0: none.",
    )
    reviews_per_run = fields.Integer(
        "Reviews per night",
        default=200,
        help="So many reviews are asked for in a night in all, most valuable "
        "customers first.",
    )

    _company_unique = models.UniqueIndex(
        "(COALESCE(company_id, 0))", "This company has a data quality policy already."
    )

    @api.constrains(
        "completeness_weight",
        "freshness_weight",
        "review_days",
        "review_completeness",
        "reviews_per_person",
        "reviews_per_run",
    )
    def _check_numbers(self):
        for policy in self:
            weights = (policy.completeness_weight, policy.freshness_weight)
            if min(weights) < 0 or not sum(weights):
                raise ValidationError(
                    self.env._(
                        "The weights of completeness and freshness cannot be negative, "
                        "and one of them has to be above 0."
                    )
                )
            if not 0 <= policy.review_completeness <= 100:
                raise ValidationError(
                    self.env._("Completeness is a share between 0 and 100 percent.")
                )
            counts = (
                policy.review_days,
                policy.reviews_per_person,
                policy.reviews_per_run,
            )
            if min(counts) < 0:
                raise ValidationError(
                    self.env._("Days and numbers of reviews cannot be negative.")
                )

    @api.constrains("company_id")
    def _check_company(self):
        for policy in self:
            if policy.company_id.parent_id:
                raise ValidationError(
                    self.env._(
                        "Branches share the policy of their company: set %(company)s.",
                        company=policy.company_id.root_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        self._queue_pass()
        return policies

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys() <= {"name", "rule_ids"}:
            self._queue_pass()
        return result

    def unlink(self):
        result = super().unlink()
        self._queue_pass()
        return result

    @api.model
    def _queue_pass(self):
        """Have all customers scored again, soon and outside this transaction."""
        self.env["crm.lifecycle.rule"]._queue_pass()

    @api.model
    def _get_by_company(self, company_ids):
        """Return {policy: [ids of the root companies that follow it]}."""
        # settings, for the engine
        policies = self.sudo().search([("company_id", "in", [*company_ids, False])])
        own = {policy.company_id.id: policy for policy in policies}
        followers = {}
        for company_id in company_ids:
            policy = own.get(company_id) or own.get(False) or self
            followers.setdefault(policy, []).append(company_id)
        return followers
