from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmQualityPolicy(models.Model):
    """What good contact data are in a company, and who looks after them when.

    A company follows its own policy, else the one without a company.
    """

    _name = "crm.quality.policy"
    _description = "Data Quality Policy"
    _inherit = ["crm.pass.setting", "crm.root.company"]
    _order = "company_id, id"
    _quiet_fields = frozenset(("name", "rule_ids"))

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
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
