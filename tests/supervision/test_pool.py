"""Pooled risk: as bad as the worst, open while one is, and what is not reported is seen."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualprev_rules import DualprevError
from dualprev_rules.supervision.pool import pool, read_areas, trend
from dualprev_rules.supervision.roster import Enterprise
from tests.cases import cases
from tests.supervision.schemes import enterprise

GRADES = st.sets(st.sampled_from([1, 2, 3, 4])).map(lambda grades: tuple(sorted(grades)))


def of(code: str, county: str | None, *grades: int, industries: tuple[str, ...] = ()) -> Enterprise:
    return Enterprise(code, code, ("省", "市", county, None), grades, None, industries)


@pytest.mark.parametrize(
    "line",
    [
        "level: county",
        "- 东县",
        "东县,3",
        '{"a": 1}',
        "[东县]",
        "# 名单",
        "徐州市/",
        "warnings:",
        "国/省/市/东县",
        "—",
    ],
)
def test_a_line_of_another_file_is_no_area(tmp_path: Path, line: str) -> None:
    file = tmp_path / "areas.txt"
    file.write_text(f"东县\n\n{line}\n", "utf-8")
    with pytest.raises(DualprevError, match=r"supervision\.area-(name|deep)"):
        read_areas(file, MANY, "county")
    file.write_text(f"东县\n{line}\n{line}\n", "utf-8")
    with pytest.raises(DualprevError) as raised:
        read_areas(file, MANY, "county")
    assert len(raised.value.problems) == 2


def test_names_as_people_write_them_are_names(tmp_path: Path) -> None:
    names = ["东县", "江苏省/徐州市/鼓楼区", "经开区（含综保区）", "Wa State", "2号园区", "A&B Co., Ltd."]
    file = tmp_path / "areas.txt"
    file.write_text("\ufeff" + "\n".join(names) + "\n", "utf-8")
    assert next(area[-1] for area in read_areas(file, MANY, "group")) == "东县"
    assert len(read_areas(file, MANY, "county")) == len(names)
    file.write_text("\n \n", "utf-8")
    with pytest.raises(DualprevError, match=r"supervision\.no-names"):
        read_areas(file, MANY, "county")


MANY = [
    of("A", "东", 1),
    of("B", "东", 3),
    of("C", "西", 2, 3),
    of("D", "西"),
    of("E", None, 4),
    of("F", "北", 4),
]


def test_each_area_has_its_counts_and_its_worst() -> None:
    found = {each.area[-1]: each for each in pool(MANY, "county", [("省", "市", "南")])}
    assert {name: each.grade.possible for name, each in found.items()} == {
        "东": (1,),
        "西": (1, 2, 3),
        "北": (4,),
        "南": (1, 2, 3, 4),
        None: (4,),
    }
    assert (found["东"].decided, found["西"].open, found["西"].not_reported) == ((1, 0, 1, 0), 1, 1)
    assert (found["南"].enterprises, found["南"].to_json()["grade"]) == (0, None)
    assert list(found) == ["东", "北", "南", "西", None]
    (city,) = pool(MANY, "city")
    assert (city.enterprises, city.grade.possible) == (6, (1,))


def test_one_of_several_industries_counts_under_each() -> None:
    found = {
        each.area[0]: each.enterprises
        for each in pool([of("A", "东", 1, industries=("甲", "乙")), MANY[1]], "industry")
    }
    assert found == {"甲": 1, "乙": 1, None: 1}


@settings(max_examples=cases(2_000), deadline=None)
@given(st.lists(GRADES, min_size=1, max_size=4))
def test_the_grade_of_an_area_is_what_every_completion_gives(grades: list[tuple[int, ...]]) -> None:
    (area,) = pool([of(str(n), "东", *each) for n, each in enumerate(grades)], "county")
    completions = product(*(each or (1, 2, 3, 4) for each in grades))
    assert set(area.grade.possible) == {min(each) for each in completions}


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ((3,), (2,), "worse"),
        ((1,), (4,), "better"),
        ((2,), (2,), "same"),
        ((), (1,), "open"),
        ((2,), (), "open"),
        ((3, 4), (2,), "worse"),
        ((2, 3), (3,), "open"),
    ],
)
def test_a_trend_is_said_only_where_it_is_sure(
    before: tuple[int, ...], after: tuple[int, ...], change: str
) -> None:
    (found,) = trend([of("A", "东", *before)], [of("A", "东", *after)])
    assert found.change == change


def test_what_is_new_and_what_is_gone_is_told() -> None:
    found = {one.id: one.change for one in trend([enterprise("A", 1)], [enterprise("B", 1)])}
    assert found == {"A": "gone", "B": "new"}
