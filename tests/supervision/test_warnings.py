"""Warnings over many enterprises: raised from the figure on that the policy names, with who must know."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dualprev_rules import DualprevError
from dualprev_rules.control.recurrence import RecurrencePolicy
from dualprev_rules.supervision.files import read_model
from dualprev_rules.supervision.warnings import (
    Found,
    RaisedWarning,
    WarningPolicy,
    found_at,
    found_within,
    raised,
    read_found,
    recurring_problems,
)
from tests.supervision.test_pool import MANY, of

DAY = date(2026, 11, 21)


def warn(measure: str, at_least: int = 1, **more: Any) -> tuple[RaisedWarning, ...]:
    rule = {"warning": "w", "level": 2, "measure": measure, "at_least": at_least}
    policy = read_model(
        {"warnings": [{**rule, "audience": [{"zh": "县政府", "en": "County"}]}]}, WarningPolicy
    )
    return raised(MANY, "county", policy, **more)


@pytest.mark.parametrize(
    ("measure", "concerned"),
    [
        ("grade_1", {("东", ("A",))}),
        ("grade_2_or_worse", {("东", ("A",))}),
        ("not_reported", {("西", ("D",))}),
        ("not_decided", {("西", ("C",))}),
    ],
)
def test_a_warning_names_its_area_and_whom_it_concerns(
    measure: str, concerned: set[tuple[str, tuple[str, ...]]]
) -> None:
    found = warn(measure)
    assert {(one.area[-1], one.enterprises) for one in found} == concerned
    assert found[0].to_json()["must_know"]["audience"] == [{"zh": "县政府", "en": "County"}]
    assert warn(measure, 2) == ()


def test_what_got_worse_is_warned_of() -> None:
    before = [of("A", "东", 3), of("B", "东", 3), of("F", "北", 1)]
    assert [one.enterprises for one in warn("worsened", before=before)] == [("A",)]
    for measure in ("worsened", "same_problem"):
        with pytest.raises(DualprevError, match=r"supervision\.not-counted"):
            warn(measure)


def test_an_area_from_which_nothing_came_is_warned_of() -> None:
    silent = ("省", "市", "新县")
    made = warn("not_reported", 3, expected=[silent])
    assert [(one.area, one.enterprises) for one in made] == [(silent, ())]
    assert warn("grade_1", expected=[silent]) == warn("grade_1")


def test_who_left_the_roster_is_warned_of() -> None:
    before = [*MANY, of("Z", "北", 1)]
    assert [(one.area[-1], one.enterprises) for one in warn("gone", before=before)] == [("北", ("Z",))]
    assert warn("grade_1", before=before) == warn("grade_1")


def test_only_what_was_found_within_the_days_counts() -> None:
    days = [DAY, date(2026, 10, 23), date(2026, 10, 22), date(2026, 11, 22)]
    found = [Found(enterprise=code, rule="r", on=day) for code, day in zip("ABCD", days, strict=True)]
    assert [each.enterprise for each in found_within(found, DAY, 30)] == ["A", "B"]
    assert [each.enterprise for each in found_within(found, DAY)] == ["A", "B", "C"]


def test_who_is_in_no_roster_is_told_and_counts_for_nothing() -> None:
    found = [Found(enterprise=code, rule="r", on=DAY) for code in ("E01", "E02", "EO2", "EO2")]
    counted, (told,) = found_at(found, [of("E01", "东"), of("E02", "东")])
    assert [each.enterprise for each in counted] == ["E01", "E02"]
    assert (told.code, told.given, told.args["n"]) == ("supervision.found-nobody", "EO2", 2)
    assert told.nearest in {"E01", "E02"}


def test_one_problem_at_many_enterprises_is_warned_of() -> None:
    found = [Found(enterprise=code, rule="r.1", on=DAY) for code in "ABCD"] + [
        Found(enterprise="F", rule="r.2", on=DAY)
    ]
    made = warn("same_problem", 2, found=found)
    assert [(one.area[-1], one.what, one.enterprises) for one in made] == [
        ("东", "r.1", ("A", "B")),
        ("西", "r.1", ("C", "D")),
    ]


def test_what_recurs_is_repeated_or_systemic() -> None:
    found = [
        Found(enterprise="A", rule="r.1", on=DAY),
        Found(enterprise="A", rule="r.1", on=date(2026, 11, 1)),
        Found(enterprise="B", rule="r.1", on=DAY),
        Found(enterprise="B", rule="r.2", on=date(2026, 10, 1)),
    ]
    problems = recurring_problems(found, DAY, RecurrencePolicy(repeated=2, systemic=2, days=30))
    assert [(one.kind, one.rule, one.enterprises, one.times) for one in problems] == [
        ("systemic", "r.1", ("A", "B"), 3),
        ("repeated", "r.1", ("A",), 2),
    ]


def test_a_rule_is_one_however_it_is_spelled_and_a_breach_counts_once(tmp_path: Path) -> None:
    file = tmp_path / "f.csv"
    rows = ["A,r1,2026-11-21", "B,r1 ,2026-11-21", "C,ｒ1,2026-11-21", "A,r1,2026-11-21", "A,r1,2026-11-20"]
    file.write_text("\n".join(["enterprise,rule,on", *rows]), "utf-8")
    found = read_found(file)
    assert [(each.enterprise, each.rule, each.on.day) for each in found] == [
        ("A", "r1", 21),
        ("B", "r1", 21),
        ("C", "r1", 21),
        ("A", "r1", 20),
    ]
    (systemic,) = recurring_problems(found, DAY, RecurrencePolicy(repeated=3, systemic=3, days=30))
    assert (systemic.kind, systemic.times) == ("systemic", 4)
