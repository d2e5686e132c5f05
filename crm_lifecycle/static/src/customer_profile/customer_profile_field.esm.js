import {
    PropertiesField,
    propertiesField,
} from "@web/views/fields/properties/properties_field";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";

/* The attributes stand on the company, which only administrators may change. Managers of
 * the lifecycle may define the profile all the same; the server lets them, so does this.
 */
export class CustomerProfileField extends PropertiesField {
    async checkDefinitionWriteAccess() {
        return (
            (await user.hasGroup("crm_lifecycle.group_manager")) ||
            (await super.checkDefinitionWriteAccess())
        );
    }
}

registry.category("fields").add("customer_profile", {
    ...propertiesField,
    component: CustomerProfileField,
});
