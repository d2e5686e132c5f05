from odoo import api, models


class CrmCustomer(models.Model):
    """The figures behind the heat map of recency, frequency and monetary value."""

    _inherit = "crm.customer"

    @api.model
    @api.readonly
    def get_rfm(self, company_id=None):
        """Sizes and revenue by scores and by segment, and who moved in the last run.

        :param company_id: one of the user's active companies, else the current one
        :return: {company, companies, currency_id, bins, cells: [{recency, frequency,
            monetary, segment, customers, revenue}], segments: [{code, name, color,
            meaning}], movement}; see `_get_rfm_movement`
        """
        company = self._get_pareto_company(company_id)
        groups = self.with_context(active_test=False)._read_group(
            [("company_id", "=", company.id), ("rfm_segment", "!=", False)],
            ["rfm_recency", "rfm_frequency", "rfm_monetary", "rfm_segment"],
            ["__count", "rated_revenue:sum"],
        )
        names = ("recency", "frequency", "monetary", "segment", "customers", "revenue")
        cells = [dict(zip(names, group, strict=True)) for group in groups]
        # sudo: how many scores there are is seen on every customer
        policy = self.env["crm.loyalty.policy"].sudo()
        policy = policy.search([("company_id", "=", company.id)], limit=1)
        return {
            "company": {"id": company.id, "name": company.name},
            "companies": [
                {"id": root.id, "name": root.name}
                for root in self.env.companies.root_id
            ],
            "currency_id": company.currency_id.id,
            "bins": self._get_rfm_bins(policy.last_run_id, cells),
            "cells": cells,
            "segments": self._get_rfm_names({cell["segment"] for cell in cells}),
            "movement": self._get_rfm_movement(policy.last_run_id),
        }

    @api.model
    def _get_rfm_bins(self, run, cells):
        """How many scores there were in the last run: the policy may have changed."""
        scores = ("recency", "frequency", "monetary")
        found = [cell[name] for cell in cells for name in scores]
        return max([(run.policy_snapshot or {}).get("rfm_bins") or 2, *found])

    @api.model
    def _get_rfm_names(self, used):
        """Segments by their order; those that customers still have come last."""
        choices = dict(self.env["crm.loyalty.segment"]._get_choices())
        choices.update({code: code for code in sorted(used - choices.keys())})
        # sudo: colours and meanings of the names that the user sees anyway
        segments = self.env["crm.loyalty.segment"].sudo()
        found = segments.search([("code", "in", list(choices))])
        by_code = {segment.code: segment for segment in found}
        return [
            {
                "code": code,
                "name": name,
                "color": by_code[code].color if code in by_code else 0,
                "meaning": (by_code[code].meaning if code in by_code else "") or "",
            }
            for code, name in choices.items()
        ]

    @api.model
    def _get_rfm_movement(self, run):
        """Who went from segment to segment in a run.

        :return: False without a run, else {run_id, date, moves: [{before, after,
            customers}]}, the most first; before False: new, after False: gone
        """
        if not run:
            return False
        groups = self.env["crm.loyalty.history"]._read_group(
            [("run_id", "=", run.id)],
            ["rfm_segment_before", "rfm_segment"],
            ["customer_id:count_distinct"],
        )
        moves = [
            {"before": before or False, "after": after or False, "customers": count}
            for before, after, count in groups
            if before != after
        ]
        return {
            "run_id": run.id,
            "date": run.date_as_of.isoformat(),
            "moves": sorted(moves, key=lambda move: -move["customers"]),
        }
