import {Component} from "@odoo/owl";
import {localization} from "@web/core/l10n/localization";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * Where a customer stands in the square of 100 by 100, the origin at the top left.
 *
 * The favourable line of the attitude is drawn in the middle, wherever it is set: each
 * side of it is stretched to half of the square. Behaviour has its line at one half.
 *
 * @param {Object} value behaviour and attitude from 0 to 1 (false: unknown), and the
 *   attitude from which on it is favourable
 * @returns {Object} x and y, null where unknown
 */
export function place(value) {
    const {behaviour, attitude, favourable} = value;
    const stretched =
        attitude < favourable
            ? (attitude / favourable) * 50
            : 50 + ((attitude - favourable) / Math.max(1 - favourable, 1e-9)) * 50;
    return {
        x: attitude === false ? null : Math.min(stretched, 100),
        y: behaviour === false ? null : 100 - behaviour * 100,
    };
}

/** The grid of behaviour by attitude with its four fields and the customer's point. */
export class LoyaltyGrid extends Component {
    static template = "crm_loyalty.LoyaltyGrid";
    static props = {...standardFieldProps};

    get value() {
        return this.props.record.data[this.props.name];
    }

    get fields() {
        return [
            {
                name: "relatively_loyal",
                x: 0,
                y: 0,
                label: _t("Relatively loyal"),
                hint: _t("buys, without fondness"),
            },
            {
                name: "loyal",
                x: 50,
                y: 0,
                label: _t("Loyal"),
                hint: _t("buys, and likes us"),
            },
            {
                name: "disloyal",
                also: "competitor_loyal",
                x: 0,
                y: 50,
                label: _t("Disloyal, or a competitor's"),
                hint: _t("does neither"),
            },
            {
                name: "relatively_loyal",
                x: 50,
                y: 50,
                label: _t("Relatively loyal"),
                hint: _t("likes us, hardly buys"),
            },
        ].map((field) => ({...field, x: this.mirror(field.x, 50)}));
    }

    /** Attitude grows in the reading direction. */
    mirror(x, width = 0) {
        return localization.direction === "rtl" ? 100 - x - width : x;
    }

    /** A point, or a line along the side that is unknown; null where nothing is. */
    get mark() {
        const {x, y} = place(this.value);
        if (x === null && y === null) {
            return null;
        }
        if (x === null) {
            return {kind: "line", x1: 0, x2: 100, y1: y, y2: y};
        }
        const across = this.mirror(x);
        if (y === null) {
            return {kind: "line", x1: across, x2: across, y1: 0, y2: 100};
        }
        return {kind: "point", x: across, y};
    }

    get caption() {
        const {behaviour, attitude} = this.value;
        if (behaviour === false && attitude === false) {
            return _t("Neither behaviour nor attitude is known.");
        }
        if (attitude === false) {
            return _t("His attitude is unknown: he stands somewhere on the line.");
        }
        if (behaviour === false) {
            return _t("His behaviour is unknown: he stands somewhere on the line.");
        }
        return _t("The point is this customer.");
    }
}

export const loyaltyGrid = {
    component: LoyaltyGrid,
    displayName: _t("Loyalty grid"),
    supportedTypes: ["json"],
};

registry.category("fields").add("loyalty_grid", loyaltyGrid);
