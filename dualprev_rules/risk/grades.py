"""Risk grades, decided or still open, and the worst of several."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dualprev_rules.facts.possible import Absent, Cause, Value

MAJOR = 1
LOW = 4
GRADES = (1, 2, 3, 4)
"""1 is the worst, always."""


@dataclass(frozen=True, slots=True)
class RiskGrade:
    """A grade from 1 (the worst) to 4: all that it may still be, and what leaves it open."""

    possible: tuple[int, ...]
    """Sorted, never empty."""
    causes: frozenset[Cause] = frozenset()
    """Empty where the grade is decided."""

    @property
    def level(self) -> int | None:
        """The grade, or None while it is open."""
        return self.possible[0] if len(self.possible) == 1 else None

    @property
    def at_worst(self) -> int:
        """The worst that it may be."""
        return self.possible[0]

    @property
    def at_best(self) -> int:
        """The mildest that it may be."""
        return self.possible[-1]


def open_grade(*causes: Cause) -> RiskGrade:
    """Return the grade of which nothing is known, because of ``causes``."""
    return RiskGrade(GRADES, frozenset(causes))


def read_grade(value: Value, gap: str) -> RiskGrade:
    """Read the grade that bands gave; ``gap`` names the bands where they have none for a result.

    A result in a gap of bands that are not monotone has no grade in the source, so that nothing
    milder than the worst may be relied on: all four stay possible, for that reason.
    """
    if value.absent is Absent.NEVER:
        possible = tuple(sorted(int(member) for member in value.possible))
        return RiskGrade(possible, frozenset() if len(possible) == 1 else value.causes)
    missing = frozenset(cause for cause in value.causes if cause.reason != "gap")
    return RiskGrade(GRADES, missing or frozenset((Cause(gap, "gap"),)))


def worst(grades: Iterable[RiskGrade]) -> RiskGrade | None:
    """Return the worst of ``grades`` as far as it is decided; None where there are none.

    >>> worst([RiskGrade((2,)), RiskGrade((3, 4))])
    RiskGrade(possible=(2,), causes=frozenset())
    """
    given = list(grades)
    if not given:
        return None
    bound = min(grade.at_best for grade in given)
    possible = tuple(sorted({n for grade in given for n in grade.possible if n <= bound}))
    causes = frozenset(cause for grade in given if grade.at_worst < bound for cause in grade.causes)
    return RiskGrade(possible, causes)
