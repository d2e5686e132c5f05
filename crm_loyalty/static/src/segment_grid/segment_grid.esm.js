import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * @param {Object[]} cells of a row of the grid, each with its `names` and `colors`
 * @returns {Object[]} neighbours of one segment joined: `label`, `span`, `color`, and
 *     `fault` where a cell has no segment, or several
 */
export function joinCells(cells) {
    const joined = [];
    for (const {names, colors, value} of cells) {
        const label = names.join(" + ");
        const last = joined[joined.length - 1];
        if (last && last.label === label) {
            last.span += 1;
        } else {
            const fault = names.length !== 1;
            const color = fault ? null : colors[0];
            joined.push({key: value, label, span: 1, color, fault});
        }
    }
    return joined;
}

/** The grid of named segments: recency down, frequency and value across. */
export class SegmentGrid extends Component {
    static template = "crm_loyalty.SegmentGrid";
    static props = {...standardFieldProps};

    get grid() {
        return this.props.record.data[this.props.name];
    }

    get rows() {
        return this.grid.rows.map((row) => ({
            recency: row.recency,
            cells: joinCells(row.cells),
        }));
    }

    get hasFault() {
        return this.rows.some((row) => row.cells.some((cell) => cell.fault));
    }

    get warning() {
        return _t(
            "Cells in red belong to no segment, or to several: the grid cannot be saved like this."
        );
    }

    number(value) {
        return formatFloat(value, {digits: [16, value % 1 ? 1 : 0]});
    }
}

registry.category("fields").add("crm_loyalty_segment_grid", {
    component: SegmentGrid,
    displayName: _t("Grid of segments"),
    supportedTypes: ["json"],
});
