import {
    formatFloat,
    formatInteger,
    formatPercentage,
} from "@web/views/fields/formatters";
import {_t} from "@web/core/l10n/translation";
import {deserializeDate} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {ChartScreen} from "../chart_screen/chart_screen.esm";
import {baseline, steps, waterfallConfig} from "./waterfall.esm";

/**
 * Customer equity: the waterfall of one month, the months before it, and the segments
 * that it is made of.
 */
export class CustomerEquity extends ChartScreen {
    static template = "crm_loyalty.CustomerEquity";

    getState() {
        return {place: 0};
    }

    getDrawn() {
        return [this.state.data, this.state.place];
    }

    get isEmpty() {
        return !this.data || !this.data.months.length;
    }

    get month() {
        return this.data.months[this.state.place];
    }

    get headline() {
        const {opening, closing} = this.month;
        const values = {
            month: this.monthName(this.month),
            closing: this.formatMoney(closing),
            change: opening
                ? formatPercentage((closing - opening) / opening, {digits: [16, 1]})
                : "",
        };
        return opening
            ? _t(
                  "At the end of %(month)s all customers are worth %(closing)s together: %(change)s against its opening.",
                  values
              )
            : _t(
                  "At the end of %(month)s all customers are worth %(closing)s together.",
                  values
              );
    }

    get isCut() {
        return baseline(steps(this.month)) > 0;
    }

    get columns() {
        return [
            {name: "opening", label: _t("Opening")},
            {name: "acquired", label: _t("Acquired")},
            {name: "grown", label: _t("Grown")},
            {name: "shrunk", label: _t("Shrunk")},
            {name: "lost", label: _t("Lost")},
            {name: "closing", label: _t("Closing")},
        ];
    }

    get segmentColumns() {
        const [opening, ...others] = this.columns;
        return [opening, {name: "moved", label: _t("Moved In")}, ...others];
    }

    monthName(month) {
        // Months are Gregorian, whatever the language's calendar
        return deserializeDate(month.month)
            .reconfigure({outputCalendar: "gregory"})
            .toLocaleString({month: "long", year: "numeric"});
    }

    integer(value) {
        return formatInteger(value);
    }

    async load(companyId = false) {
        this.state.data = await this.orm.call("crm.loyalty.equity", "get_equity", [], {
            company_id: companyId,
        });
        this.state.place = 0;
    }

    openRows() {
        return this.action.doAction("crm_loyalty.crm_loyalty_equity_action");
    }

    getChart() {
        return waterfallConfig(this.month, {
            rtl: this.isRightToLeft,
            money: (value) => this.formatMoney(value),
            integer: (value) => formatFloat(value, {digits: [16, 0]}),
        });
    }
}

registry.category("actions").add("crm_loyalty.equity", CustomerEquity);
