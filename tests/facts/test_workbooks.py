"""Workbooks as people fill them in: merged cells, broken headers, formulas, rows that hang on nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from dualprev_rules.facts import Facts
from dualprev_rules.facts.possible import Items
from dualprev_rules.problems import DualprevError
from tests.facts.asserts import at, codes, fact, notes, read, said

Rows = list[list[Any]]
Given = Callable[..., Facts]


@pytest.fixture
def given(tmp_path: Path) -> Given:
    """Return a reader of a workbook: its sheets by title, and what else is done to it."""

    def make(change: Callable[[Workbook], None] | None = None, /, **sheets: Rows) -> Facts:
        book = Workbook()
        book.remove(book.worksheets[0])
        for title, rows in {"enterprise": [["企业名称"], ["甲厂"]], **sheets}.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        if change is not None:
            change(book)
        path = tmp_path / "site.xlsx"
        book.save(path)
        return read(path)

    return make


WIDE = [b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (row, row) for row in range(3, 1500)]
UNITS: Rows = [["单元编号", "常住人口"], ["U1", 5], ["U2", 6]]


def substances(facts: Facts, unit: str) -> Items:
    return at(facts, f"enterprise.units[{unit}]").value("substances").possible


def test_a_formula_without_a_result_is_unknown_and_said(given: Given) -> None:
    facts = given(unit=[["单元编号", "常住人口"], ["U1", "=1+2"]])
    (problem,) = facts.problems
    assert (problem.code, problem.path, problem.given) == (
        "facts.formula",
        "enterprise.units[U1].exposed_people",
        "=1+2",
    )
    assert str(problem.place).endswith("[unit!B2]")
    value = fact(facts, "enterprise.units[U1].exposed_people").value
    assert not value.known
    assert {cause.reason for cause in value.causes} == {"data_problem"}


def test_an_error_of_excel_has_path_and_cell(given: Given) -> None:
    def spoil(book: Workbook) -> None:
        book["unit"]["B2"].data_type = "e"

    facts = given(spoil, unit=[["单元编号", "常住人口"], ["U1", "#DIV/0!"]])
    (problem,) = facts.problems
    assert (problem.code, problem.path) == ("facts.cell-error", "enterprise.units[U1].exposed_people")
    assert str(problem.place).endswith("[unit!B2]")


def test_a_holder_merged_downwards_holds_every_row(given: Given) -> None:
    def merge(book: Workbook) -> None:
        book["物质"].merge_cells("A2:A3")

    rows = [["单元", "品名", "数量"], ["U1", "氯", 1], [None, "氨", 2], ["U2", "苯", 3]]
    facts = given(merge, unit=UNITS, 物质=rows)
    assert codes(facts) == []
    assert [note.code for note in facts.notes] == ["facts.read-merged"]
    assert len(substances(facts, "U1").records) == 2
    assert said(fact(facts, "enterprise.units[U1].substances[2].name").value) == ["氨"]


def test_a_title_merged_over_the_header_is_no_value(given: Given) -> None:
    def merge(book: Workbook) -> None:
        book["unit"].merge_cells("A1:A2")
        book["unit"].merge_cells("A1:B1")

    facts = given(merge, unit=[["单元一览表"], [], *UNITS])
    assert codes(facts) == []
    assert said(fact(facts, "enterprise.units[U2].exposed_people").value) == ["6"]


@pytest.mark.parametrize("holder", [None, "U9"])
def test_a_row_that_hangs_on_nothing_leaves_the_lists_of_its_kind_open(
    given: Given, holder: str | None
) -> None:
    rows = [["单元", "品名", "数量"], ["U1", "氯", 1], [holder, "氨", 200]]
    facts = given(unit=UNITS, 物质=rows)
    (problem,) = facts.problems
    assert (problem.path, problem.effect) == ("substance", "incomplete")
    for unit, known in (("U1", 1), ("U2", 0)):
        value = at(facts, f"enterprise.units[{unit}]").value("substances")
        assert len(value.possible.records) == known
        assert not value.known
        assert {cause.reason for cause in value.causes} == {"data_problem"}


def test_a_misnamed_sheet_leaves_the_lists_that_it_may_be_of_open(given: Given) -> None:
    rows = [["单元", "品名", "数量"], ["U1", "氯", 1]]
    facts = given(unit=UNITS, 物质=rows, 物质2=rows)
    assert codes(facts) == ["facts.unknown-sheet"]
    assert not at(facts, "enterprise.units[U1]").value("substances").known


def test_a_header_on_two_lines_is_read(given: Given) -> None:
    facts = given(
        unit=[["单元编号", "常住\n人口"], ["U1", 5]], 物质=[["单元", "设计最大量\n(kg)"], ["U1", 500]]
    )
    assert codes(facts) == []
    assert said(fact(facts, "enterprise.units[U1].exposed_people").value) == ["5"]
    assert said(fact(facts, "enterprise.units[U1].substances[1].quantity").value) == ["0.5"]
    assert codes(given(unit=[["id", "exposed\n people"], ["U1", 5]])) == []


def test_what_stands_under_no_header_is_said(given: Given) -> None:
    facts = given(unit=[["单元编号", "常住人口"], ["U1", 5], ["U2", 6, None, "旁注"]])
    (problem,) = facts.problems
    assert (problem.code, problem.given) == ("facts.no-header", "旁注")
    assert str(problem.place).endswith("[unit!D3]")


def test_a_stray_comma_in_csv_is_said(tmp_path: Path) -> None:
    (tmp_path / "enterprise.csv").write_text("企业名称\n甲厂\n", "utf-8")
    (tmp_path / "unit.csv").write_text("单元编号,单元名称,常住人口\nU1,一,二,5\n", "utf-8")
    assert "facts.no-header" in codes(read(tmp_path))


def test_an_unknown_column_shows_what_stood_in_it(given: Given) -> None:
    facts = given(unit=[["单元编号", "常住人囗"], ["U1", 5]])
    assert codes(facts) == ["facts.unknown-column"]
    spoilt = fact(facts, "enterprise.units[U1].exposed_people")
    assert not spoilt.value.known
    assert spoilt.given == "5"


def test_hidden_sheets_and_rows_are_read_as_the_others(given: Given) -> None:
    def hide(book: Workbook) -> None:
        book["unit"].sheet_state = "hidden"
        book["unit"].row_dimensions[3].hidden = True
        book["unit"].auto_filter.ref = "A1:B3"

    facts = given(hide, unit=UNITS)
    assert codes(facts) == []
    assert notes(facts) == []
    assert said(fact(facts, "enterprise.units[U2].exposed_people").value) == ["6"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ((rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"'), None),
        (
            (b"</sheetData>", b'<row r="99999999"><c r="A99999999"><v>1</v></c></row></sheetData>'),
            "many-cells",
        ),
        ((b"</sheetData>", b"".join(WIDE) + b"</sheetData>"), "many-cells"),
        ((b"</sheetData>", b'<row r="9"><c r="ZZZZZ9"><v>1</v></c></row></sheetData>'), "workbook"),
    ],
)
def test_a_sheet_that_says_it_is_huge_is_bounded(
    tmp_path: Path, change: tuple[bytes, bytes], code: str | None
) -> None:
    book = Workbook()
    book.worksheets[0].title = "enterprise"
    book.worksheets[0].append(["企业名称"])
    book.worksheets[0].append(["甲厂"])
    path = tmp_path / "site.xlsx"
    book.save(path)
    with ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = re.sub(change[0], lambda _: change[1], parts[sheet])
    with ZipFile(path, "w", ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    if code is None:
        assert codes(read(path)) == []
        return
    with pytest.raises(DualprevError) as raised:
        read(path)
    assert raised.value.problems[0].code.endswith(code)


def test_two_enterprises_are_a_problem(given: Given) -> None:
    facts = read({"enterprise": [{"id": "E1", "units": []}, {"id": "E2", "units": []}]})
    (problem,) = facts.problems
    assert (problem.code, problem.path, problem.given) == ("facts.several-enterprises", "enterprise[E2]", "2")
    assert "facts.several-enterprises" in codes(given(enterprise=[["企业名称"], ["甲"], ["乙"]]))
