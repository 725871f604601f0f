"""What a change does to outcomes and grades, and why."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from dualprev_rules.result.difference import Difference, difference
from tests.engines import loaded

ENGINE = loaded("chemicals")
SITE: dict[str, Any] = {
    "enterprise": {
        "units": [
            {
                "id": "U1",
                "name": "氯库",
                "kind": "storage",
                "exposed_people": 0,
                "substances": [{"name": "氯", "cas": "7782-50-5", "quantity": "4 t"}],
                "risk_points": [{"id": "R1", "name": "钢瓶", "method": "lec", "L": 3, "E": 6, "C": 3}],
            },
            {"id": "U2", "name": "泵房", "substances": [], "risk_points": [{"id": "R2", "name": "泵"}]},
        ]
    }
}


def changed(**unit: Any) -> Difference:
    """Return the difference that a change of the first unit makes."""
    after = copy.deepcopy(SITE)
    after["enterprise"]["units"][0] |= unit
    return difference(ENGINE.assess(SITE), ENGINE.assess(after))


def test_nothing_changes_where_nothing_does() -> None:
    same = changed()
    assert (same.facts, same.outcomes, same.grades, same.to_assess) == ((), (), (), ())


def test_more_chlorine_than_its_critical_quantity_makes_duties_apply_and_says_why() -> None:
    # GB 18218-2018 table 1: 5 t of chlorine.
    found = changed(substances=[{"name": "氯", "cas": "7782-50-5", "quantity": "6 t"}])
    quantity = "enterprise.units[U1].substances[1].quantity"
    assert [(f.path, f.before, f.after) for f in found.facts] == [(quantity, "4", "6")]
    assert found.outcomes
    assert all(quantity in change.because for change in found.outcomes)
    assert {change.before for change in found.outcomes} == {"not_applicable"}
    assert [point.name for point in found.to_assess] == ["钢瓶"]


def test_a_change_within_the_bounds_changes_a_fact_and_no_outcome() -> None:
    found = changed(substances=[{"name": "氯", "cas": "7782-50-5", "quantity": "4.9 t"}])
    assert len(found.facts) == 1
    assert found.outcomes == ()


def test_a_grade_that_moves_is_shown_with_the_places_above_it() -> None:
    found = changed(risk_points=[{"id": "R1", "name": "钢瓶", "method": "lec", "L": 10, "E": 6, "C": 15}])
    assert found.grades[-1].path.endswith("risk_points[R1]")
    # D goes from 54 to 900; the enterprise was open at worst major already, since R2 is not assessed.
    levels = {
        g.path: (g.before.possible if g.before else (), g.after.possible if g.after else ())
        for g in found.grades
    }
    assert levels["enterprise.units[U1]"] == ((4,), (1,))
    assert levels["enterprise"] == ((1, 2, 3, 4), (1,))


def test_a_record_that_is_taken_away_and_one_that_comes() -> None:
    after = copy.deepcopy(SITE)
    del after["enterprise"]["units"][1]
    gone = difference(ENGINE.assess(SITE), ENGINE.assess(after))
    assert {f.path: (f.before, f.after) for f in gone.facts}["enterprise.units"] == (2, 1)
    assert all(change.after is None for change in gone.outcomes if "U2" in change.path)
    come = difference(ENGINE.assess(after), ENGINE.assess(SITE))
    assert all(change.before is None for change in come.outcomes if "U2" in change.path)


def test_the_worse_ones_stand_first_and_json_holds_them_all() -> None:
    found = changed(substances=[{"name": "氯", "cas": "7782-50-5"}])
    flags = [change.worse for change in found.outcomes]
    assert flags == sorted(flags, reverse=True)
    written = found.to_json()
    assert len(written["outcomes"]) == len(found.outcomes)
    assert {each["after"] for each in written["outcomes"] if each["worse"]} == {"undetermined"}


def between(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Difference:
    """Return the difference of two enterprises by their units."""
    old, new = (ENGINE.assess({"enterprise": {"name": "甲厂", "units": units}}) for units in (before, after))
    return difference(old, new)


BARE = {"id": "U1", "name": "氯库"}
LITTLE = {"id": "S1", "name": "氯", "cas": "7782-50-5", "quantity": "1 t"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([BARE], [BARE, {"id": "U2", "name": "泵房"}]),
        ([BARE, {"id": "U2", "name": "泵房"}], [BARE]),
        ([BARE], [BARE | {"kind": "storage"}]),
        ([BARE | {"kind": "storage"}], [BARE | {"kind": "storage", "substances": [LITTLE]}]),
        (
            [BARE | {"kind": "storage", "substances": [LITTLE]}],
            [BARE | {"kind": "storage", "substances": {"items": [LITTLE], "complete": False}}],
        ),
    ],
)
def test_a_unit_whose_substances_are_not_known_as_a_whole(
    before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> None:
    found = between(before, after)
    assert found.facts
    assert found.outcomes


def test_a_list_that_is_no_longer_whole_is_a_change_and_opens_grades() -> None:
    points = [{"id": "R1", "name": "钢瓶", "method": "lec", "L": 3, "E": 6, "C": 3}]
    found = changed(risk_points={"items": points, "complete": False})
    assert [(f.path, f.before, f.after) for f in found.facts] == [
        ("enterprise.units[U1].risk_points", 1, {"at_least": 1})
    ]
    assert {g.path for g in found.grades} == {"enterprise.units[U1]"}
    assert all(g.worse for g in found.grades)
    assert [point.name for point in found.to_assess] == ["钢瓶"]


NAMED: dict[str, Any] = {"name": "泵", "method": "lec"}
MILD: dict[str, Any] = {"name": "阀", "method": "lec", "L": 1, "E": 1, "C": 1}


def test_a_record_that_complies_is_no_worse_when_it_comes_and_no_better_when_it_goes() -> None:
    unit = BARE | {"kind": "storage", "substances": [LITTLE], "risk_points": [MILD]}
    second = unit | {"id": "U2", "name": "二库", "has_emergency_stop": True}
    come, gone = between([unit], [unit, second]), between([unit, second], [unit])
    settled = {"compliant", "not_applicable"}
    new = [o for o in come.outcomes if o.before is None and o.after in settled]
    assert {o.after for o in new} == settled
    assert {(o.worse, o.better) for o in new} == {(False, False)}
    assert {(g.worse, g.basis) for g in come.grades} == {(False, "residual")}
    assert {(o.worse, o.better) for o in gone.outcomes if o.before in settled} == {(False, False)}
    # What a new record leaves open may be a breach, and is worse; what is gone with it was.
    opened = [o for o in come.outcomes if o.before is None and o.after == "undetermined"]
    assert opened
    assert all(o.worse for o in opened)
    assert all(o.better for o in gone.outcomes if o.before == "undetermined" and o.after is None)


def test_a_new_point_is_worse_unless_it_is_of_the_mildest_grade() -> None:
    points = [NAMED | MILD, NAMED | {"L": 10, "E": 6, "C": 15}, NAMED]
    for point, worse in zip(points, (False, True, True), strict=True):
        found = between([BARE | {"risk_points": []}], [BARE | {"risk_points": [point]}])
        assert {g.worse for g in found.grades} == {worse}


def test_classifications_that_change_are_told_with_what_is_worse() -> None:
    found = changed(substances=[{"name": "氯", "cas": "7782-50-5", "quantity": "600 t"}])
    levels = {c.fact.definition.name: c for c in found.classes}
    level = levels["hazard_level"]
    assert (level.before and level.before.value, level.after and level.after.value) == (None, "1")
    assert level.worse
    assert levels["is_major_hazard_installation"].after
    # Of yes and no it is not known which is worse.
    assert not levels["is_major_hazard_installation"].worse
    assert found.to_json()["classifications"]


def test_inherent_grades_change_beside_residual_ones() -> None:
    point = {"id": "R1", "name": "钢瓶", "method": "lec", "L": 3, "E": 6, "C": 3}
    factors = ({"L": 3, "E": 6, "C": 15}, {"L": 10, "E": 10, "C": 100})
    inherent = [point | {f"inherent_{name}": value for name, value in each.items()} for each in factors]
    before, after = ([{**BARE, "risk_points": [each]}] for each in inherent)
    found = between(before, after)
    assert {g.basis for g in found.grades} == {"inherent"}
    assert all(g.worse for g in found.grades)


def test_what_cannot_be_read_after_the_change_is_told() -> None:
    found = changed(is_in_servce=True)
    assert found.facts == ()
    assert [fault.path for fault in found.problems] == ["enterprise.units[U1].is_in_servce"]
    assert found.problem_counts == (0, 1)
    assert found.to_json()["data_problems"]["new"][0]["path"] == "enterprise.units[U1].is_in_servce"


def test_a_grade_that_gets_worse_makes_the_change_worse_and_a_milder_one_does_not() -> None:
    worse = changed(risk_points=[{"id": "R1", "name": "钢瓶", "method": "lec", "L": 6, "E": 6, "C": 15}])
    assert worse.outcomes == ()
    assert worse.worse
    milder = changed(risk_points=[{"id": "R1", "name": "钢瓶", "method": "lec", "L": 1, "E": 1, "C": 1}])
    assert not milder.worse


def of_points(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Difference:
    """Return the difference of two units by their risk points, which have no id."""
    return between([BARE | {"risk_points": before}], [BARE | {"risk_points": after}])


NAMELESS: list[dict[str, Any]] = [{"method": "lec", "L": 3, "E": 6, "C": score} for score in (1, 7, 15)]
UNIT = "enterprise.units[U1].risk_points"


def test_of_records_without_an_id_what_is_equal_is_the_same_wherever_it_stands() -> None:
    found = of_points(NAMELESS, NAMELESS[1:])
    assert [(f.path, f.before, f.after) for f in found.facts if f.path == UNIT] == [(UNIT, 3, 2)]
    # The facts of the first alone are gone; the others are as they were, a place further up.
    assert {(f.path, f.after) for f in found.facts} - {(UNIT, 2)} == {
        (f"{UNIT}[1].{name}", None) for name in ("method", "L", "E", "C")
    }
    assert {g.path for g in found.grades if g.path.startswith(UNIT)} == {f"{UNIT}[1]"}
    assert found.by_position == ()
    turned = of_points(NAMELESS, NAMELESS[::-1])
    assert (turned.facts, turned.grades, turned.by_position) == ((), (), ())


def test_of_records_without_an_id_the_name_says_which_is_which() -> None:
    named = [point | {"name": name} for point, name in zip(NAMELESS, "甲乙丙", strict=True)]
    found = of_points(named, [named[2], named[1] | {"C": 40}])
    assert {(f.path, f.before, f.after) for f in found.facts if f.path.endswith(".C")} == {
        (f"{UNIT}[2].C", "7", "40"),
        (f"{UNIT}[1].C", "1", None),
    }
    assert found.by_position == ()
    assert {g.path: g.after and g.after.possible for g in found.grades}[f"{UNIT}[2]"] == (1,)


def test_of_equal_ones_that_which_has_kept_its_place_is_the_same() -> None:
    found = of_points([NAMELESS[0], NAMELESS[1]], [NAMELESS[1], NAMELESS[1]])
    assert [(f.path, f.before, f.after) for f in found.facts] == [(f"{UNIT}[1].C", "1", "7")]
    assert [(pair.before.path, pair.after.path) for pair in found.by_position] == [
        (f"{UNIT}[1]", f"{UNIT}[1]")
    ]


def test_what_rests_on_its_position_alone_is_told() -> None:
    found = of_points(NAMELESS, [NAMELESS[2], NAMELESS[0] | {"C": 40}])
    assert [(pair.before.path, pair.after.path) for pair in found.by_position] == [
        (f"{UNIT}[1]", f"{UNIT}[2]")
    ]
    assert found.to_json()["by_position"] == [{"before": f"{UNIT}[1]", "after": f"{UNIT}[2]"}]
    # What was the second is gone, and shown by the path that it had.
    told = [(f.before, f.after) for f in found.facts if f.path == f"{UNIT}[2].C"]
    assert told == [("1", "40"), ("7", None)]


def test_which_of_two_values_is_worse_is_told_where_the_rules_agree() -> None:
    tank = {"id": "T1", "kind": "pressure_tank", "has_emergency_shutoff": True}
    unit = BARE | {"kind": "storage", "tanks": [tank], "has_video_surveillance": False}
    after = unit | {"tanks": [tank | {"has_emergency_shutoff": False}], "has_video_surveillance": True}
    told = {f.path.rpartition(".")[2]: f.worse for f in between([unit], [after]).facts}
    assert told == {"has_emergency_shutoff": True, "has_video_surveillance": False}
    back = {f.path.rpartition(".")[2]: f.worse for f in between([after], [unit]).facts}
    assert back == {name: not worse for name, worse in told.items()}
    # A member of a closed list, and what was not given before, are neither.
    other = between([unit], [unit | {"kind": "production", "has_emergency_stop": True}])
    assert {f.worse for f in other.facts} == {None}
    assert other.to_json()["facts"][0]["worse"] is None


def test_figures_have_their_unit() -> None:
    found = changed(substances=[{"name": "氯", "cas": "7782-50-5", "quantity": "6 t"}])
    assert [f.unit for f in found.facts] == ["t"]
