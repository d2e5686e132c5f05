import numpy as np

from odoo import models

from ..lib import calibration, nbd, nbd_fit
from ..lib.clv import UNIT_DAYS
from ..lib.fitting import OK
from ..lib.tracking import expected_curve, points
from ..lib.valuation import churn_risk
from . import valuation_sql
from .purchases import purchase_days, purchase_facts


class CrmLoyaltyHoldout(models.AbstractModel):
    """Part of the policy: it forecasts the latest purchases from the earlier ones.

    The last half of the history, at most as long as the horizon, is held out. What
    comes out is written on the run; the risk of churn is set by it.
    """

    _name = "crm.loyalty.holdout"
    _description = "Check of a Valuation"

    def _check_holdout(self, run, estimate):
        """Values of the run, and the estimate with what the holdout taught."""
        first, births = self._get_births()
        longest = self._get_horizon_days()
        cut = first and calibration.cut_date(first, run.date_as_of, longest)
        values = {"holdout_status": "no_span", "holdout_from": cut}
        params = estimate.params
        if cut:
            patterns, later = self._read_holdout(cut)
            fit = nbd_fit.fit(estimate.model, patterns, self.min_customers)
            values["holdout_status"] = fit.status
            if fit.status == OK:
                params = fit.params
                past = estimate._replace(params=params)
                days = (run.date_as_of - cut).days / UNIT_DAYS[self.value_unit]
                found, link = self._compare(past, patterns, later, days)
                values.update(found)
                estimate = estimate._replace(recalibration=link)
        if first:
            tracking = self._track(run, first, cut, births, estimate.model, params)
            values["tracking"] = tracking
            _time, tracked, expected = tracking["points"][-1]
            error = calibration.cumulative_error(tracked, expected)
            values["holdout_error"] = error or 0.0
        return values, estimate

    def _get_births(self):
        self.env.cr.execute(valuation_sql.births())
        rows = self.env.cr.fetchall()
        return (rows[0][0] if rows else None), rows

    def _read_holdout(self, cut):
        """Patterns at the end of day `cut`, and the purchases of each one after it."""
        facts = purchase_facts(self._get_company_scope(), None, cut)
        names = ("x", "last_day", "age_day", "later", "customers")
        rows = valuation_sql.read_columns(
            self.env.cr, valuation_sql.holdout(facts, cut), dict.fromkeys(names, "int4")
        )
        days = UNIT_DAYS[self.value_unit]
        patterns = nbd_fit.Groups(
            rows["x"].astype(float),
            rows["last_day"] / days,
            rows["age_day"] / days,
            rows["customers"].astype(float),
        )
        return patterns, rows["later"]

    def _compare(self, past, patterns, later, span):
        """Figures of forecast against fact, and the link that sets the churn risk.

        :param past: estimate from the patterns alone
        :param later: what each pattern bought in the `span` after it
        """
        *pattern, weights = patterns
        expected = nbd.expected_purchases(past.model, past.params, *pattern, span)
        link = calibration.recalibrate(expected, later > 0, weights)
        formula = churn_risk(past, *pattern, span, expected)
        risk = churn_risk(past._replace(recalibration=link), *pattern, span, expected)
        values = {
            "holdout_customers": int(weights.sum()),
            "holdout_expected": float((weights * expected).sum()),
            "holdout_actual": float((weights * later).sum()),
            "holdout_correlation": calibration.correlation(expected, later, weights)
            or 0.0,
            "churn_auc": calibration.auc(later > 0, 1 - risk, weights) or 0.0,
            "churn_observed": float(np.average(later == 0, weights=weights)),
            "churn_formula": float(np.average(formula, weights=weights)),
            "churn_adjusted": bool(link),
        }
        return values, link

    def _track(self, run, first, cut, births, model, params):
        """The data of the chart, see `tracking_chart.esm.js`."""
        unit = UNIT_DAYS[self.value_unit]
        times = points((run.date_as_of - first).days / unit)
        days = purchase_days(self._get_company_scope(), None, run.date_as_of)
        self.env.cr.execute(valuation_sql.purchases_by_day(days))
        bought = _cumulated(self.env.cr.fetchall(), first, times, unit)
        begun = _cumulated(births, first, times, unit)
        born = [(day - first).days / unit for day, _count in births]
        counts = [count for _day, count in births]
        expected = expected_curve(model, params, born, counts, times)
        return {
            "unit": self.value_unit,
            "start": first.isoformat(),
            "cut": (cut - first).days / unit if cut else None,
            "points": [
                [round(time, 3), int(tracked), round(float(value), 2)]
                for time, tracked, value in zip(
                    times, bought - begun, expected, strict=True
                )
            ],
        }


def _cumulated(rows, first, times, unit):
    """How many of the rows (day, count) lie until each of `times`."""
    days = np.array([(day - first).days for day, _count in rows])
    totals = np.concatenate(([0], np.cumsum([count for _day, count in rows])))
    ends = np.floor(np.asarray(times) * unit + 1e-6)
    return totals[np.searchsorted(days, ends, side="right")]
