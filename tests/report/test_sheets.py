"""Sheets: names that Excel allows, and rows as high as their text."""

from __future__ import annotations

from io import BytesIO

import openpyxl

from dualprev_rules.report.sheets import Painted, Sheet, write_book


def book(*sheets: Sheet) -> openpyxl.Workbook:
    """Return sheets as they are read back."""
    return openpyxl.load_workbook(BytesIO(write_book(sheets, title="x", creator="y")))


def test_a_name_that_excel_refuses_is_made_one_that_it_takes() -> None:
    names = ["清单/一[甲]:*?", "清单 一 甲", "长" * 40, "长" * 40, ""]
    read = book(*(Sheet(name, [("a", 10)], []) for name in names)).sheetnames
    assert read == ["清单 一 甲", "清单 一 甲 2", "长" * 31, "长" * 29 + " 2", "1"]


def test_a_row_is_as_high_as_its_longest_text() -> None:
    rows = [["短", "x"], ["长" * 20, "x"], ["a\nb", Painted("重" * 10, "#C8102E", "#FFFFFF", False)]]
    sheet = book(Sheet("s", [("a", 11), ("b", 11)], rows)).worksheets[0]
    heights = [sheet.row_dimensions[number].height for number in (2, 3, 4)]
    assert heights == [None, 4 * 14.5, 2 * 14.5]
