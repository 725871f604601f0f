"""The worst of several grades, decided or open."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualprev_rules.facts.possible import Cause
from dualprev_rules.risk import ControlLevel, RiskGrade, worst

CAUSE = Cause("enterprise.risk_points[1].C")
OTHER = Cause("enterprise.risk_points[2].C")


def grade(*possible: int, cause: Cause = CAUSE) -> RiskGrade:
    """Return a grade; an open one has a cause."""
    return RiskGrade(possible, frozenset((cause,)) if len(possible) > 1 else frozenset())


@pytest.mark.parametrize(
    ("grades", "expected"),
    [
        ([grade(3), grade(2), grade(4)], grade(2)),
        # A red point decides, whatever the others are.
        ([grade(1), grade(1, 2, 3, 4)], grade(1)),
        # An open point that can only be milder changes nothing.
        ([grade(2), grade(3, 4)], grade(2)),
        # Nothing milder than the mildest that one of them surely has.
        ([grade(2), grade(1, 2, 3, 4)], grade(1, 2)),
        ([grade(3), grade(1, 4)], grade(1, 3)),
        ([grade(4), grade(2, 4)], grade(2, 4)),
    ],
)
def test_the_worst_counts(grades: list[RiskGrade], expected: RiskGrade) -> None:
    assert worst(grades) == expected


def test_of_nothing_there_is_no_worst() -> None:
    assert worst([]) is None


def test_only_what_can_make_it_worse_is_a_cause() -> None:
    found = worst([grade(2, 3), grade(3, 4, cause=OTHER)])
    assert found == grade(2, 3)


@given(st.lists(st.sets(st.integers(1, 4), min_size=1), min_size=1, max_size=4))
def test_the_worst_holds_exactly_what_the_completions_give(drawn: list[set[int]]) -> None:
    found = worst([grade(*sorted(possible)) for possible in drawn])
    assert found is not None
    assert set(found.possible) == {min(chosen) for chosen in product(*drawn)}
    assert bool(found.causes) == (found.level is None)


def test_all_levels_below_the_highest_act_too() -> None:
    assert [level.member for level in ControlLevel.WORKSHOP.acting] == ["workshop", "team", "post"]
    assert ControlLevel.COMPANY.acting == tuple(ControlLevel)
