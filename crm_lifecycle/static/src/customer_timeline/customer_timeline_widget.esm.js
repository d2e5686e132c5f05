import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {CustomerTimeline} from "./customer_timeline.esm";

/** The timeline of the customer whose form is open. */
export class CustomerTimelineWidget extends Component {
    static template = "crm_lifecycle.CustomerTimelineWidget";
    static components = {CustomerTimeline};
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    async openFullScreen() {
        const {resModel, resId} = this.props.record;
        const action = await this.orm.call(resModel, "action_open_360", [[resId]]);
        return this.action.doAction(action);
    }
}

export const customerTimelineWidget = {component: CustomerTimelineWidget};

registry.category("view_widgets").add("crm_customer_timeline", customerTimelineWidget);
