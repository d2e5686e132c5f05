from odoo import http
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

LIST_URL = "/my/service-contracts"


class ServiceContractPortal(CustomerPortal):
    """Pages that only read: they run on a read-only cursor and write nothing."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "service_contract_count" in counters:
            contracts, domain = self._get_service_contracts()
            values["service_contract_count"] = contracts.search_count(domain)
        return values

    @http.route(
        [LIST_URL, f"{LIST_URL}/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def portal_my_service_contracts(
        self, page=1, sortby=None, filterby=None, search=None, search_in="all", **_kw
    ):
        contracts, base = self._get_service_contracts()
        sortings, filters = self._get_sortings(), self._get_filters()
        sortby = sortby if sortby in sortings else "date"
        filterby = filterby if filterby in filters else "all"
        domain = base & Domain(filters[filterby]["domain"])
        if search:
            domain &= Domain("name", "ilike", search) | Domain("code", "ilike", search)
        pager = portal_pager(
            url=LIST_URL,
            url_args={
                "sortby": sortby,
                "filterby": filterby,
                "search": search or "",
                "search_in": search_in,
            },
            total=contracts.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        found = contracts.search(
            domain,
            order=sortings[sortby]["order"],
            limit=self._items_per_page,
            offset=max(pager["offset"], 0),
        )
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "service_contract",
            "contracts": found._get_portal_card_values(),
            "is_filtered": bool(search) or filterby != "all",
            "default_url": LIST_URL,
            "pager": pager,
            "searchbar_sortings": sortings,
            "sortby": sortby,
            "searchbar_filters": filters,
            "filterby": filterby,
            "searchbar_inputs": self._get_inputs(),
            "search": search,
            "search_in": "all",
        }
        return request.render(
            "crm_service_contract.portal_my_service_contracts", values
        )

    @http.route(
        f"{LIST_URL}/<int:contract_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def portal_service_contract(self, contract_id, all_rows=None, **_kw):
        contract = self._find_service_contract(contract_id)
        if not contract:
            raise request.not_found()
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "service_contract",
            "contract": contract._get_portal_page_values(all_rows=bool(all_rows)),
            "backend_url": self._get_backend_url(contract),
        }
        return request.render("crm_service_contract.portal_service_contract", values)

    def _get_service_contracts(self):
        """The model and the domain of what the customer who asks may see."""
        # Portal users have no rights on contracts: the domain below is the right.
        contracts = request.env["service.contract"].sudo()
        return contracts, contracts._get_portal_domain(request.env.user)

    def _find_service_contract(self, contract_id):
        """The contract with rights lifted, or nothing: theirs, or readable (staff)."""
        contracts, domain = self._get_service_contracts()
        contract = contracts.search(domain & Domain("id", "=", contract_id))
        if contract or not request.env.user._is_internal():
            return contract
        own = request.env["service.contract"].search([("id", "=", contract_id)])
        try:
            own.check_access("read")
        except AccessError:
            return contract
        # Staff who may read the contract preview the page of the customer.
        return own.sudo()

    def _get_backend_url(self, contract):
        if not request.env.user._is_internal():
            return ""
        return f"/odoo/service-contracts/{contract.id}"

    def _get_sortings(self):
        date = request.env._("Newest")
        name = request.env._("Title")
        end = request.env._("Ends next")
        billing = request.env._("Next invoice")
        return {
            "date": {"label": date, "order": "date_start desc, id desc"},
            "name": {"label": name, "order": "name, id"},
            "end": {"label": end, "order": "date_end, id"},
            "billing": {"label": billing, "order": "next_billing_date, id"},
        }

    def _get_filters(self):
        ended = [("state", "in", ("expired", "terminated"))]
        running = [("state", "=", "running")]
        return {
            "all": {"label": request.env._("All"), "domain": []},
            "running": {"label": request.env._("Running"), "domain": running},
            "ended": {"label": request.env._("Ended"), "domain": ended},
        }

    def _get_inputs(self):
        label = request.env._("Search in title and number")
        return {"all": {"input": "all", "label": label}}
