"""Sheets: CSV files, folders of them, and XLSX workbooks."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from dualprev_rules.facts import Facts
from dualprev_rules.facts.possible import Items
from dualprev_rules.problems import DualprevError, Problem
from tests.facts.asserts import codes, fact, notes, read, said

Sheets = dict[str, list[list[Any]]]

SITE: Sheets = {
    "企业": [["企业编码", "企业名称"], ["E1", "示例化工"]],
    "unit": [
        ["单元编号", "kind", "有紧急停车", "投用日期"],
        ["U1", "储存", "是", date(2019, 3, 1)],
        ["U2", "production", None, None],
    ],
    "物质": [
        ["单元", "CAS", "设计最大量"],
        ["U1", "7782-50-5", 0.1],
        ["U1", "67-56-1", "500 kg"],
        ["U2", None, "<0.5"],
    ],
    "储罐": [["单元", "储罐编号", "容积"], ["U1", "T1", 100], ["U2", "T1", 200]],
}


def workbook(folder: Path, sheets: Sheets, name: str = "site.xlsx") -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = folder / name
    book.save(path)
    return path


def folder_of(folder: Path, sheets: Sheets, encoding: str = "utf-8", comma: str = ",") -> Path:
    for title, rows in sheets.items():
        lines = [comma.join("" if cell is None else str(cell) for cell in row) for row in rows]
        (folder / f"{title}.csv").write_text("\n".join(lines), encoding)
    return folder


def refusal(source: Path) -> tuple[Problem, ...]:
    with pytest.raises(DualprevError) as raised:
        read(source)
    return raised.value.problems


def items(facts: Facts, path: str) -> Items:
    return fact(facts, path).value.possible


@pytest.mark.parametrize("form", ["xlsx", "csv", "gb18030", "bom", "semicolon", "tab"])
def test_a_whole_enterprise(tmp_path: Path, form: str) -> None:
    match form:
        case "xlsx":
            source = workbook(tmp_path, SITE)
        case "gb18030":
            source = folder_of(tmp_path, SITE, "gb18030")
        case "bom":
            source = folder_of(tmp_path, SITE, "utf-8-sig")
        case "semicolon":
            source = folder_of(tmp_path, SITE, comma=";")
        case "tab":
            source = folder_of(tmp_path, SITE, comma="\t")
        case _:
            source = folder_of(tmp_path, SITE)
    facts = read(source)
    assert facts.problems == ()
    unit = "enterprise.units[U1]"
    assert said(fact(facts, "enterprise.name").value) == ["示例化工"]
    assert said(fact(facts, f"{unit}.kind").value) == ["storage"]
    assert said(fact(facts, f"{unit}.has_stop").value) == ["true"]
    assert said(fact(facts, f"{unit}.commissioned_on").value, days=True) == ["2019-03-01"]
    assert said(fact(facts, f"{unit}.substances[1].quantity").value) == ["0.1"]
    assert said(fact(facts, f"{unit}.substances[2].quantity").value) == ["0.5"]
    assert said(fact(facts, "enterprise.units[U2].substances[1].quantity").value) == "[0, 0.5)"
    assert said(fact(facts, "enterprise.units[U2].tanks[T1].volume").value) == ["200"]
    assert items(facts, f"{unit}.substances").complete
    assert fact(facts, f"{unit}.substances").assumed_complete
    # persons has no sheet, and U2's tanks have none of a further kind: unknown, not empty.
    assert not items(facts, "enterprise.persons").complete


def test_one_csv_file_is_one_entity(tmp_path: Path) -> None:
    path = tmp_path / "单元.csv"
    path.write_text("单元编号,kind,氧含量\nU1,储存,20.9\nU2,,35\n", "utf-8")
    facts = read(path)
    assert [r.path for r in facts.roots] == ["unit[U1]", "unit[U2]"]
    (problem,) = facts.problems
    assert problem.code == "facts.out-of-range"
    assert str(problem.place) == f"{path} [单元!C3]"


@pytest.mark.parametrize("text", ['a,"b\n', "id\n" + "x" * 200_000])
def test_csv_that_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "unit.csv"
    path.write_text(text, "utf-8")
    assert refusal(path)[0].code == "facts.syntax"


def test_a_cell_of_csv_may_hold_commas_and_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "unit.csv"
    path.write_text('id,hazards,名称\nU1,"J1,W5.1","a\nb"\n', "utf-8")
    assert said(fact(read(path), "unit[U1].hazards").value)[0] == ["J1", "W5.1"]


# Completeness.


def test_a_missing_or_empty_sheet_is_unknown(tmp_path: Path) -> None:
    for sheets in (
        {"企业": SITE["企业"], "unit": SITE["unit"]},
        {"企业": SITE["企业"], "unit": SITE["unit"], "储罐": []},
        {"企业": SITE["企业"], "unit": SITE["unit"], "储罐": [["单元", "储罐编号"]]},
    ):
        facts = read(workbook(tmp_path, sheets))
        assert facts.problems == ()
        assert items(facts, "enterprise.units[U1].tanks").phantom is not None


@pytest.mark.parametrize(
    ("mark", "complete"),
    [
        ([["本表已填全"]], True),
        ([["本表已填全", "是"]], True),
        ([["本表已填全", "否"]], False),
        ([["sheet is complete"]], True),
        ([["本表未填全"]], False),
        ([], None),
    ],
)
def test_the_cell_that_says_a_sheet_is_complete(
    tmp_path: Path, mark: list[list[Any]], complete: bool | None
) -> None:
    tanks = [*mark, ["单元", "储罐编号"], ["U1", "T1"]]
    facts = read(workbook(tmp_path, {**SITE, "储罐": tanks}))
    assert facts.problems == ()
    own, other = (fact(facts, f"enterprise.units[{u}].tanks") for u in ("U1", "U2"))
    # The schema has the list of tanks complete only where that is stated.
    assert own.value.known == (complete is True)
    assert other.value.known == (complete is True)
    assert not own.assumed_complete


def test_the_mark_may_stand_beside_a_record_or_a_header(tmp_path: Path) -> None:
    for rows in (
        [["单元", "储罐编号"], ["U1", "T1", "本表已填全"]],
        [["单元", "储罐编号", "本表已填全"], ["U1", "T1"]],
        [["单元", "储罐编号", None, "本表已填全", "是"], ["U1", "T1"]],
    ):
        facts = read(workbook(tmp_path, {**SITE, "储罐": rows}))
        assert facts.problems == ()
        tanks = items(facts, "enterprise.units[U1].tanks")
        assert ([r.short for r in tanks.records], tanks.complete) == (["tank[T1]"], True)


def test_a_complete_sheet_without_rows_says_that_there_are_none(tmp_path: Path) -> None:
    for rows in (
        [["本表已填全"]],
        [["本表已填全"], ["单元", "储罐编号"]],
        [["单元", "储罐编号"], ["本表已填全"]],
    ):
        facts = read(workbook(tmp_path, {**SITE, "储罐": rows}))
        assert facts.problems == ()
        assert items(facts, "enterprise.units[U1].tanks") == Items(())


# Columns.


def test_titles_may_stand_above_the_header(tmp_path: Path) -> None:
    rows = [["储罐一览表"], ["填表人：张三", None, "kind"], *SITE["储罐"]]
    facts = read(workbook(tmp_path, {**SITE, "储罐": rows}))
    assert facts.problems == ()
    assert said(fact(facts, "enterprise.units[U1].tanks[T1].volume").value) == ["100"]


def test_a_header_may_name_the_unit(tmp_path: Path) -> None:
    rows = [["单元", "储罐编号*", "容积（L）"], ["U1", "T1", 100]]
    facts = read(workbook(tmp_path, {**SITE, "储罐": rows}))
    assert facts.problems == ()
    assert said(fact(facts, "enterprise.units[U1].tanks[T1].volume").value) == ["0.1"]


def test_an_unknown_column_is_one_problem_and_spoils_its_neighbour(tmp_path: Path) -> None:
    rows = [["单元", "储罐编号", "容织积"], ["U1", "T1", 100], ["U2", "T1", 200], ["U2", "T2", None]]
    path = workbook(tmp_path, {**SITE, "储罐": rows})
    facts = read(path)
    (problem,) = facts.problems
    assert (problem.code, problem.given, problem.nearest) == ("facts.unknown-column", "容织积", "容积")
    assert str(problem.place) == f"{path} [储罐!C1]"
    spoilt, absent = (fact(facts, f"enterprise.units[U2].tanks[{t}].volume").value for t in ("T1", "T2"))
    assert {c.reason for c in spoilt.causes} == {"data_problem"}
    assert {c.reason for c in absent.causes} == {"missing"}


def test_a_column_that_stands_twice(tmp_path: Path) -> None:
    rows = [["单元", "储罐编号", "容积", "volume"], ["U1", "T1", 100, 200], ["U2", "T1", 100, None]]
    facts = read(workbook(tmp_path, {**SITE, "储罐": rows}))
    assert codes(facts) == ["facts.twice"]
    assert said(fact(facts, "enterprise.units[U2].tanks[T1].volume").value) == ["100"]


def test_an_unknown_sheet_is_a_problem(tmp_path: Path) -> None:
    facts = read(workbook(tmp_path, {**SITE, "物质单": [["a"]], "空": []}))
    assert [(p.code, p.given, p.nearest) for p in facts.problems] == [
        ("facts.unknown-sheet", "物质单", "物质")
    ]


def test_no_enterprise_sheet_or_no_known_column_is_an_error(tmp_path: Path) -> None:
    assert [p.code for p in refusal(workbook(tmp_path, {"unit": SITE["unit"]}))] == ["facts.no-enterprise"]
    path = workbook(tmp_path, {**SITE, "储罐": [["甲甲甲", "乙乙乙"], [1, 2]], "物质": [["丙丙丙"]]})
    assert [(p.code, str(p.place)) for p in refusal(path)] == [
        ("facts.no-known-column", f"{path} [物质]"),
        ("facts.no-known-column", f"{path} [储罐]"),
    ]


# Holders.


def test_a_holder_may_be_named_by_its_entity_its_label_an_alias_or_the_label_of_its_key(
    tmp_path: Path,
) -> None:
    for header in ("unit", "单元", "装置", "Unit", "单元编号", "unit.tanks", "单元.储罐"):
        rows = [[header, "储罐编号"], ["U2", "T9"]]
        facts = read(workbook(tmp_path, {**SITE, "储罐": rows}))
        assert facts.problems == ()
        assert [r.path for r in items(facts, "enterprise.units[U2].tanks").records] == [
            "enterprise.units[U2].tanks[T9]"
        ]


def test_namesakes_are_told_apart_by_a_further_column(tmp_path: Path) -> None:
    rows = [["储罐", "单元", "品名"], ["T1", "U2", "氯"], ["T1", None, "氨"], [None, "U1", "苯"]]
    path = workbook(tmp_path, {**SITE, "物质": rows})
    facts = read(path)
    assert said(fact(facts, "enterprise.units[U2].tanks[T1].substances[1].name").value) == ["氯"]
    assert said(fact(facts, "enterprise.units[U1].substances[1].name").value) == ["苯"]
    (problem,) = facts.problems
    assert (problem.code, problem.given, str(problem.place)) == (
        "facts.several-holders",
        "T1",
        f"{path} [物质!A3]",
    )
    assert said(fact(facts, "substance[1].name").value) == ["氨"]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["单元", "储罐编号"], ["U9", "T1"]], "facts.no-such-holder"),
        ([["单元", "储罐编号"], [None, "T1"]], "facts.no-holder"),
        ([["储罐编号"], ["T1"]], "facts.no-holder"),
    ],
)
def test_a_row_that_hangs_on_nothing_stands_at_the_top(
    tmp_path: Path, rows: list[list[Any]], code: str
) -> None:
    facts = read(workbook(tmp_path, {**SITE, "储罐": rows}))
    assert codes(facts) == [code]
    assert [r.path for r in facts.roots] == ["enterprise", "tank[T1]"]


def test_sites_between(tmp_path: Path) -> None:
    sheets = {
        "企业": SITE["企业"],
        "厂区": [["厂区编号", "常住人口"], ["S1", 60]],
        "单元": [["厂区", "单元编号"], ["S1", "U1"], [None, "U2"]],
    }
    facts = read(workbook(tmp_path, sheets))
    assert facts.problems == ()
    assert said(fact(facts, "enterprise.sites[S1].units[U1].exposed_people").value) == ["60"]
    assert not fact(facts, "enterprise.units[U2].exposed_people").value.known


# What Excel does.


def _excel(*day: int) -> datetime:
    """Return a day as a workbook holds it: without a time zone."""
    return datetime.combine(date(*day), time())


def test_a_date_where_none_belongs_is_an_error_that_shows_what_excel_did(tmp_path: Path) -> None:
    sheets = {
        **SITE,
        "物质": [
            ["单元", "CAS", "设计最大量"],
            ["U1", _excel(2001, 2, 3), 1],
            ["U1", "67-56-1", date(2026, 1, 2)],
        ],
        "储罐": [["单元", "储罐编号", "条款"], [_excel(2026, 3, 1), "T1", time(12, 30)]],
    }
    path = workbook(tmp_path, sheets)
    problems = refusal(path)
    assert [(p.code, p.given, str(p.place)) for p in problems] == [
        ("facts.excel-date", "2001-02-03", f"{path} [物质!B2]"),
        ("facts.excel-date", "2026-01-02", f"{path} [物质!C3]"),
        ("facts.excel-date", "12:30:00", f"{path} [储罐!C2]"),
        ("facts.excel-date", "2026-03-01", f"{path} [储罐!A2]"),
    ]
    assert "2001-02-03" in problems[0].text("zh")


def test_a_percentage_is_what_the_user_sees(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        {"企业": SITE["企业"], "unit": [["id", "氧含量", "设计压力", "级别"], ["U1", 0.209, 1.6, 2]]},
    )
    book = load_workbook(path)
    for column in ("B", "D"):
        book["unit"][f"{column}2"].number_format = "0.0%"
    book.save(path)
    facts = read(path)
    # 20.9 % is not 20.9 %vol until someone says so, and it is not 0.209 either.
    assert codes(facts) == ["facts.wrong-dimension"]
    assert facts.problems[0].given == "20.9"
    assert said(fact(facts, "enterprise.units[U1].level").value) == ["2"]


def test_the_noise_of_a_formula_is_not_read(tmp_path: Path) -> None:
    rows = [["id", "设计压力"], ["U1", 0.1 + 0.2], ["U2", 0.1]]
    facts = read(workbook(tmp_path, {"企业": SITE["企业"], "unit": rows}))
    assert said(fact(facts, "enterprise.units[U1].pressure").value) == ["0.3"]
    assert said(fact(facts, "enterprise.units[U2].pressure").value) == ["0.1"]


def test_error_values_are_no_data(tmp_path: Path) -> None:
    path = workbook(
        tmp_path, {"企业": SITE["企业"], "unit": [["id", "名称", "氧含量"], ["U1", "#N/A", "#REF!"]]}
    )
    facts = read(path)
    assert codes(facts) == ["facts.cell-error", "facts.cell-error"]
    assert not fact(facts, "enterprise.units[U1].name").value.known


def test_text_that_lost_its_last_zero_is_noted(tmp_path: Path) -> None:
    rows = [["单元", "储罐编号", "条款"], ["U1", "T1", 5.1], ["U1", 2, "5.10"]]
    facts = read(workbook(tmp_path, {**SITE, "储罐": rows}))
    assert notes(facts).count("facts.read-text") == 1
    assert [r.short for r in items(facts, "enterprise.units[U1].tanks").records] == ["tank[T1]", "tank[2]"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a workbook", b"\xd0\xcf\x11\xe0" * 100])
def test_a_file_that_is_no_workbook(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "site.xlsx"
    path.write_bytes(content)
    assert refusal(path)[0].code == "facts.workbook"


def test_problems_of_cells_are_placed(tmp_path: Path) -> None:
    path = workbook(
        tmp_path, {**SITE, "unit": [["名称", "id", "氧含量"], ["a", "U1", 20], ["b", "U2", "约20"]]}
    )
    (problem,) = [p for p in read(path).problems if p.code == "facts.not-a-number"]
    assert str(problem.place) == f"{path} [unit!C3]"


def test_a_workbook_needs_openpyxl_and_says_so(tmp_path: Path) -> None:
    path = workbook(tmp_path, SITE)
    code = (
        "import sys; sys.modules['openpyxl'] = None\n"
        "from tests.facts.asserts import read\n"
        "from dualprev_rules.problems import DualprevError\n"
        "try: read(sys.argv[1])\n"
        "except DualprevError as fault: print(fault.code)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "facts.needs-openpyxl"
