import {Component, onWillStart, useState} from "@odoo/owl";
import {cellDomain, columns, heatRows, segmentRows} from "./rfm_figures.esm";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {
    formatFloat,
    formatInteger,
    formatPercentage,
} from "@web/views/fields/formatters";
import {ControlPanel} from "@web/search/control_panel/control_panel";
import {_t} from "@web/core/l10n/translation";
import {formatCurrency} from "@web/core/currency";
import {openCustomers} from "../customers/open_customers.esm";
import {registry} from "@web/core/registry";
import {shade} from "@crm_lifecycle/lifecycle_analysis/figures.esm";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

/**
 * The heat map of recency by frequency or monetary value, the segments with their size
 * and revenue, and who moved from one to the other in the last run.
 */
export class RfmMap extends Component {
    static template = "crm_loyalty.RfmMap";
    static components = {ControlPanel};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.controlPanel = {};
        this.shade = shade;
        this.state = useState({data: null, axis: "frequency", measure: "customers"});
        onWillStart(() => this.load());
    }

    get data() {
        return this.state.data;
    }

    get isEmpty() {
        return this.data && !this.data.cells.length;
    }

    get axes() {
        return [
            {name: "frequency", label: _t("Frequency")},
            {name: "monetary", label: _t("Monetary Value")},
            {name: "value", label: _t("Mean of Both")},
        ];
    }

    get measures() {
        return [
            {name: "customers", label: _t("Customers")},
            {name: "revenue", label: _t("Revenue")},
        ];
    }

    get axisLabel() {
        return this.axes.find(({name}) => name === this.state.axis).label;
    }

    get columns() {
        return columns(this.data.bins, this.state.axis);
    }

    get rows() {
        return heatRows(this.data, this.state.axis, this.state.measure);
    }

    get segments() {
        return segmentRows(this.data);
    }

    get movementTitle() {
        const date = formatDate(deserializeDate(this.data.movement.date));
        return _t("Who Moved in the Last Run, as of %(date)s", {date});
    }

    number(value) {
        return formatFloat(value, {digits: [16, value % 1 ? 1 : 0]});
    }

    integer(value) {
        return formatInteger(value);
    }

    money(value) {
        return formatCurrency(value, this.data.currency_id);
    }

    share(value) {
        return value === null ? "–" : formatPercentage(value, {digits: [16, 1]});
    }

    cellText(cell) {
        if (!cell.customers) {
            return "";
        }
        return this.state.measure === "customers"
            ? formatInteger(cell.customers)
            : formatFloat(cell.revenue, {digits: [16, 0], humanReadable: true});
    }

    cellTitle(cell) {
        return _t("%(count)s customers, %(revenue)s", {
            count: formatInteger(cell.customers),
            revenue: this.money(cell.revenue),
        });
    }

    segmentName(code, missing) {
        const found = this.data.segments.find((segment) => segment.code === code);
        return found ? found.name : missing;
    }

    moveText(move) {
        return _t("%(before)s → %(after)s", {
            before: this.segmentName(move.before, _t("New")),
            after: this.segmentName(move.after, _t("No longer rated")),
        });
    }

    async load(companyId = false) {
        this.state.data = await this.orm.call("crm.customer", "get_rfm", [], {
            company_id: companyId,
        });
    }

    onCompanyChange(ev) {
        return this.load(Number(ev.target.value));
    }

    openCell(row, cell) {
        const domain = cellDomain(this.data, this.state.axis, row.recency, cell.column);
        const name = _t("Recency %(recency)s, %(axis)s %(score)s", {
            recency: row.recency,
            axis: this.axisLabel,
            score: this.number(cell.column),
        });
        return openCustomers(this.action, name, domain);
    }

    openSegment(segment) {
        return openCustomers(this.action, segment.name, [
            ["company_id", "=", this.data.company.id],
            ["rfm_segment", "=", segment.code],
        ]);
    }

    openMove(move) {
        const held = [
            ["run_id", "=", this.data.movement.run_id],
            ["rfm_segment_before", "=", move.before],
            ["rfm_segment", "=", move.after],
        ];
        return openCustomers(this.action, this.moveText(move), [
            ["loyalty_history_ids", "any", held],
        ]);
    }
}

registry.category("actions").add("crm_loyalty.rfm", RfmMap);
