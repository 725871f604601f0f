"""The workbook: real sheets, text that stays text, colours that mean what they do in the report."""

from __future__ import annotations

import sys
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest

from dualprev_rules.problems import DualprevError
from dualprev_rules.problems.words import Lang
from dualprev_rules.report import workbook
from tests.report.sample import sample


def read(lang: Lang = "zh") -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(workbook(sample(), lang)))


def test_sheets_are_named_filtered_frozen_and_ready_to_print() -> None:
    book = read()
    assert book.sheetnames == ["风险点评价", "发现", "待答问题", "分类与计算值", "数据问题", "说明"]
    for sheet in book:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert all(sheet.column_dimensions[cell.column_letter].width >= 9 for cell in sheet[1])
    assert read("en").sheetnames[0] == "Risk points"


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x")', "+cmd|' /C calc'!A0", "@张三"])
def test_what_looks_like_a_formula_is_text(text: str) -> None:
    cells = [cell for sheet in read() for row in sheet for cell in row if text in str(cell.value)]
    assert cells
    assert all(cell.data_type == "s" for cell in cells)
    assert all(cell.quotePrefix for cell in cells if str(cell.value).startswith(text))
    with ZipFile(BytesIO(workbook(sample()))) as archive:
        sheets = [archive.read(n) for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
    assert not any(b"<f>" in sheet for sheet in sheets)


def test_an_open_grade_is_hatched_and_a_decided_one_filled() -> None:
    register = read()["风险点评价"]
    heads = {cell.value: cell.column for cell in register[1]}
    open_one = register.cell(2, heads["剩余风险"])
    decided = register.cell(2, heads["固有风险"])
    assert (open_one.fill.patternType, open_one.value) == ("lightUp", "不优于较大风险，最坏为重大风险")
    assert (decided.fill.patternType, decided.value) == ("solid", "重大风险")
    assert decided.fill.start_color.rgb.endswith("C8102E")
    assert decided.font.color.rgb.endswith("FFFFFF")


def test_what_excel_cannot_hold_is_marked() -> None:
    document = sample()
    document["risk_points"][0]["name"] = "a\x00b\x1bc\ud800d" + "长" * 40_000
    book = openpyxl.load_workbook(BytesIO(workbook(document)))
    shown = book["风险点评价"].cell(2, 1).value
    assert shown.startswith("a\ufffdb\ufffdc\ufffdd长")
    assert len(shown) == 32_767


def test_a_score_that_is_decided_is_a_number() -> None:
    document = sample()
    document["risk_points"][0]["gradings"][0]["result"] = "90.5"
    register = openpyxl.load_workbook(BytesIO(workbook(document)))["风险点评价"]
    heads = {cell.value: cell.column for cell in register[1]}
    assert register.cell(2, heads["分值"]).value == 90.5


@pytest.mark.parametrize(
    ("lang", "head", "holder"),
    [("zh", "义务主体", "生产经营单位"), ("en", "Duty holder", "production or business operation entity")],
)
def test_the_duty_holder_is_named_in_the_language_of_the_workbook(lang: Lang, head: str, holder: str) -> None:
    findings = read(lang).worksheets[1]
    column = next(cell.column for cell in findings[1] if cell.value == head)
    assert findings.cell(2, column).value == holder


def test_not_applicable_findings_are_left_to_the_result_document() -> None:
    rules = {row[-1].value for row in read()["发现"].iter_rows(min_row=2)}
    assert "chem.ok.01" in rules
    assert "chem.na.01" not in rules


def test_the_same_document_gives_the_same_bytes() -> None:
    assert workbook(sample()) == workbook(sample())


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(DualprevError) as caught:
        workbook(sample())
    assert caught.value.code == "report.missing-extra"
