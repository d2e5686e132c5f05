import {
    Component,
    onWillStart,
    onWillUnmount,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import {loadBundle} from "@web/core/assets";
import {formatCurrency} from "@web/core/currency";
import {localization} from "@web/core/l10n/localization";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {
    formatFloat,
    formatInteger,
    formatPercentage,
} from "@web/views/fields/formatters";
import {ControlPanel} from "@web/search/control_panel/control_panel";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {ParetoParts} from "./pareto_parts.esm";
import {chartConfig} from "./pareto_chart.esm";
import {openCustomers} from "../customers/open_customers.esm";

/**
 * The Pareto chart: revenue of the customers from the best to the last, the curve of
 * its running total, the 80/20 point and the classes A, B and C.
 */
export class Pareto extends Component {
    static template = "crm_loyalty.Pareto";
    static components = {ControlPanel, ParetoParts};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.canvas = useRef("canvas");
        this.controlPanel = {};
        // Value null: all customers; false: those without, say, a country
        this.state = useState({
            data: null,
            dimension: "",
            value: null,
            valueName: "",
            parts: null,
        });
        onWillStart(() => Promise.all([loadBundle("web.chartjs_lib"), this.load()]));
        useEffect(
            () => this.draw(),
            () => [this.state.data]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    get data() {
        return this.state.data;
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
        return "";
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
        return _t(
            "The best %(fifth)s of the customers make %(share)s of the revenue; %(few)s of them make %(most)s.",
            {
                fifth: this.formatShare(0.2),
                share: this.formatShare(this.data.top_share),
                few: this.formatShare(this.data.customers_for_80),
                most: this.formatShare(0.8),
            }
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

    formatMoney(value) {
        return formatCurrency(value, this.data.currency_id);
    }

    formatCount(group) {
        return _t("%(count)s customers", {count: formatInteger(group.customers)});
    }

    formatRevenue(group) {
        return _t("%(revenue)s, %(share)s of the revenue", {
            revenue: this.formatMoney(group.revenue),
            share: this.formatShare(group.share),
        });
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
        return this.load(Number(ev.target.value));
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

    draw() {
        this.chart?.destroy();
        this.chart = null;
        if (this.isEmpty) {
            return;
        }
        const config = chartConfig(this.data, {
            rtl: localization.direction === "rtl",
            money: (value) => this.formatMoney(value),
            percentage: (value) => this.formatShare(value),
            integer: (value) => formatInteger(value),
            onClass: (abcClass) => this.openClass(abcClass),
        });
        this.chart = new Chart(this.canvas.el, config);
    }
}

registry.category("actions").add("crm_loyalty.pareto", Pareto);
