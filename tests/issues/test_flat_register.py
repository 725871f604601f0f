"""A register of the enterprise alone: places that nobody listed may hold worse points."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engines import loaded

ENGINE = loaded("chemicals")
LOW = {"id": "R", "name": "点", "method": "lec", "L": 6, "E": 10, "C": 1}


def _grade(**enterprise: Any) -> Any:
    return ENGINE.assess({"enterprise": {"risk_points": [LOW], **enterprise}}).document()["grade"]


@pytest.mark.parametrize("absent", [{}, {"units": None, "sites": None, "areas": None}])
def test_absent_places_leave_the_grade_open(absent: dict[str, Any]) -> None:
    grade = _grade(**absent)
    assert (grade["level"], grade["possible"], grade["hatched"]) == (None, [1, 2, 3, 4], True)
    assert grade["colour"] == "red"
    assert grade["missing"] == ["enterprise.areas", "enterprise.sites", "enterprise.units"]


def test_places_that_are_said_to_be_none_close_it() -> None:
    grade = _grade(units=[])
    assert (grade["level"], grade["colour"], grade["hatched"]) == (4, "blue", False)
