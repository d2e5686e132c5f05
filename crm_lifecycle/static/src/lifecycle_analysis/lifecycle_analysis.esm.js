import {Component, onWillStart, useState} from "@odoo/owl";
import {cohortCells, defaultFilters, funnelRows, shade} from "./figures.esm";
import {ControlPanel} from "@web/search/control_panel/control_panel";
import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {KeepLast} from "@web/core/utils/concurrency";
import {_t} from "@web/core/l10n/translation";
import {
    formatFloat,
    formatInteger,
    formatPercentage,
} from "@web/views/fields/formatters";
import {deserializeDate, formatDate, serializeDate} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";

const {DateTime} = luxon;
const MODEL = "crm.lifecycle.history";

/**
 * How customers move through the stages: funnel, transitions between two dates, time
 * in stage and cohorts. Each figure opens the records behind it.
 */
export class LifecycleAnalysis extends Component {
    static template = "crm_lifecycle.LifecycleAnalysis";
    static components = {ControlPanel, DateTimeInput};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.controlPanel = {};
        this.shade = shade;
        this.cohortCells = cohortCells;
        const saved = this.props.state || {};
        this.state = useState({
            filters: saved.filters || defaultFilters(DateTime.local()),
            outcome: saved.outcome || "retained",
            choices: null,
            data: null,
        });
        useSetupAction({
            getLocalState: () => ({
                filters: {...this.state.filters},
                outcome: this.state.outcome,
            }),
        });
        onWillStart(() => Promise.all([this.loadChoices(), this.load()]));
    }

    get data() {
        return this.state.data;
    }

    get isEmpty() {
        return this.data && !this.data.funnel.customers && !this.data.transitions.total;
    }

    get funnel() {
        return funnelRows(this.data.funnel.stages, this.data.funnel.leads);
    }

    get selects() {
        const {users, teams, companies} = this.state.choices;
        return [
            {name: "user_id", options: users, all: _t("All salespeople")},
            {name: "team_id", options: teams, all: _t("All teams")},
            {name: "company_id", options: companies, all: _t("All companies")},
        ].filter((select) => select.options.length > 1 || this.filters[select.name]);
    }

    get filters() {
        return this.state.filters;
    }

    get periodWarning() {
        return this.filters.date_from >= this.filters.date_to
            ? _t("The first date has to be before the second.")
            : "";
    }

    get outcomes() {
        return [
            {name: "retained", label: _t("Reached Retain")},
            {name: "lost", label: _t("Lost")},
        ];
    }

    get funnelTitle() {
        return _t("Funnel on %(date)s", {date: this.formatDay("date_to")});
    }

    get transitionsText() {
        return _t(
            "Rows: the stage on %(first)s. Columns: the stage on %(last)s. Outlined: those who stayed.",
            {first: this.formatDay("date_from"), last: this.formatDay("date_to")}
        );
    }

    leadsText(count) {
        return _t("and %(count)s leads without a contact", {
            count: formatInteger(count),
        });
    }

    integer(value) {
        return formatInteger(value);
    }

    decimal(value) {
        return formatFloat(value, {digits: [16, 1]});
    }

    share(value) {
        return value === null ? "" : formatPercentage(value, {digits: [16, 0]});
    }

    date(name) {
        return deserializeDate(this.filters[name]);
    }

    formatDay(name) {
        return formatDate(this.date(name));
    }

    formatMonth(day) {
        // The months of the cohorts are Gregorian, whatever the language's calendar
        return deserializeDate(day)
            .reconfigure({outputCalendar: "gregory"})
            .toLocaleString({month: "short", year: "numeric"});
    }

    stageName(stageId) {
        const stage = this.data.transitions.stages.find(({id}) => id === stageId);
        return stage ? stage.name : _t("New");
    }

    async loadChoices() {
        this.state.choices = await this.orm.call(MODEL, "get_analysis_choices", []);
    }

    async load() {
        if (this.periodWarning) {
            return;
        }
        const filters = {...this.filters};
        const parts = ["get_funnel", "get_transitions", "get_times", "get_cohorts"];
        const [funnel, transitions, times, cohorts] = await this.keepLast.add(
            Promise.all(parts.map((part) => this.orm.call(MODEL, part, [filters])))
        );
        this.state.data = {funnel, transitions, times, cohorts};
    }

    onDate(name, value) {
        if (value) {
            this.filters[name] = serializeDate(value);
            this.load();
        }
    }

    onSelect(name, ev) {
        this.filters[name] = Number(ev.target.value) || false;
        this.load();
    }

    async open(figure) {
        const action = await this.orm.call(MODEL, "get_figure_action", [
            {...this.filters},
            figure,
        ]);
        return this.action.doAction(action);
    }
}

registry.category("actions").add("crm_lifecycle.analysis", LifecycleAnalysis);
