import {DomainField, domainField} from "@web/views/fields/domain/domain_field";
import {Input} from "@web/core/tree_editor/tree_editor_components";
import {TreeEditor} from "@web/core/tree_editor/tree_editor";
import {_t} from "@web/core/l10n/translation";
import {patch} from "@web/core/utils/patch";
import {registry} from "@web/core/registry";
import {useSubEnv} from "@odoo/owl";

const COMPARISONS = ["=", "!=", "<", "<=", ">", ">="];

/* Rules compare dates with a number of days before today ("-90d"), for which Odoo's own
 * editor has no input: within a rule a date is typed, either so or as 2026-01-31.
 */
const DATE_EDITOR = {
    component: Input,
    extractProps: ({value, update}) => ({
        value,
        update,
        placeholder: _t("e.g. -90d for ninety days ago, or 2026-01-31"),
    }),
    isSupported: (value) => typeof value === "string",
    defaultValue: () => "-90d",
};

patch(TreeEditor.prototype, {
    getValueEditorInfo(node) {
        const fieldDef = this.getFieldDef(node.path);
        if (
            this.env.typedDates &&
            fieldDef?.type === "date" &&
            COMPARISONS.includes(node.operator)
        ) {
            return DATE_EDITOR;
        }
        return super.getValueEditorInfo(node);
    },
});

export class LifecycleConditionField extends DomainField {
    setup() {
        super.setup();
        useSubEnv({typedDates: true});
    }
}

registry.category("fields").add("lifecycle_condition", {
    ...domainField,
    component: LifecycleConditionField,
});
