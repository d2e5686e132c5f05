import io

import openpyxl

from odoo.tests import HttpCase, tagged

from .common import StrategyCommon


@tagged("post_install", "-at_install")
class TestWorkbook(StrategyCommon, HttpCase):
    with_accounts = True

    def setUp(self):
        super().setUp()
        self._invoice("2023-02-05", 1000.0)
        self._target(self.revenue, "2023-02-01", 800.0)
        self._measure(self.revenue, "2023-01-01", "2023-03-31")

    def test_it_shows_kpis_by_month_with_a_chart(self):
        sheet, charts = self._open(self._strategy())
        cells = {
            sheet.cell(row, 3).value: [
                sheet.cell(row, column).value for column in (4, 5)
            ]
            for row in range(6, 10)
        }
        self.assertEqual(cells["Actual"], [0, 1000])
        self.assertEqual(cells["Target"], [None, 800])
        self.assertEqual(cells["Attainment"], [None, 1.25])
        self.assertEqual(cells["Status"], ["No Target", "On Track"])
        self.assertEqual(sheet.cell(5, 5).value, "Feb 2023")
        self.assertEqual(len(charts._charts), 1)

    def test_names_are_never_formulas(self):
        self.revenue.name = '=HYPERLINK("http://evil.example","Click")'
        strategy = self._strategy(name="=1+1")
        strategy.objective_ids.name = "@SUM(A1:A9)"
        sheet, _charts = self._open(strategy)
        for row in sheet.iter_rows():
            for cell in row:
                self.assertNotEqual(cell.data_type, "f", cell.coordinate)
        self.assertEqual(sheet["A1"].value, "=1+1")

    def test_executives_download_it_and_nobody_else(self):
        strategy = self._strategy()
        url = f"/crm_strategy_kpi/{strategy.id}/workbook"
        self.assertNotEqual(self.url_open(url, allow_redirects=False).status_code, 200)
        for user, status in (
            (self.executive, 200),
            (self.manager, 200),
            (self.salesperson, 404),
            (self.stranger, 404),
            (self.employee, 404),
            (self.portal, 404),
        ):
            self.authenticate(user.login, user.login)
            self.assertEqual(self.url_open(url).status_code, status, user.login)

    def _open(self, strategy):
        content = strategy._workbook()
        return openpyxl.load_workbook(io.BytesIO(content)).worksheets
