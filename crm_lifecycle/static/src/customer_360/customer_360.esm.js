import {Component, onWillStart, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {ControlPanel} from "@web/search/control_panel/control_panel";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {CustomerTimeline} from "../customer_timeline/customer_timeline.esm";

/** One customer on the whole screen: the head of the form, and the timeline. */
export class Customer360 extends Component {
    static template = "crm_lifecycle.Customer360";
    static components = {ControlPanel, CustomerTimeline};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({header: null});
        onWillStart(() => this.load());
    }

    get customerId() {
        return Number(this.props.action.context.active_id) || false;
    }

    async load() {
        if (!this.customerId) {
            return;
        }
        this.state.header = await this.orm.call("crm.customer", "get_header", [
            [this.customerId],
        ]);
    }

    openForm() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.customer",
            res_id: this.customerId,
            views: [[false, "form"]],
        });
    }

    openCustomers() {
        return this.action.doAction("crm_lifecycle.crm_customer_action");
    }
}

registry.category("actions").add("crm_lifecycle.customer_360", Customer360);
