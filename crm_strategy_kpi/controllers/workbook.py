from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class WorkbookController(http.Controller):
    @http.route(
        "/crm_strategy_kpi/<int:strategy_id>/workbook",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def download(self, strategy_id):
        """Send the Excel workbook of a strategy, to executives who may read it."""
        # Whether it is forbidden or missing is the same to a stranger.
        if not request.env.user.has_group("crm_strategy_kpi.group_executive"):
            raise NotFound
        strategy = request.env["crm.strategy"].search([("id", "=", strategy_id)])
        if not strategy:
            raise NotFound
        content = strategy._workbook()
        return request.make_response(
            content,
            headers=[
                ("Content-Type", XLSX),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(f"{strategy.name}.xlsx")),
            ],
        )
