"""The Excel workbook of a strategy: KPIs down, months across, a chart for each.

Plain data in, bytes out. Text typed by people is written as text only: a name that
starts with "=" stays a name.
"""

import io
from typing import NamedTuple

import xlsxwriter

HEADER_ROW = 4
FIRST_MONTH = 3
CHART_ROWS = 16
LABEL_WIDTHS = (34, 24, 12)
MONTH_WIDTH = 12

STATUS_COLORS = {
    "on_track": "#C6EFCE",
    "at_risk": "#FFEB9C",
    "off_track": "#FFC7CE",
}


class Point(NamedTuple):
    """One month of one KPI; None is an empty cell."""

    value: float | None
    target: float | None
    upper: float | None
    attainment: float | None
    status: str
    status_label: str


class Line(NamedTuple):
    """One KPI: its points in the order of the months."""

    name: str
    objective: str
    unit: str
    number_format: str
    divisor: float
    is_range: bool
    points: list


class Labels(NamedTuple):
    """The words of the workbook in the reader's language."""

    sheet: str
    charts: str
    kpi: str
    objective: str
    figure: str
    actual: str
    target: str
    upper: str
    attainment: str
    status: str


class Report(NamedTuple):
    title: str
    subtitle: str
    months: list
    lines: list
    labels: Labels
    right_to_left: bool = False


def build(report):
    """Return the workbook of `report` as bytes."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    _Writer(book, report).fill()
    book.close()
    return buffer.getvalue()


class _Writer:
    """Lays the report out on a sheet of figures and a sheet of charts."""

    def __init__(self, book, report):
        self.book = book
        self.report = report
        self.formats = {}
        self.sheet = book.add_worksheet(_sheet_name(report.labels.sheet))
        self.charts = book.add_worksheet(_sheet_name(report.labels.charts))
        if report.right_to_left:
            self.sheet.right_to_left()
            self.charts.right_to_left()

    def fill(self):
        self._write_header()
        row = HEADER_ROW + 1
        for position, line in enumerate(self.report.lines):
            rows = self._write_line(row, line)
            self._add_chart(position, line, rows)
            row = max(rows.values()) + 1
        self.sheet.freeze_panes(HEADER_ROW + 1, FIRST_MONTH)

    def _format(self, **properties):
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(properties)
        return self.formats[key]

    def _write_header(self):
        labels = self.report.labels
        title = self._format(bold=True, font_size=16)
        self.sheet.write_string(0, 0, self.report.title, title)
        self.sheet.write_string(1, 0, self.report.subtitle)
        head = self._format(bold=True, bottom=1, bg_color="#F2F2F2")
        texts = [labels.objective, labels.kpi, labels.figure, *self.report.months]
        for column, text in enumerate(texts):
            self.sheet.write_string(HEADER_ROW, column, text, head)
        for column, width in enumerate(LABEL_WIDTHS):
            self.sheet.set_column(column, column, width)
        if self.report.months:
            last = FIRST_MONTH + len(self.report.months) - 1
            self.sheet.set_column(FIRST_MONTH, last, MONTH_WIDTH)

    def _write_line(self, row, line):
        """Write the rows of one KPI and return {kind: row}."""
        labels = self.report.labels
        kinds = ["actual", "target"]
        kinds += ["upper"] if line.is_range else []
        kinds += ["attainment", "status"]
        rows = {kind: row + offset for offset, kind in enumerate(kinds)}
        for kind, kind_row in rows.items():
            first = kind == "actual"
            name = f"{line.name} ({line.unit})" if line.unit else line.name
            style = self._format(bold=True, top=1) if first else None
            self.sheet.write_string(kind_row, 0, line.objective if first else "", style)
            self.sheet.write_string(kind_row, 1, name if first else "", style)
            self.sheet.write_string(kind_row, 2, getattr(labels, kind), style)
        for offset, point in enumerate(line.points):
            self._write_point(rows, FIRST_MONTH + offset, line, point)
        return rows

    def _write_point(self, rows, column, line, point):
        number = self._format(num_format=line.number_format)
        actual = self._format(num_format=line.number_format, bold=True, top=1)
        self._number(rows["actual"], column, point.value, actual, line.divisor)
        self._number(rows["target"], column, point.target, number, line.divisor)
        if line.is_range:
            self._number(rows["upper"], column, point.upper, number, line.divisor)
        percent = self._format(num_format="0.0%")
        self._number(rows["attainment"], column, point.attainment, percent)
        color = STATUS_COLORS.get(point.status)
        shade = self._format(bg_color=color) if color else None
        self.sheet.write_string(rows["status"], column, point.status_label, shade)

    def _number(self, row, column, number, style, divisor=1.0):
        if number is None:
            self.sheet.write_blank(row, column, None, style)
        else:
            self.sheet.write_number(row, column, number / divisor, style)

    def _add_chart(self, position, line, rows):
        if not line.points:
            return
        labels = self.report.labels
        chart = self.book.add_chart({"type": "column"})
        chart.add_series(self._series(rows["actual"], labels.actual, "#714B67"))
        targets = self.book.add_chart({"type": "line"})
        targets.add_series(self._series(rows["target"], labels.target, "#E46F78"))
        if line.is_range:
            targets.add_series(self._series(rows["upper"], labels.upper, "#5B899E"))
        chart.combine(targets)
        # By reference: a title of its own that starts with "=" would be a formula.
        title = [self.sheet.get_name(), rows["actual"], 1]
        chart.set_title({"name": title, "name_font": {"size": 12}})
        chart.set_y_axis({"num_format": line.number_format})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 900, "height": 300})
        self.charts.insert_chart(position * CHART_ROWS, 0, chart)

    def _series(self, row, name, color):
        sheet = self.sheet.get_name()
        last = FIRST_MONTH + len(self.report.months) - 1
        return {
            "name": name,
            "categories": [sheet, HEADER_ROW, FIRST_MONTH, HEADER_ROW, last],
            "values": [sheet, row, FIRST_MONTH, row, last],
            "fill": {"color": color},
            "line": {"color": color},
        }


def _sheet_name(text):
    """Excel takes 31 characters and none of []:*?/\\ in the name of a sheet.

    >>> _sheet_name("Q1/Q2: [figures]")
    'Q1 Q2   figures'
    """
    return "".join(" " if char in "[]:*?/\\'" else char for char in text)[:31].strip()
