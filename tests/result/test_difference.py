"""What a change does to outcomes and grades, and why."""

from __future__ import annotations

import copy
from typing import Any

from dualprev_rules import Engine
from dualprev_rules.result.difference import Difference, difference

ENGINE = Engine.load(packs=["chemicals"], as_of="2026-11-21")
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
