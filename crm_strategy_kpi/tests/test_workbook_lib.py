import io

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from ..lib.workbook import Labels, Line, Point, Report, build

LABELS = Labels(
    "Figures",
    "Charts",
    "KPI",
    "Objective",
    "Figure",
    "Actual",
    "Target",
    "Upper limit",
    "Attainment",
    "Status",
)
POINT = Point(85.0, 90.0, 95.0, 0.94, "at_risk", "At Risk")
EMPTY = Point(None, None, None, None, "no_data", "No Data")
texts = st.text(st.characters(min_codepoint=32, max_codepoint=1800), max_size=40)


def _report(name="On time", title="Grow", is_range=False, rtl=False):
    line = Line(name, "Deliver", "%", "0.0%", 100.0, is_range, [POINT, EMPTY])
    return Report(title, "North", ["Jan", "Feb"], [line], LABELS, rtl)


def _sheets(report):
    return openpyxl.load_workbook(io.BytesIO(build(report))).worksheets


def test_percentages_are_numbers_with_a_percent_format():
    sheet, _charts = _sheets(_report())
    assert sheet["D6"].value == 0.85
    assert sheet["D6"].number_format == "0.0%"
    assert sheet["E6"].value is None
    assert sheet["D9"].value == "At Risk"


def test_a_range_shows_both_limits():
    sheet, _charts = _sheets(_report(is_range=True))
    assert [sheet.cell(row, 4).value for row in (7, 8)] == [0.9, 0.95]


def test_right_to_left():
    sheet, charts = _sheets(_report(rtl=True))
    assert sheet.sheet_view.rightToLeft and charts.sheet_view.rightToLeft


def test_a_strategy_without_months_is_an_empty_sheet():
    report = _report()._replace(months=[], lines=[])
    assert len(_sheets(report)) == 2


@settings(max_examples=40, deadline=None)
@given(st.sampled_from("=+-@\t|").flatmap(lambda sign: texts.map(sign.__add__)))
def test_text_is_never_a_formula(text):
    sheet, _charts = _sheets(_report(name=text, title=text))
    for row in sheet.iter_rows():
        assert all(cell.data_type != "f" for cell in row)
