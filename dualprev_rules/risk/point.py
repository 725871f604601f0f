"""Risk points and what belongs to them: events, hazard sources, measures, owner, gradings."""

from __future__ import annotations

from dataclasses import dataclass

from dualprev_rules.facts.possible import Cause
from dualprev_rules.problems import Problem, Words
from dualprev_rules.risk.grades import MAJOR, RiskGrade, open_grade, worst
from dualprev_rules.risk.grading import Grading
from dualprev_rules.risk.level import ControlLevel
from dualprev_rules.risk.profile import Basis

ENTITY = "risk_point"


@dataclass(frozen=True, slots=True)
class ControlMeasure:
    """A control measure; None is *not known*."""

    path: str
    name: str | None
    kind: str | None
    in_place: bool | None
    is_effective: bool | None
    owner: str | None
    category: Words | None = None
    """Its kind among those that the profile's document lists."""

    @property
    def fails(self) -> bool:
        """True where it is known not to be in place, or not to be effective."""
        return self.in_place is False or self.is_effective is False


@dataclass(frozen=True, slots=True)
class HazardSource:
    """A hazard source of a risk point."""

    path: str
    name: str | None
    factor_class: str | None


@dataclass(frozen=True, slots=True)
class RiskEvent:
    """An event that may happen at a risk point, graded by its own factors."""

    path: str
    name: str | None
    accident_type: str | None
    residual: Grading
    inherent: Grading
    measures: tuple[ControlMeasure, ...]


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """A risk point: graded itself, or through its events, or both; the worst counts.

    Residual gradings are those with the measures in place, inherent ones as if there were none.
    """

    path: str
    short: str
    name: str | None
    place: str
    """The path of the unit, area or enterprise that holds it."""
    kind: str | None
    residual: Grading
    inherent: Grading
    events: tuple[RiskEvent, ...]
    hazard_sources: tuple[HazardSource, ...]
    measures: tuple[ControlMeasure, ...]
    department: str | None
    owner: str | None
    control_level: ControlLevel | None
    more_events: frozenset[Cause] = frozenset()
    """Set where the input says that there may be events that it does not list."""
    directly: tuple[str, ...] = ()
    """The definitions by which the profile calls it a major risk, whatever its factors and measures."""
    perhaps_directly: frozenset[Cause] = frozenset()
    """What leaves open whether another of them does."""
    owned: tuple[Problem, ...] = ()
    """What is wrong with how it is controlled."""

    def gradings(self, basis: Basis) -> tuple[Grading, ...]:
        """Return the gradings that count on a basis: its own, where given, and its events'.

        An event of which no factor was given is covered by the score of the point; where that has none, it
        leaves the grade open.
        """
        own: Grading = getattr(self, basis)
        events = tuple(event.residual if basis == "residual" else event.inherent for event in self.events)
        if own.assessed:
            return (own, *(event for event in events if event.assessed))
        return events or (own,)

    def grade(self, basis: Basis) -> RiskGrade:
        """Return the worst of what counts on a basis.

        A point that the profile calls major directly is so on both: measures do not lower it.
        """
        if self.directly:
            return RiskGrade((MAJOR,))
        grades = [grading.grade for grading in self.gradings(basis)]
        if self.more_events:
            grades.append(open_grade(*self.more_events))
        found = worst(grades)
        assert found is not None
        if self.perhaps_directly and found.level != MAJOR:
            possible = tuple(sorted({MAJOR, *found.possible}))
            return RiskGrade(possible, found.causes | self.perhaps_directly)
        return found

    def assessed(self, basis: Basis) -> bool:
        """Return whether any factor was given on a basis, or its grade follows without."""
        return bool(self.directly) or any(grading.assessed for grading in self.gradings(basis))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the factors of the point and its events, and how it is controlled."""
        gradings = [self.residual, self.inherent]
        for event in self.events:
            gradings += [event.residual, event.inherent]
        return (*self.owned, *(fault for grading in gradings for fault in grading.problems))
