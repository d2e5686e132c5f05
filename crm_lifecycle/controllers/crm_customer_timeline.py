import io

import xlsxwriter

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class CustomerTimelineController(http.Controller):
    @http.route(
        "/crm/customer/<int:customer_id>/timeline.xlsx",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def download_timeline(
        self, customer_id, kinds="", date_from="", date_to="", search="", **_other
    ):
        """Return the timeline as a workbook, as far as the user may read it.

        :param kinds: names of kinds, separated by commas; empty: all
        """
        Timeline = request.env["crm.customer.timeline"]
        wanted = [kind for kind in kinds.split(",") if kind]
        try:
            paper = Timeline._get_paper(customer_id, wanted, date_from, date_to, search)
        except AccessError as error:
            return request.make_response(str(error), status=403)
        except UserError as error:
            return request.make_response(str(error), status=400)
        name = request.env._(
            "Timeline of %(customer)s", customer=paper["customer"].display_name
        )
        headers = [
            ("Content-Type", XLSX),
            ("Content-Disposition", content_disposition(f"{name}.xlsx")),
        ]
        return request.make_response(_make_workbook(request.env, name, paper), headers)


def _make_workbook(env, title, paper):
    """Return a workbook: title, filters, one row per entry, amounts as numbers."""
    buffer = io.BytesIO()
    # texts stay texts: no formula and no link comes from what a customer wrote
    book = xlsxwriter.Workbook(
        buffer,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    sheet = book.add_worksheet(env._("Timeline"))
    if env["res.lang"]._get_data(code=env.user.lang).direction == "rtl":
        sheet.right_to_left()
    bold = book.add_format({"bold": True})
    sheet.write_string(0, 0, title, bold)
    sheet.write_string(1, 0, ", ".join(paper["filters"]))
    heads = [
        *(env._("Date"), env._("Kind"), env._("Summary"), env._("Status")),
        *(env._("Colleague"), env._("Amount"), env._("Currency")),
    ]
    for column, (head, width) in enumerate(
        zip(heads, (18, 16, 60, 20, 20, 14, 10), strict=True)
    ):
        sheet.set_column(column, column, width)
        sheet.write_string(3, column, head, bold)
    _write_rows(book, sheet, paper["rows"], 4)
    sheet.freeze_panes(4, 0)
    if paper["is_cut"]:
        sheet.write_string(2, 0, paper["cut_text"])
    book.close()
    return buffer.getvalue()


def _write_rows(book, sheet, rows, first):
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    money = book.add_format({"num_format": "#,##0.00"})
    for line, row in enumerate(rows, first):
        sheet.write_datetime(line, 0, row["moment"], day if row["dated"] else moment)
        for column, name in enumerate(("label", "summary", "state", "user_name"), 1):
            sheet.write_string(line, column, row[name] or "")
        if row["amount"] is not False:
            sheet.write_number(line, 5, row["amount"], money)
            sheet.write_string(line, 6, row["currency"])
