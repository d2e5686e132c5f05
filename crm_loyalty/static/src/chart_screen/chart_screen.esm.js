import {
    Component,
    onWillStart,
    onWillUnmount,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import {ControlPanel} from "@web/search/control_panel/control_panel";
import {formatCurrency} from "@web/core/currency";
import {loadBundle} from "@web/core/assets";
import {localization} from "@web/core/l10n/localization";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

/**
 * A screen with one chart of figures of one company.
 *
 * A screen says how its figures are loaded into state.data (load), when there are none
 * (isEmpty), and what the chart looks like (getChart).
 */
export class ChartScreen extends Component {
    static components = {ControlPanel};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.canvas = useRef("canvas");
        this.controlPanel = {};
        this.state = useState({data: null, ...this.getState()});
        onWillStart(() => Promise.all([loadBundle("web.chartjs_lib"), this.load()]));
        useEffect(
            () => this.draw(),
            () => this.getDrawn()
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    /** What the screen keeps beside its figures. */
    getState() {
        return {};
    }

    /** What the chart follows. */
    getDrawn() {
        return [this.state.data];
    }

    get data() {
        return this.state.data;
    }

    get isRightToLeft() {
        return localization.direction === "rtl";
    }

    formatMoney(value) {
        return formatCurrency(value, this.data.currency_id);
    }

    onCompanyChange(ev) {
        return this.load(Number(ev.target.value));
    }

    draw() {
        this.chart?.destroy();
        this.chart = null;
        if (!this.isEmpty) {
            this.chart = new Chart(this.canvas.el, this.getChart());
        }
    }
}
