import time
from decimal import Decimal
from typing import NamedTuple

import numpy as np
from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import SQL

from ..lib import gammagamma, nbd, nbd_fit, retention
from ..lib.clv import MONTH_DAYS, UNIT_DAYS
from ..lib.fitting import OK, TOO_LITTLE
from ..lib.valuation import Estimate, Outlook, score
from . import valuation_sql
from .crm_customer_value import VALUE_COLUMNS
from .crm_customer_warning import RANKS
from .purchases import purchase_facts

CHUNK = 100_000  # customers scored, and written, at a time


class Fitted(NamedTuple):
    """The two fits of a run, and the patterns that they were made of."""

    patterns: nbd_fit.Groups
    purchases: nbd_fit.NbdFit
    spend: gammagamma.GammaGammaFit


class CrmLoyaltyValuation(models.AbstractModel):
    """Part of the policy: the valuation of a run: fit, check, score, write, warn.

    Facts are read grouped, parameters fitted in numpy, customers scored in chunks that
    go back through a temporary table; only what differs is written.
    """

    _name = "crm.loyalty.valuation"
    _description = "Valuation of Customers"
    _inherit = ["crm.loyalty.holdout"]

    def _value(self, run):
        """Estimate what the customers of a run are worth in future."""
        began = time.monotonic()
        # sudo: the engine writes figures and activities that no person may
        engine = self.sudo()
        engine._make_behaviour(run)
        valuation_sql.make_score_table(self.env.cr)
        values = {"value_status": "off"}
        if self.value_enabled:
            values = engine._estimate(run)
        risen, written = engine._write_scores()
        warned, nobody = risen._warn_about_churn(
            engine._get_warned_classes(), run.date_as_of
        )
        run.write(
            {
                **values,
                "value_changed_count": written,
                "warning_count": warned,
                "unwarned_count": nobody,
                "value_duration": time.monotonic() - began,
            }
        )

    def _make_behaviour(self, run):
        """All purchases count here, whatever the window for the classes is."""
        facts = None
        if self.date_as_of:
            facts = purchase_facts(self._get_company_scope(), None, run.date_as_of)
        valuation_sql.make_behaviour_table(
            self.env.cr,
            self.company_id.id,
            run.date_as_of,
            fields.Date.context_today(self),
            facts,
        )

    def _estimate(self, run):
        """Fit, check against a holdout, and score; return the values of the run."""
        fitted = self._fit()
        previous = self._get_previous_run(run)
        values = {
            **self._prepare_fit_values(fitted, previous, run),
            **self._prepare_spend_values(fitted.spend, previous),
        }
        estimate = self._get_estimate(values)
        if estimate:
            checked, estimate = self._check_holdout(run, estimate)
            values.update(checked)
            values["valued_count"] = self._score_buyers(estimate)
        values.update(self._score_contracts(run, estimate))
        values.update(self._prepare_ignored_values())
        return values

    # Fit

    def _fit(self):
        days = UNIT_DAYS[self.value_unit]
        columns = dict.fromkeys(("x", "last_day", "age_day", "customers"), "int4")
        rows = valuation_sql.read_columns(
            self.env.cr, valuation_sql.patterns(), columns
        )
        patterns = nbd_fit.Groups(
            rows["x"].astype(float),
            rows["last_day"] / days,
            rows["age_day"] / days,
            rows["customers"].astype(float),
        )
        purchases = nbd_fit.fit(self.value_model, patterns, self.min_customers)
        columns = {"x": "int4", "value": "float8", "customers": "int4"}
        rows = valuation_sql.read_columns(self.env.cr, valuation_sql.values(), columns)
        spend = gammagamma.fit(
            rows["x"],
            rows["value"],
            rows["customers"],
            nbd_fit.least_repeaters(self.min_customers),
        )
        return Fitted(patterns, purchases, spend)

    def _get_previous_run(self, run):
        """The last run that has parameters, its own or those it kept."""
        return run.search(
            [
                ("policy_id", "=", self.id),
                ("id", "!=", run._origin.id),  # a preview has no record
                ("parameter_r", ">", 0),
            ],
            limit=1,
        )

    def _prepare_fit_values(self, fitted, previous, run):
        """Parameters of this run: its own, else the previous ones, else none."""
        fit = fitted.purchases
        values = {
            "fit_status": fit.status,
            "fit_customers": fit.customers,
            "fit_repeaters": fit.repeaters,
            "fit_groups": fit.groups,
            "min_customers": self.min_customers,
            "horizon": self.horizon,
            "horizon_unit": self.horizon_unit,
            "value_unit": self.value_unit,
            "value_status": "none",
        }
        if fit.status == OK:
            return {
                **values,
                **{f"parameter_{name}": v for name, v in fit.params._asdict().items()},
                "value_status": "ok",
                "value_model": self.value_model,
                "loglikelihood": fit.loglikelihood,
                "fitted_on": run.date_as_of,
            }
        if previous:
            days = UNIT_DAYS[previous.value_unit] / UNIT_DAYS[self.value_unit]
            return {
                **values,
                "value_status": "kept",
                "value_model": previous.value_model,
                "parameter_r": previous.parameter_r,
                "parameter_alpha": previous.parameter_alpha * days,
                "parameter_a": previous.parameter_a,
                "parameter_b": previous.parameter_b,
                "loglikelihood": previous.loglikelihood,
                "fitted_on": previous.fitted_on,
            }
        return values

    def _prepare_spend_values(self, fit, previous):
        values = {
            "spend_status": fit.status,
            "spend_customers": fit.customers,
            "spend_ignored": fit.ignored,
            "spend_correlation": fit.correlation or 0.0,
        }
        if fit.status == OK:
            return {
                **values,
                **{f"spend_{name}": v for name, v in fit.params._asdict().items()},
                "spend_loglikelihood": fit.loglikelihood,
            }
        kept = ("spend_p", "spend_q", "spend_gamma", "spend_loglikelihood")
        values |= {name: previous[name] for name in kept}
        if not previous.spend_p and fit.status != TOO_LITTLE:
            values["spend_usual"] = fit.usual
        return values

    def _get_estimate(self, values):
        if values["value_status"] == "none":
            return None
        spend = None
        if values["spend_p"]:
            names = ("spend_p", "spend_q", "spend_gamma")
            spend = gammagamma.GammaGamma(*(values[name] for name in names))
        params = nbd.Parameters(
            *(values[f"parameter_{name}"] for name in nbd.Parameters._fields)
        )
        usual = values.get("spend_usual")
        return Estimate(values["value_model"], params, self.value_unit, spend, usual)

    def _prepare_ignored_values(self):
        """Counts of what the fit could not take as it stands."""
        self.env.cr.execute(
            SQL(
                """
                SELECT COUNT(*) FILTER (WHERE late) FROM crm_loyalty_behaviour
                """
            )
        )
        return {"future_count": self.env.cr.fetchone()[0]}

    # Scores

    def _get_outlook(self):
        return Outlook(self._get_horizon_days(), self.discount_rate, self.value_margin)

    def _read_behaviour(self, contractual):
        """Yield the rows of the table in chunks, as {column: array}."""
        first, columns = 0, valuation_sql.BEHAVIOUR_COLUMNS
        while True:
            query = valuation_sql.behaviour(contractual, first, first + CHUNK)
            rows = valuation_sql.read_columns(self.env.cr, query, columns)
            if not len(rows["id"]):
                return
            yield rows
            first += CHUNK

    def _score_buyers(self, estimate):
        """Score all customers without contract; return how many."""
        days, count = UNIT_DAYS[estimate.unit], 0
        for rows in self._read_behaviour(False):
            scores = score(
                estimate,
                self._get_outlook(),
                rows["x"],
                rows["last_day"] / days,
                rows["age_day"] / days,
                rows["value"],
            )
            kind = np.zeros(len(rows["id"]), dtype=int)
            valuation_sql.write_scores(
                self.env.cr,
                {"id": rows["id"], "contractual": kind, **scores._asdict()},
            )
            count += len(kind)
        return count

    def _score_contracts(self, run, estimate):
        """Value customers under contract by how many of them stay."""
        year_ago = run.date_as_of - relativedelta(years=1)
        self.env.cr.execute(valuation_sql.retention(self.company_id.id, year_ago))
        before, kept = self.env.cr.fetchone()
        rate = retention.retention_rate(before, kept, self.assumed_retention)
        values = {
            "contract_before": before,
            "contract_kept": kept,
            "retention_rate": rate,
            "contract_count": 0,
        }
        self.env.cr.execute(valuation_sql.contract_habits())
        total, days, usual = self.env.cr.fetchone()
        if usual is None and estimate:
            usual = estimate.spend.mean if estimate.spend else estimate.usual
        pace = total * MONTH_DAYS / days if days else 0.0
        for rows in self._read_behaviour(True):
            values["contract_count"] += len(rows["id"])
            valuation_sql.write_scores(
                self.env.cr, self._prepare_contract_scores(rows, rate, pace, usual)
            )
        return values

    def _prepare_contract_scores(self, rows, rate, pace, usual):
        """:param rate: yearly retention; pace: purchases a month; usual: a value"""
        days, count = self._get_horizon_days(), len(rows["id"])
        known = rows["age_day"] / MONTH_DAYS
        per_month = retention.monthly_rates(rows["x"], known, float(pace))
        unknown = np.nan if usual is None else usual
        value = np.where(rows["value"] > 0, rows["value"], unknown)
        discounted = retention.expected_months(rate, days, self.discount_rate)
        return {
            "id": rows["id"],
            "contractual": np.ones(count, dtype=int),
            "p_alive": np.full(count, rate),
            "expected_purchases": per_month * retention.expected_months(rate, days),
            "clv": per_month * discounted * value * self.value_margin,
            "churn_risk": np.full(count, 1 - rate ** (days / MONTH_DAYS / 12)),
        }

    # Results

    def _write_scores(self):
        """Write the scores that differ, and empty those of who has none any more.

        :return: customers whose risk rose to a worse band, number of customers written
        """
        cr = self.env.cr
        cr.execute(SQL("CREATE INDEX ON crm_loyalty_score (id)"))
        cr.execute(SQL("ANALYZE crm_loyalty_score"))
        risen, written = [], 0
        for ids in self._get_id_ranges():
            scores = valuation_sql.rounded_scores(
                Decimal(str(self.churn_medium)),
                Decimal(str(self.churn_high)),
                self.company_id.currency_id.decimal_places,
                *ids,
            )
            rows = self._write_differing(
                VALUE_COLUMNS,
                SQL("(%s)", scores),
                SQL("customer.churn_band, target.churn_band"),
                ids,
            )
            written += len(rows)
            risen += [row[0] for row in rows if _is_worse(*row[1:])]
        return self.env["crm.customer"].browse(risen), written

    def _get_id_ranges(self):
        """Pairs (first, last) that cut the ids of the company into chunks."""
        self.env.cr.execute(
            SQL(
                """
                SELECT id FROM (
                    SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS place,
                           COUNT(*) OVER () AS total
                      FROM crm_customer WHERE company_id = %(company)s) customer
                 WHERE place %% %(chunk)s = 0 OR place = total
              ORDER BY id
                """,
                company=self.company_id.id,
                chunk=CHUNK,
            )
        )
        ends = [row[0] for row in self.env.cr.fetchall()]
        return list(zip([0, *ends], ends, strict=False))


def _is_worse(before, now):
    """Whether a customer of a known band came into a worse one."""
    return bool(before and now) and RANKS[now] > RANKS[before]
