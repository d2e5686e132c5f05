import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatCurrency} from "@web/core/currency";
import {
    formatFloat,
    formatInteger,
    formatPercentage,
} from "@web/views/fields/formatters";

/**
 * @param {Object} data answer of `get_pareto_parts`
 * @param {Object} part one of its parts
 * @returns {Array} domain of the customers of the part
 */
export function partDomain(data, part) {
    return [...data.domain, [data.path, "in", [part.id]]];
}

/**
 * @param {Object[]} parts
 * @returns {Object[]} the parts, each with `width`: its bar in percent of the largest
 */
export function withBars(parts) {
    const largest = Math.max(1e-9, ...parts.map((part) => part.share || 0));
    return parts.map((part) => ({...part, width: (100 * (part.share || 0)) / largest}));
}

/** The parts of the customers side by side: how large, and how unequal. */
export class ParetoParts extends Component {
    static template = "crm_loyalty.ParetoParts";
    static props = {
        data: Object,
        currencyId: Number,
        measure: {type: String, optional: true},
        value: {optional: true},
        onChoose: Function,
        onOpen: Function,
    };

    get parts() {
        return withBars(this.props.data.parts);
    }

    /** Product categories are always compared by revenue. */
    get amountLabel() {
        const {data, measure} = this.props;
        return (data.dimension !== "category" && measure) || _t("Revenue");
    }

    get moreText() {
        return _t("%(count)s smaller parts are not shown.", {
            count: formatInteger(this.props.data.more),
        });
    }

    integer(value) {
        return formatInteger(value);
    }

    money(value) {
        return formatCurrency(value, this.props.currencyId);
    }

    share(value) {
        return value === null ? "–" : formatPercentage(value, {digits: [16, 1]});
    }

    gini(value) {
        return value === null ? "–" : formatFloat(value, {digits: [16, 2]});
    }

    choose(part) {
        this.props.onChoose(part.id === this.props.value ? null : part.id, part.name);
    }

    open(part) {
        this.props.onOpen(part.name, partDomain(this.props.data, part));
    }

    openBest(part) {
        const domain = partDomain(this.props.data, part);
        this.props.onOpen(part.name, [...domain, ["abc_class", "=", "a"]]);
    }
}
