import {Component, onWillStart, useState} from "@odoo/owl";
import {countGaps, listOwners, makeRows} from "./touchpoint_grid.esm";
import {ControlPanel} from "@web/search/control_panel/control_panel";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

/**
 * The touchpoint map: stages across, channels down, who waits for the customer in each
 * cell, and where nobody does.
 */
export class TouchpointMap extends Component {
    static template = "crm_lifecycle.TouchpointMap";
    static components = {ControlPanel};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.controlPanel = {};
        this.state = useState({data: null, ownerId: null});
        onWillStart(() => this.load());
    }

    async load() {
        this.state.data = await this.orm.call("crm.touchpoint", "get_touchpoint_map");
    }

    get data() {
        return this.state.data;
    }

    get rows() {
        return makeRows(this.data, this.state.ownerId);
    }

    get owners() {
        return listOwners(this.data);
    }

    get headline() {
        const gaps = countGaps(this.rows);
        if (!gaps) {
            return _t(
                "Somebody waits for the customer on every channel in every stage."
            );
        }
        return _t("Nobody waits for the customer in %(gaps)s of %(cells)s fields.", {
            gaps,
            cells: this.data.stages.length * this.data.channels.length,
        });
    }

    gapTitle(row, cell) {
        return _t("Nobody waits here: %(channel)s, %(stage)s", {
            channel: row.channel.name,
            stage: cell.stage.name,
        });
    }

    pointTitle(point) {
        return point.owner_left ? _t("The owner has left") : point.name;
    }

    onOwner(ev) {
        this.state.ownerId = Number(ev.target.value) || null;
    }

    open(resId, context = {}) {
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: _t("Touchpoint"),
                res_model: "crm.touchpoint",
                res_id: resId,
                views: [[false, "form"]],
                target: "new",
                context,
            },
            {onClose: () => this.load()}
        );
    }

    openPoint(point) {
        return this.open(point.id);
    }

    fillGap(row, cell) {
        return this.open(false, {
            default_channel_id: row.channel.id,
            default_stage_ids: [[4, cell.stage.id]],
        });
    }
}

registry.category("actions").add("crm_lifecycle.touchpoint_map", TouchpointMap);
