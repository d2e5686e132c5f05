import {
    Component,
    onWillStart,
    onWillUnmount,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import {
    formatFloat,
    formatInteger,
    formatPercentage,
} from "@web/views/fields/formatters";
import {ControlPanel} from "@web/search/control_panel/control_panel";
import {_t} from "@web/core/l10n/translation";
import {deserializeDate} from "@web/core/l10n/dates";
import {formatCurrency} from "@web/core/currency";
import {loadBundle} from "@web/core/assets";
import {localization} from "@web/core/l10n/localization";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";
import {baseline, steps, waterfallConfig} from "./waterfall.esm";

/**
 * Customer equity: the waterfall of one month, the months before it, and the segments
 * that it is made of.
 */
export class CustomerEquity extends Component {
    static template = "crm_loyalty.CustomerEquity";
    static components = {ControlPanel};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.canvas = useRef("canvas");
        this.controlPanel = {};
        this.state = useState({data: null, place: 0});
        onWillStart(() => Promise.all([loadBundle("web.chartjs_lib"), this.load()]));
        useEffect(
            () => this.draw(),
            () => [this.state.data, this.state.place]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    get data() {
        return this.state.data;
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
            closing: this.money(closing),
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

    money(value) {
        return formatCurrency(value, this.data.currency_id);
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

    onCompanyChange(ev) {
        return this.load(Number(ev.target.value));
    }

    openRows() {
        return this.action.doAction("crm_loyalty.crm_loyalty_equity_action");
    }

    draw() {
        this.chart?.destroy();
        this.chart = null;
        if (this.isEmpty) {
            return;
        }
        const config = waterfallConfig(this.month, {
            rtl: localization.direction === "rtl",
            money: (value) => this.money(value),
            integer: (value) => formatFloat(value, {digits: [16, 0]}),
        });
        this.chart = new Chart(this.canvas.el, config);
    }
}

registry.category("actions").add("crm_loyalty.equity", CustomerEquity);
