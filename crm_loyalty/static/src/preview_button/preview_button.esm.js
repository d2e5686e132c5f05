import {Component, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

/**
 * The button that shows whom the changes on the form would move. Unlike other buttons
 * it does not save them first; applied changes come back by reloading the record.
 */
export class LoyaltyPreviewButton extends Component {
    static template = "crm_loyalty.PreviewButton";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({busy: false});
    }

    async onClick() {
        const {record} = this.props;
        this.state.busy = true;
        try {
            const changes = await record.getChanges();
            const action = await this.orm.call(
                record.resModel,
                "action_preview",
                [record.resId],
                {changes}
            );
            await this.action.doAction(action, {
                onClose: (infos) => this.onClose(infos),
            });
        } finally {
            this.state.busy = false;
        }
    }

    async onClose(infos) {
        if (infos?.applied) {
            await this.props.record.discard();
            await this.props.record.load();
        }
    }
}

registry.category("view_widgets").add("crm_loyalty_preview", {
    component: LoyaltyPreviewButton,
});
