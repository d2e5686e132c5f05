import json

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

CALL_URL = "/crm/call"


class CallController(http.Controller):
    """The address that telephone software opens when somebody calls.

    ``GET /crm/call?number=`` opens the caller's customer, or a page where several or
    nobody has the number; it changes nothing. Noting the call down and starting a lead
    are the person's clicks (CSRF token), or ``POST /crm/call`` with an API key.
    """

    @http.route(CALL_URL, type="http", auth="user", methods=["GET"], readonly=True)
    def incoming_call(self, number="", choose=None, **_kw):
        """Open the one customer with this number, else show what can be done.

        :param choose: show the page even where only one customer has the number
        """
        call = request.env["crm.call"]
        try:
            matches = call._find(number)
        except AccessError as error:
            return self._render(number, error=str(error), status=403)
        except UserError as error:
            return self._render(number, error=str(error), status=400)
        if len(matches) == 1 and matches[0]["customer"] and not choose:
            return request.redirect(call._get_url(matches[0]))
        return self._render(number, matches)

    @http.route(f"{CALL_URL}/log", type="http", auth="user", methods=["POST"])
    def log_call(self, number="", partner_id="", **_kw):
        """Note the call down, then open the caller."""
        match = self._find_match(number, partner_id)
        call = request.env["crm.call"]
        call._log(match["partner"], number)
        return request.redirect(call._get_url(match))

    @http.route(f"{CALL_URL}/lead", type="http", auth="user", methods=["POST"])
    def start_lead(self, number="", partner_id="", **_kw):
        """Start a lead of the caller, known or not, and open it."""
        call = request.env["crm.call"]
        call._check_caller(number)
        partner = None
        if partner_id:
            partner = self._find_match(number, partner_id)["partner"]
        lead = call._start_lead(number, partner)
        return request.redirect(f"/odoo/crm.lead/{lead.id}")

    @http.route(
        CALL_URL,
        type="http",
        auth="bearer",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def log_by_machine(self, number="", minutes=None, note=None, **_kw):
        """Note an incoming call down for telephone software that has an API key.

        :return: JSON with the address to open, how many customers have the number and
            the interaction, if exactly one has
        """
        call = request.env["crm.call"]
        try:
            values = self._parse_values(minutes, note)
            matches = call._find(number)
        except AccessError as error:
            return self._make_json({"error": str(error)}, 403)
        except (UserError, ValueError) as error:
            return self._make_json({"error": str(error)}, 400)
        answer = {
            "url": f"{CALL_URL}?number={number}",
            "customers": len(matches),
            "interaction_id": False,
        }
        if len(matches) == 1 and matches[0]["visible"]:
            logged = call._log(matches[0]["partner"], number, **values)
            answer["interaction_id"] = logged.id
            answer["url"] = call._get_url(matches[0])
        return self._make_json(answer)

    def _find_match(self, number, partner_id):
        """Return the match that the person chose on the page; 404 for another one."""
        matches = request.env["crm.call"]._find(number)
        for match in matches:
            if match["visible"] and str(match["partner"].id) == partner_id:
                return match
        raise request.not_found()

    def _parse_values(self, minutes, note):
        values = {"note": note} if note else {}
        if minutes:
            values["duration"] = float(minutes)
            if not 0 <= values["duration"] <= 24 * 60:
                raise ValueError(
                    request.env._("A call takes between 0 and 1440 minutes.")
                )
        return values

    def _render(self, number, matches=(), error=None, status=200):
        return request.render(
            "crm_lifecycle.call_page",
            {
                "number": number,
                "matches": matches,
                "error": error,
                "get_url": request.env["crm.call"]._get_url,
            },
            status=status,
        )

    def _make_json(self, data, status=200):
        return request.make_response(
            json.dumps(data), [("Content-Type", "application/json")], status=status
        )
