import {Component, onWillStart, onWillUnmount, useEffect, useRef} from "@odoo/owl";
import {loadBundle} from "@web/core/assets";
import {localization} from "@web/core/l10n/localization";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {formatFloat} from "@web/views/fields/formatters";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {chartConfig} from "./tracking_config.esm";

/**
 * Purchases that came and purchases that the model expected, added up over time: the
 * closer the two curves, the better the forecast.
 */
export class TrackingChart extends Component {
    static template = "crm_loyalty.TrackingChart";
    static props = {...standardFieldProps};

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => this.draw(),
            () => [JSON.stringify(this.tracking)]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    get tracking() {
        return this.props.record.data[this.props.name];
    }

    get hasData() {
        return Boolean(this.tracking && this.tracking.points.length > 1);
    }

    get description() {
        return _t("Repeat purchases that came, and those that were expected");
    }

    draw() {
        this.chart?.destroy();
        this.chart = null;
        if (!this.hasData) {
            return;
        }
        const config = chartConfig(this.tracking, {
            rtl: localization.direction === "rtl",
            integer: (value) => formatFloat(value, {digits: [16, 0]}),
        });
        this.chart = new Chart(this.canvas.el, config);
    }
}

registry.category("fields").add("crm_loyalty_tracking_chart", {
    component: TrackingChart,
    displayName: _t("Tracked and expected purchases"),
    supportedTypes: ["json", "jsonb"],
});
