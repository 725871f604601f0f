"""Risk points and places read from records: what counts, what is open, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dualprev_rules.evaluate import Reference
from dualprev_rules.facts.possible import Cause
from dualprev_rules.risk import ControlLevel, Place, RiskGrade, read_place
from tests.risk.core import METHODS, NATIONAL, RULESET, enterprise, read, read_one

MAJOR = {"method": "lec", "L": "10", "E": "10", "C": "100"}
LARGER = {"method": "lec", "L": "3", "E": "6", "C": "15"}
LOW = {"method": "ls_5x5", "L": "1", "S": "1"}
OPEN = {"method": "lec", "L": "6", "E": "10"}


def some(*records: dict[str, Any]) -> dict[str, Any]:
    """Return a list that is said to hold at least these records."""
    return {"items": list(records), "complete": False}


def residual(place: Place) -> RiskGrade:
    """Return the residual grade of a place that has one."""
    grade = place.grade("residual")
    assert grade is not None
    return grade


def test_the_worst_point_below_makes_the_grade() -> None:
    place = read(
        sites=[{"areas": [{"units": [{"risk_points": [LARGER, LOW]}], "risk_points": [LOW]}]}],
        units=[{"risk_points": [LOW]}],
    )
    assert residual(place).level == 2
    assert (place.assessed("residual"), len(list(place.all_points()))) == (4, 4)
    assert [point.path for point in place.because("residual")] == [
        "enterprise.sites[1].areas[1].units[1].risk_points[1]"
    ]
    grades = {p.path.removeprefix("enterprise."): residual(p).level for p in place.all_places()}
    assert grades == {
        "enterprise": 2,
        "sites[1]": 2,
        "sites[1].areas[1]": 2,
        "sites[1].areas[1].units[1]": 2,
        "units[1]": 4,
    }


def test_an_open_point_leaves_the_place_open_unless_another_is_as_bad() -> None:
    place = read(units=[{"risk_points": [LARGER, OPEN]}])
    assert [point.path for point in place.because("residual")] == ["enterprise.units[1].risk_points[2]"]
    assert residual(place).possible == (1, 2)
    assert residual(place).causes == {Cause("enterprise.units[1].risk_points[2].C")}
    decided = read(units=[{"risk_points": [MAJOR, OPEN]}])
    assert residual(decided).level == 1
    assert [point.path for point in decided.because("residual")] == ["enterprise.units[1].risk_points[1]"]


def test_a_unit_that_says_nothing_of_its_points_leaves_the_enterprise_open() -> None:
    place = read(units=[{"risk_points": [LOW]}, {"name": "氯气罐区"}])
    assert residual(place).possible == (1, 2, 3, 4)
    assert residual(place).causes == {Cause("enterprise.units[2].risk_points")}


def test_a_unit_without_points_changes_nothing() -> None:
    place = read(units=[{"risk_points": [LOW]}, {"risk_points": []}])
    assert residual(place).level == 4
    assert place.places[1].grade("residual") is None


def test_points_above_are_not_asked_for_where_units_are_listed() -> None:
    place = read(units=[{"risk_points": [LOW]}])
    assert not place.unlisted
    assert place.assumed == tuple(f"enterprise.{name}" for name in ("sites", "areas", "risk_points"))


@pytest.mark.parametrize("given", [{"units": [{"risk_points": [LOW]}]}, {"units": []}])
def test_places_that_reading_takes_to_be_none_are_assumed(given: dict[str, Any]) -> None:
    place = read(risk_points=[LOW], **given)
    assert residual(place).level == 4
    assert place.assumed == ("enterprise.sites", "enterprise.areas")


def test_a_list_that_is_said_to_be_incomplete_leaves_the_grade_open() -> None:
    assert residual(read(units=[{"risk_points": some(LOW)}])).possible == (1, 2, 3, 4)
    assert residual(read(units=some({"risk_points": [LOW]}))).possible == (1, 2, 3, 4)
    assert residual(read(units=[{"risk_points": some(MAJOR)}])).level == 1
    assert residual(read(units=[{"risk_points": [LOW]}], areas=some())).possible == (1, 2, 3, 4)
    assert read_one(**LOW, risk_events=some()).grade("residual").possible == (1, 2, 3, 4)


def test_a_list_that_could_not_be_read_is_not_taken_as_empty() -> None:
    place = read(units=[{"risk_points": [LOW]}], risk_points="见附件")
    assert residual(place).causes == {Cause("enterprise.risk_points", "data_problem")}


def test_an_enterprise_of_which_nothing_is_known() -> None:
    place = read()
    assert residual(place).possible == (1, 2, 3, 4)
    assert place.assessed("residual") == 0


def test_points_that_are_not_assessed_are_counted_apart() -> None:
    place = read(risk_points=[LOW, {"name": "未评价"}, {"method": "lec"}])
    assert place.assessed("residual") == 1
    assert len(list(place.all_points())) == 3
    assert residual(place).level is None


def test_residual_and_inherent_stay_apart() -> None:
    point = read_one(method="lec", L="1", E="6", C="7", inherent_L="10", inherent_E="6", inherent_C="7")
    assert (point.grade("residual").level, point.grade("inherent").level) == (4, 1)
    only = read_one(**LOW)
    assert only.grade("residual").level == 4
    assert not only.assessed("inherent")
    assert only.grade("inherent").level is None
    assert only.grade("inherent").causes == {
        Cause("enterprise.risk_points[1].inherent_L"),
        Cause("enterprise.risk_points[1].inherent_S"),
    }


def test_events_count_with_the_point_s_own_factors_or_in_their_place() -> None:
    alone = read_one(risk_events=[LARGER, LOW])
    assert alone.grade("residual").level == 2
    assert alone.assessed("residual")
    assert read_one(**LOW, risk_events=[LARGER]).grade("residual").level == 2
    assert read_one(**MAJOR, risk_events=[LARGER]).grade("residual").level == 1
    assert read_one(risk_events=some(LARGER)).grade("residual").possible == (1, 2)


def test_without_a_known_method_nothing_is_graded() -> None:
    point = read_one(L="3", E="6", C="15")
    assert point.grade("residual").possible == (1, 2, 3, 4)
    assert point.assessed("residual")
    assert point.grade("residual").causes == {Cause("enterprise.risk_points[1].method")}


def test_a_method_that_no_pack_brings_is_a_problem() -> None:
    fewer = Reference(replace(RULESET, methods={"lec": METHODS["lec"]}))
    record = enterprise(risk_points=[{"method": "mes", "M": 1, "E": 1, "S": 1}])
    (point,) = read_place(fewer, NATIONAL, record).points
    assert {p.code for p in point.problems} == {"risk.unknown-method"}
    assert point.grade("residual").causes == {Cause("enterprise.risk_points[1].method", "data_problem")}


def test_a_score_off_the_scale_is_reported_as_it_was_written() -> None:
    point = read_one(method="ls_5x5", L="2.50", S="3")
    (fault,) = point.problems
    assert (fault.code, fault.path, fault.given) == (
        "risk.off-scale",
        "enterprise.risk_points[1].L",
        "2.50",
    )
    assert "5 4 3 2 1" in fault.text("zh")
    assert point.grade("residual").possible == (2, 3, 4)


def test_a_factor_that_the_method_does_not_use_is_noted() -> None:
    (note,) = read_one(**LARGER, S="5").problems
    assert (note.code, note.severity) == ("risk.unused-factor", "note")
    assert read_one(**LARGER, S="5").grade("residual").level == 2


def test_what_a_point_holds_is_read() -> None:
    point = read_one(
        **LARGER,
        name="液氯储罐",
        kind="place",
        owner="张工",
        control_level="workshop",
        hazard_sources=[{"name": "液氯", "factor_class": "化学性"}],
        measures=[{"name": "围堰", "kind": "engineering", "in_place": True, "owner": "李工"}],
    )
    assert (point.name, point.kind, point.owner) == ("液氯储罐", "place", "张工")
    assert point.control_level is ControlLevel.WORKSHOP
    assert [(source.name, source.factor_class) for source in point.hazard_sources] == [("液氯", "化学性")]
    (measure,) = point.measures
    assert (measure.name, measure.kind, measure.in_place, measure.is_effective) == (
        "围堰",
        "engineering",
        True,
        None,
    )


@pytest.mark.parametrize(("unreadable", "given"), [("L", "约3"), ("L", True), ("method", "LOPA")])
def test_what_could_not_be_read_stays_unknown(unreadable: str, given: object) -> None:
    point = read_one(**{**LARGER, unreadable: given})
    cause = Cause(f"enterprise.risk_points[1].{unreadable}", "data_problem")
    assert point.grade("residual").causes == {cause}
    assert point.grade("residual").level is None
    assert point.assessed("residual")


def test_a_misspelt_factor_is_never_a_milder_grade() -> None:
    point = read_one(method="lec", L=10, E=10, Cc=100)
    assert point.grade("residual").level is None
    assert point.grade("residual").at_worst == 1
    alone = read_one(method="lec", inherentC=100).grade("inherent")
    assert Cause("enterprise.risk_points[1].inherent_C", "data_problem") in alone.causes


def test_an_event_without_a_method_is_graded_by_that_of_its_point() -> None:
    point = read_one(method="lec", risk_events=[{"L": 3, "E": 6, "C": 15}])
    assert point.grade("residual").level == 2


def test_columns_may_bear_chinese_names() -> None:
    point = read_one(评价方法="LEC", 可能性L="3", E值=6, 后果C=15, 管控层级="班组")
    assert point.grade("residual").level == 2
    assert point.control_level is ControlLevel.TEAM


def test_an_event_without_factors_is_covered_by_the_score_of_its_point() -> None:
    bare = {"id": "E1", "accident_type": "火灾"}
    scored = read_one(**LARGER, risk_events=[bare])
    assert scored.grade("residual").level == 2
    # One factor was given: somebody began to score it, and what is missing counts.
    begun = read_one(**LARGER, risk_events=[bare | {"L": "10"}])
    assert begun.grade("residual").level is None
    # Where the point has no score of its own its events must have one.
    of_events = read_one(method="lec", risk_events=[{"id": "E2", "L": "1", "E": "1", "C": "1"}, bare])
    assert of_events.grade("residual").level is None
