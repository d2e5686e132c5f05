import {Component, onMounted, onWillStart, onWillUnmount, useState} from "@odoo/owl";
import {deserializeDateTime, formatDateTime} from "@web/core/l10n/dates";
import {ControlPanel} from "@web/search/control_panel/control_panel";
import {_t} from "@web/core/l10n/translation";
import {formatInteger} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {spell} from "./spell.esm";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

const MODEL = "crm.customer.run";
const PERIOD = 10000;

/**
 * What the engine does just now: the queue, failures and the last pass over all
 * customers. It looks again by itself.
 */
export class CustomerEngine extends Component {
    static template = "crm_lifecycle.CustomerEngine";
    static components = {ControlPanel};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.controlPanel = {};
        this.state = useState({status: null, at: null});
        onWillStart(() => this.load());
        onMounted(() => {
            this.timer = setInterval(() => this.load(), PERIOD);
        });
        onWillUnmount(() => clearInterval(this.timer));
    }

    get status() {
        return this.state.status;
    }

    get run() {
        return this.status.run;
    }

    get runLabel() {
        return {
            running: _t("Running"),
            done: _t("Done"),
            failed: _t("With errors"),
        }[this.run.state];
    }

    get partLabel() {
        return {fact_count: _t("Figures"), stage_count: _t("Stages")}[this.run.part];
    }

    get progress() {
        const {total, remaining} = this.run;
        return total ? Math.round((100 * (total - remaining)) / total) : 100;
    }

    async load() {
        this.state.status = await this.orm.silent.call(MODEL, "get_engine_status", []);
        this.state.at = luxon.DateTime.local();
    }

    integer(value) {
        return formatInteger(value);
    }

    spell(seconds) {
        return spell(seconds);
    }

    moment(text) {
        return text ? formatDateTime(deserializeDateTime(text)) : "–";
    }

    get seenText() {
        return _t("Seen at %(time)s; this screen looks again every ten seconds.", {
            time: formatDateTime(this.state.at),
        });
    }

    get progressText() {
        return _t("%(part)s: %(remaining)s of %(total)s remain", {
            part: this.partLabel,
            remaining: formatInteger(this.run.remaining),
            total: formatInteger(this.run.total),
        });
    }

    get allText() {
        return _t("All %(count)s", {count: formatInteger(this.status.failed)});
    }

    async retry() {
        await this.orm.call(MODEL, "action_retry_failed", []);
        await this.load();
    }

    async runNow() {
        await this.orm.call(MODEL, "action_run_now", []);
        this.notification.add(_t("All customers are looked at in a moment."), {
            type: "success",
        });
        await this.load();
    }

    openEvents(filter) {
        return this.action.doAction("crm_lifecycle.crm_customer_event_action", {
            additionalContext: {[`search_default_${filter}`]: 1},
        });
    }

    openRuns() {
        return this.action.doAction("crm_lifecycle.crm_customer_run_action");
    }

    openContact(contactId) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: contactId,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("crm_lifecycle.engine", CustomerEngine);
