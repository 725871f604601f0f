"""Rosters: read under their usual headings; what was not reported stays open; no id twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dualprev_rules import DualprevError
from dualprev_rules.supervision.roster import read_roster, roster


def test_a_table_is_read_under_chinese_or_english_headings(tmp_path: Path) -> None:
    file = tmp_path / "roster.csv"
    file.write_text(
        "统一社会信用代码,企业名称,市,区县,行业,风险等级,管理状况\n"
        "Ａ1,甲厂,大连,东区,危险化学品、建筑施工,红,弱\nA2,乙厂,大连,,,,\n",
        "utf-8-sig",
    )
    one, two = read_roster(file)
    assert (one.id, one.name, one.area, one.grades) == ("A1", "甲厂", (None, "大连", "东区", None), (1,))
    assert (one.industries, one.management) == (("危险化学品", "建筑施工"), "弱")
    assert (two.reported, two.possible) == (False, (1, 2, 3, 4))


def test_the_list_of_the_region_map_is_a_roster(tmp_path: Path) -> None:
    file = tmp_path / "list.json"
    row = {"name": "甲", "credit_code": "X1", "industries": [{"zh": "煤矿", "en": "Coal"}], "grade": None}
    file.write_text(json.dumps([{**row, "possible": [2, 3], "district": "东区", "risk_points": 3}]), "utf-8")
    (one,) = read_roster(file)
    assert (one.grades, one.industries, one.area[2]) == ((2, 3), ("煤矿",), "东区")


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([{"name": "甲"}], {"supervision.no-id"}),
        ([{"id": "A"}, {"id": "Ａ "}], {"supervision.same-id"}),
        ([{"id": "A", "grade": "5"}, {"name": "b"}], {"supervision.grade", "supervision.no-id"}),
        ([], {"supervision.empty-roster"}),
        ([{"id": "A", "grad": "1"}], {"supervision.heading"}),
        ([{"id": "A", "风险等极": "1"}], {"supervision.heading"}),
        ([{"id": "A", "所属区具": "东县"}], {"supervision.heading"}),
        ([{"id": "A", "coutny": "东县"}], {"supervision.heading"}),
        ([{"id": "A", "grade": "1", "风险等级": "4"}], {"supervision.two-values"}),
        ([{"id": "A", "county": "东县", "所在区县": "西县"}], {"supervision.two-values"}),
        ([{"id": "A", "企业编码": "B"}], {"supervision.two-values"}),
        ([{"id": "A", "grade": 1, "possible": [1, 2]}], {"supervision.two-values"}),
        ([{"id": "A", "industry": "煤矿", "行业": "煤矿、化工"}], {"supervision.two-values"}),
    ],
)
def test_every_fault_is_told(rows: list[dict[str, Any]], codes: set[str]) -> None:
    with pytest.raises(DualprevError) as raised:
        roster(rows)
    assert {fault.code for fault in raised.value.problems} == codes


def test_one_thing_under_two_headings_counts_where_they_agree() -> None:
    row = {"id": "A", "credit_code": "9A", "grade": "二级", "风险等级": 2, "possible": [2]}
    (one,) = roster([{**row, "county": "", "区县": "东县", "industry": "煤矿、化工", "行业": "化工;煤矿"}])
    assert (one.id, one.grades, one.area[2], one.industries) == ("A", (2,), "东县", ("煤矿", "化工"))


@pytest.mark.parametrize(
    ("given", "grade"),
    [
        ("2级", 2),
        ("橙色风险", 2),
        ("较大风险", 2),
        ("Ⅱ级", 2),
        ("二级", 2),
        ("２", 2),
        (1, 1),
        (4.0, 4),
        ("蓝", 4),
    ],
)
def test_a_grade_is_read_as_people_write_it(given: object, grade: int) -> None:
    (one,) = roster([{"id": "A", "grade": given}])
    assert one.grades == (grade,)


def test_a_table_of_an_office_program_is_read_and_a_moved_row_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "roster.csv"
    file.write_text("企业编码,企业名称,风险等级\nA,甲厂,较大\n", "gb18030")
    (one,) = read_roster(file)
    assert (one.name, one.grades) == ("甲厂", (2,))
    file.write_text("id,name,grade\nA,甲厂,分厂,1\n", "utf-8")
    with pytest.raises(DualprevError, match=r"supervision\.row-long"):
        read_roster(file)


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("a.json", '[{"id": "A", "grade": 1, "grade": 4}]', "same-name"),
        ("a.yaml", "- {id: A, grade: 1, grade: 4}", "same-name"),
        ("a.csv", "id,grade,grade\nA,1,4\n", "heading-twice"),
        ("a.csv", "id,grade,\nA,1,4\n", "row-long"),
        ("a.csv", "id,grade, \nA,1,4\n", "row-long"),
    ],
)
def test_what_would_be_lost_unsaid_is_refused(tmp_path: Path, name: str, text: str, code: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(DualprevError, match=rf"supervision\.{code}"):
        read_roster(tmp_path / name)


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    broken, single = tmp_path / "a.json", tmp_path / "b.yaml"
    broken.write_text("{", "utf-8")
    single.write_text("a: 1", "utf-8")
    for file, code in ((broken, "unreadable"), (single, "no-table"), (tmp_path / "none.csv", "unreadable")):
        with pytest.raises(DualprevError, match=rf"supervision\.{code}"):
            read_roster(file)


def test_the_order_of_columns_changes_nothing() -> None:
    row = {"统一社会信用代码": "91X", "id": "A1", "District": "东县", "county": ""}
    turned = dict(reversed(row.items()))
    assert roster([row]) == roster([turned])
    assert (roster([row])[0].id, roster([row])[0].area[2]) == ("A1", "东县")


@pytest.mark.parametrize("heading", ["County", "ＣＯＵＮＴＹ ", "所属区县"])
def test_a_heading_is_read_in_any_case_and_width(heading: str) -> None:
    assert roster([{"id": "A", heading: "东县"}])[0].area[2] == "东县"


def test_a_grade_under_its_short_heading_is_a_grade() -> None:
    assert roster([{"id": "A", "级别": "2"}])[0].grades == (2,)


@pytest.mark.parametrize("suffix", ["json", "yaml"])
def test_a_row_that_is_no_mapping_is_told_with_its_number(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"r.{suffix}"
    file.write_text('["E7", {"id": "E1", "grade": 2}, ["E8", 1], null]', "utf-8")
    with pytest.raises(DualprevError) as told:
        read_roster(file)
    faults = [(one.code, one.path) for one in told.value.problems]
    assert faults == [("supervision.no-row", f"{file}[{n}]") for n in (1, 3, 4)]


@pytest.mark.parametrize(
    ("possible", "grades"),
    [([1, 2], (1, 2)), (1, (1,)), ("1/2", (1, 2)), ("二级、三级", (2, 3)), ("", ()), ([], ())],
)
def test_grades_that_are_possible_are_read_from_a_text_too(possible: object, grades: tuple[int, ...]) -> None:
    (one,) = roster([{"id": "E", "possible": possible}])
    assert one.grades == grades


def test_a_text_of_possible_grades_that_says_none_is_refused() -> None:
    with pytest.raises(DualprevError, match=r"supervision\.grade"):
        roster([{"id": "E", "possible": "1/7"}])


@pytest.mark.parametrize(
    ("areas", "made"),
    [
        # The one city that has a county of the name.
        ([("甲市", "东县"), (None, "东县")], [("甲市", "东县"), ("甲市", "东县")]),
        # It could be of either.
        (
            [("甲市", "东县"), ("乙市", "东县"), (None, "东县")],
            [("甲市", "东县"), ("乙市", "东县"), (None, "东县")],
        ),
        ([("甲市", "东县"), (None, "西县"), (None, None)], [("甲市", "东县"), (None, "西县"), (None, None)]),
    ],
)
def test_a_wider_area_that_is_blank_is_that_of_the_others(
    areas: list[tuple[str | None, str | None]], made: list[tuple[str | None, str | None]]
) -> None:
    rows = [{"id": f"E{n}", "city": city, "county": county} for n, (city, county) in enumerate(areas)]
    for order in (rows, rows[::-1]):
        found = {one.id: one.area[1:3] for one in roster(order)}
        assert [found[row["id"]] for row in rows] == made


def test_a_street_says_of_which_county_and_city_it_is() -> None:
    whole = {"province": "省", "city": "甲市", "county": "东县", "street": "一街道"}
    found = roster([{"id": "A", **whole}, {"id": "B", "street": "一街道"}, {"id": "C", "county": "东县"}])
    assert [one.area for one in found] == [
        ("省", "甲市", "东县", "一街道"),
        ("省", "甲市", "东县", "一街道"),
        ("省", "甲市", "东县", None),
    ]
