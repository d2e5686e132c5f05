/**
 * Opens the list of customers by class, of some customers only.
 *
 * @param {Object} service the action service
 * @param {String} name what the list is called
 * @param {Array} domain of the customers
 */
export async function openCustomers(service, name, domain) {
    const action = await service.loadAction("crm_loyalty.crm_customer_class_action");
    return service.doAction({
        ...action,
        // Its address would open all customers again
        id: false,
        path: false,
        name,
        display_name: name,
        domain,
        context: {active_test: false},
    });
}
