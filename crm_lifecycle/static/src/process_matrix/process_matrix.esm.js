import {Component, onWillStart, useState} from "@odoo/owl";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

const FIELDS = [
    "name",
    "rank",
    "level",
    "importance",
    "importance_count",
    "effect",
    "priority",
    "satisfaction",
    "satisfaction_count",
    "dissatisfaction",
    "dissatisfaction_count",
    "owner_id",
];
const SMALLEST = 28;
const LARGEST = 72;

/* What a process has to tell on each vertical axis, and where it begins and ends. */
const AXES = {
    effect: {
        label: () => _t("Effect on our goals"),
        known: (process) => process.level !== "unknown",
        low: 0,
        high: 3,
    },
    satisfaction: {
        label: () => _t("Satisfaction of customers"),
        known: (process) => process.satisfaction_count > 0,
        low: 1,
        high: 5,
    },
};

/* Processes by importance to customers and effect on goals; the larger the bubble, the
 * more customers are dissatisfied. What has not been asked yet stands beside it.
 */
export class ProcessMatrix extends Component {
    static template = "crm_lifecycle.ProcessMatrix";
    static components = {Layout};
    static props = ["*"];

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({axis: "effect", processes: []});
        onWillStart(async () => {
            this.state.processes = await this.orm.searchRead("crm.process", [], FIELDS);
        });
    }

    get choices() {
        return Object.entries(AXES).map(([key, axis]) => ({key, label: axis.label()}));
    }

    get axis() {
        return AXES[this.state.axis];
    }

    get placed() {
        return this.state.processes
            .filter((process) => this.isPlaced(process))
            .map((process) => ({...process, ...this.place(process)}))
            .sort((one, other) => other.size - one.size);
    }

    get ranked() {
        return this.state.processes.filter((process) => this.isPlaced(process));
    }

    get unplaced() {
        return this.state.processes.filter((process) => !this.isPlaced(process));
    }

    isPlaced(process) {
        return process.importance_count > 0 && this.axis.known(process);
    }

    /* Percent of the chart, from its inner edges; the bubble is centred there. */
    place(process) {
        const {low, high} = this.axis;
        const x = (100 * (process.importance - 1)) / 4;
        const y = (100 * (process[this.state.axis] - low)) / (high - low);
        const share = process.dissatisfaction_count ? process.dissatisfaction / 100 : 0;
        const size = SMALLEST + (LARGEST - SMALLEST) * Math.sqrt(share);
        return {
            size,
            style:
                `inset-inline-start: calc(${x}% - ${size / 2}px);` +
                `bottom: calc(${y}% - ${size / 2}px);` +
                `width: ${size}px; height: ${size}px;`,
            tooltip: this.describe(process),
        };
    }

    describe(process) {
        const parts = [
            process.name,
            _t("importance %(value)s of 5", {value: process.importance.toFixed(1)}),
        ];
        if (process.level !== "unknown") {
            parts.push(_t("effect %(value)s of 3", {value: process.effect.toFixed(1)}));
        }
        if (process.dissatisfaction_count) {
            parts.push(
                _t("%(share)s of 100 dissatisfied", {
                    share: process.dissatisfaction.toFixed(0),
                })
            );
        }
        return parts.join(" · ");
    }

    open(process) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.process",
            res_id: process.id,
            views: [[false, "form"]],
        });
    }

    openRegister() {
        this.action.doAction("crm_lifecycle.crm_process_action");
    }
}

registry.category("actions").add("crm_process_matrix", ProcessMatrix);
