import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {
    formatFloat,
    formatInteger,
    formatPercentage,
} from "@web/views/fields/formatters";
import {ChartScreen} from "../chart_screen/chart_screen.esm";
import {ParetoParts} from "./pareto_parts.esm";
import {chartConfig} from "./pareto_chart.esm";
import {openCustomers} from "../customers/open_customers.esm";

/**
 * The Pareto chart: revenue of the customers from the best to the last, the curve of
 * its running total, the 80/20 point and the classes A, B and C.
 */
export class Pareto extends ChartScreen {
    static template = "crm_loyalty.Pareto";
    static components = {...ChartScreen.components, ParetoParts};

    getState() {
        // Value null: all customers; false: those without, say, a country
        return {dimension: "", value: null, valueName: "", parts: null};
    }

    get dimensions() {
        return [
            {name: "", label: _t("All customers")},
            {name: "country", label: _t("By country")},
            {name: "state", label: _t("By state")},
            {name: "salesperson", label: _t("By salesperson")},
            {name: "team", label: _t("By sales team")},
            {name: "category", label: _t("By product category")},
        ];
    }

    /** What customers are ranked by, where it is not revenue. */
    get measureLabel() {
        return {margin: _t("Margin"), profit: _t("Net profit")}[this.data.measure];
    }

    get isEmpty() {
        return !this.data || !this.data.customers;
    }

    get headline() {
        if (this.data.top_share === null) {
            return _t("%(count)s customers, and no revenue.", {
                count: formatInteger(this.data.customers),
            });
        }
        const figures = {
            measure: this.measureLabel,
            fifth: this.formatShare(0.2),
            share: this.formatShare(this.data.top_share),
            few: this.formatShare(this.data.customers_for_80),
            most: this.formatShare(0.8),
        };
        return this.measureLabel
            ? _t(
                  "%(measure)s: the best %(fifth)s of the customers make %(share)s of it; %(few)s of them make %(most)s. Losses count as nothing.",
                  figures
              )
            : _t(
                  "The best %(fifth)s of the customers make %(share)s of the revenue; %(few)s of them make %(most)s.",
                  figures
              );
    }

    get footnote() {
        const figures = {
            customers: formatInteger(this.data.customers),
            revenue: this.formatMoney(this.data.revenue),
            company: this.data.company.name,
            gini: formatFloat(this.data.gini || 0, {digits: [16, 2]}),
        };
        return _t(
            "%(company)s: %(customers)s rated customers, %(revenue)s. Gini coefficient %(gini)s (0: all equal).",
            figures
        );
    }

    formatShare(value) {
        return formatPercentage(value, {digits: [16, 1]});
    }

    formatCount(group) {
        return _t("%(count)s customers", {count: formatInteger(group.customers)});
    }

    formatRevenue(group) {
        const amount = this.formatMoney(group.revenue);
        const share = this.formatShare(group.share);
        return this.measureLabel
            ? _t("%(amount)s, %(share)s of it", {amount, share})
            : _t("%(revenue)s, %(share)s of the revenue", {revenue: amount, share});
    }

    async load(companyId = this.data?.company.id || false) {
        const {dimension, value} = this.state;
        const company = {company_id: companyId};
        const [data, parts] = await Promise.all([
            this.orm.call("crm.customer", "get_pareto", [], {
                ...company,
                dimension: dimension || null,
                value,
            }),
            dimension
                ? this.orm.call(
                      "crm.customer",
                      "get_pareto_parts",
                      [dimension],
                      company
                  )
                : null,
        ]);
        Object.assign(this.state, {data, parts});
    }

    onCompanyChange(ev) {
        Object.assign(this.state, {value: null, valueName: ""});
        return super.onCompanyChange(ev);
    }

    divide(dimension) {
        Object.assign(this.state, {dimension, value: null, valueName: ""});
        return this.load();
    }

    choosePart(value, name) {
        Object.assign(this.state, {value, valueName: value === null ? "" : name});
        return this.load();
    }

    openPart(name, domain) {
        return openCustomers(this.action, name, domain);
    }

    openClass(abcClass) {
        if (this.state.value !== null) {
            const domain = [...this.data.domain, ["abc_class", "=", abcClass]];
            return this.openPart(this.state.valueName, domain);
        }
        return this.action.doAction("crm_loyalty.crm_customer_class_action", {
            additionalContext: {
                search_default_rated: 0,
                [`search_default_class_${abcClass}`]: 1,
            },
        });
    }

    getChart() {
        const config = chartConfig(this.data, {
            rtl: this.isRightToLeft,
            money: (value) => this.formatMoney(value),
            percentage: (value) => this.formatShare(value),
            integer: (value) => formatInteger(value),
            onClass: (abcClass) => this.openClass(abcClass),
        });
        if (this.measureLabel) {
            config.options.scales.revenue.title.text = this.measureLabel;
            config.data.datasets[0].label = this.measureLabel;
        }
        return config;
    }
}

registry.category("actions").add("crm_loyalty.pareto", Pareto);
