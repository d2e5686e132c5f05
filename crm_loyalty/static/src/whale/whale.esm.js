import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {formatInteger, formatPercentage} from "@web/views/fields/formatters";
import {ChartScreen} from "../chart_screen/chart_screen.esm";
import {whaleConfig} from "./whale_chart.esm";

/**
 * The whale curve: the running total of net profit over the customers from the most
 * profitable to the last, with its peak and its end.
 */
export class Whale extends ChartScreen {
    static template = "crm_loyalty.Whale";

    get isEmpty() {
        return !this.data || !this.data.customers;
    }

    get headline() {
        const figures = {
            few: formatInteger(this.data.peak_customers),
            all: formatInteger(this.data.customers),
            peak: this.formatMoney(this.data.peak),
            lost: this.formatMoney(this.data.peak - this.data.profit),
            profit: this.formatMoney(this.data.profit),
        };
        if (this.data.peak - this.data.profit <= 0) {
            return _t(
                "%(all)s customers earn %(profit)s, and none of them costs us any of it.",
                figures
            );
        }
        return _t(
            "%(few)s of %(all)s customers earn %(peak)s; the others cost %(lost)s of it, and %(profit)s is left.",
            figures
        );
    }

    get footnote() {
        const share =
            this.data.profit > 0
                ? formatPercentage(this.data.peak / this.data.profit, {digits: [16, 0]})
                : "";
        if (!share) {
            return _t("Customers without profit or loss count among the others.");
        }
        return _t(
            "The peak is %(share)s of what is left. Customers without profit or loss count among the others.",
            {share}
        );
    }

    formatInteger(value) {
        return formatInteger(value);
    }

    async load(companyId = false) {
        this.state.data = await this.orm.call("crm.customer", "get_whale", [], {
            company_id: companyId,
        });
    }

    open(filter) {
        return this.action.doAction("crm_loyalty.crm_customer_profit_action", {
            additionalContext: {[`search_default_${filter}`]: 1},
        });
    }

    getChart() {
        return whaleConfig(this.data, {
            rtl: this.isRightToLeft,
            money: (value) => this.formatMoney(value),
            integer: (value) => formatInteger(value),
        });
    }
}

registry.category("actions").add("crm_loyalty.whale", Whale);
