"""Grades of different kinds stand side by side: none is made of another, and a hidden hazard changes none."""

from __future__ import annotations

from typing import Any

from tests.engines import loaded

ENGINE = loaded("chemicals")
POINT = {"id": "1", "method": "lec", "L": 1, "E": 6, "C": 1}
CHLORINE = {"name": "氯", "cas": "7782-50-5", "quantity": "1000 t"}


def graded(**enterprise: Any) -> tuple[int | None, Any, Any, int]:
    """Return the worst risk point, the diagnosis, the installation's level, and the major hazards found."""
    unit = {"id": "U", "kind": "storage", "exposed_people": 0, "substances": [CHLORINE]}
    given = {"chemical_activities": ["production"], "units": [{**unit, "risk_points": [POINT]}]}
    result = ENGINE.assess({"enterprise": given | enterprise})
    grade = result.grade
    assert grade is not None
    derived = result.derived
    colour, level = (derived[key].value for key in ("enterprise.diagnostic_colour", "unit[U].hazard_level"))
    return grade.level, colour, level, result.count("major")


def test_the_worst_point_the_diagnosis_and_the_installation_each_keep_their_own() -> None:
    risk, colour, level, _ = graded(diagnostic_score=50)
    assert (risk, colour, level) == (4, "red", "1")


def test_a_better_diagnosis_changes_nothing_but_itself() -> None:
    risk, _, level, _ = graded(diagnostic_score=95)
    assert (risk, level) == (4, "1")


def test_a_major_hidden_hazard_does_not_change_the_grade_of_a_risk() -> None:
    persons = [{"id": "P", "duties": ["principal"], "certificates": []}]
    *_, found = graded(diagnostic_score=50, persons=persons)
    assert found > graded(diagnostic_score=50)[3]
    assert graded(diagnostic_score=50, persons=persons)[0] == 4
