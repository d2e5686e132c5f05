import {LifecycleAnalysis} from "@crm_lifecycle/lifecycle_analysis/lifecycle_analysis.esm";
import {summarize, tone} from "./migration_figures.esm";
import {_t} from "@web/core/l10n/translation";
import {formatInteger} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";

const MODEL = "crm.loyalty.history";

/**
 * The migration matrix of classes, segments or loyalty types between two days, on the
 * screen of the lifecycle analysis: the same filters, the same figures to click on.
 */
export class Migration extends LifecycleAnalysis {
    static template = "crm_loyalty.Migration";

    get isEmpty() {
        return this.data && !this.data.total;
    }

    get kind() {
        return this.filters.kind || "abc_class";
    }

    get last() {
        return this.data.states.length - 1;
    }

    /** Only states that somebody has on one of the days, and those of the class. */
    get shown() {
        const {states, rows, totals} = this.data;
        return states
            .map((state, place) => ({...state, place, row: rows[place]}))
            .filter(
                ({id, place, row}) =>
                    row.total || totals[place] || (id && this.kind === "abc_class")
            );
    }

    get summary() {
        const sums = summarize(this.data);
        const parts = [
            _t("%(count)s stayed", {count: formatInteger(sums.stayed)}),
            _t("%(count)s rose", {count: formatInteger(sums.up)}),
            _t("%(count)s fell", {count: formatInteger(sums.down)}),
            _t("%(count)s came", {count: formatInteger(sums.came)}),
            _t("%(count)s left", {count: formatInteger(sums.left)}),
        ];
        return parts.join(" · ");
    }

    get matrixText() {
        return _t(
            "Rows: where customers stood at the end of %(first)s. Columns: where they stood at the end of %(last)s. Outlined: those who stayed. %(total)s customers in all.",
            {
                first: this.formatDay("date_from"),
                last: this.formatDay("date_to"),
                total: formatInteger(this.data.total),
            }
        );
    }

    fromName(state) {
        return state.id ? state.name : _t("Not rated yet");
    }

    toName(state) {
        return state.id ? state.name : _t("No longer rated");
    }

    style(from, to) {
        const {total, cells} = from.row;
        const color = tone(from.place, to.place, this.last);
        return this.shade(cells[to.place] / (total || 1), color);
    }

    async load() {
        if (this.periodWarning) {
            return;
        }
        this.state.data = await this.keepLast.add(
            this.orm.call(MODEL, "get_migration", [{...this.filters}])
        );
    }

    setKind(kind) {
        this.filters.kind = kind;
        return this.load();
    }

    async open(figure) {
        const action = await this.orm.call(MODEL, "get_migration_action", [
            {...this.filters},
            figure,
        ]);
        return this.action.doAction(action);
    }
}

registry.category("actions").add("crm_loyalty.migration", Migration);
