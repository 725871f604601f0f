"""Warnings over many enterprises: what was pooled, what recurs, and who must know.

From which figure on a warning is raised, at which level and to whom is the regulator's policy, a file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from dualprev_rules.control.recurrence import RecurrencePolicy
from dualprev_rules.problems import DualprevError, Problem, Words, nearest, problem
from dualprev_rules.supervision.files import Strict, read_model, read_table
from dualprev_rules.supervision.judged import is_run, run_breaches
from dualprev_rules.supervision.pool import Area, By, areas_of, by_name, trend
from dualprev_rules.supervision.roster import Enterprise, spelled

Measure = Literal[
    "grade_1", "grade_2_or_worse", "not_reported", "not_decided", "worsened", "gone", "same_problem"
]


class WarningRule(Strict):
    """When to warn, how urgently, and whom."""

    warning: str = Field(min_length=1)
    level: int = Field(ge=1, le=4)
    """1 red, 2 orange, 3 yellow, 4 blue: the colours of warnings, not of risk grades."""
    measure: Measure
    at_least: int = Field(ge=1)
    """From so many enterprises in one area on."""
    audience: tuple[Words, ...] = Field(min_length=1)
    """Who is told, besides the enterprises concerned."""


class WarningPolicy(Strict):
    """A regulator's rules for warnings."""

    warnings: tuple[WarningRule, ...] = Field(min_length=1)


class Found(Strict):
    """A breach found at an enterprise, as inspections or results give it."""

    enterprise: str = Field(min_length=1)
    rule: str = Field(min_length=1)
    on: date


class _AllFound(Strict):
    found: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Recurring:
    """A breach that comes back: at one enterprise (repeated), or at many (systemic)."""

    kind: Literal["repeated", "systemic"]
    rule: str
    enterprises: tuple[str, ...]
    times: int


@dataclass(frozen=True, slots=True)
class RaisedWarning:
    """A warning: where, why, how urgent and who must know."""

    rule: WarningRule
    area: Area
    enterprises: tuple[str, ...]
    """Those concerned: the ids, sorted."""
    what: str | None = None
    """The rule that is broken, for one problem at many."""

    def to_json(self) -> dict[str, Any]:
        """Return its values; ``must_know`` are the audience of the rule and the enterprises concerned."""
        return {
            "warning": self.rule.warning,
            "level": self.rule.level,
            "measure": self.rule.measure,
            "area": list(self.area),
            "what": self.what,
            "must_know": {
                "audience": [words.to_json() for words in self.rule.audience],
                "enterprises": list(self.enterprises),
            },
        }


def read_found(path: Path) -> tuple[Found, ...]:
    """Read breaches found: rows of ``enterprise``, ``rule`` and ``on``, or the folder of a run over many.

    One that stands twice, at one enterprise and of one day, counts once. Raises DualprevError with every
    fault.
    """
    rows = run_breaches(path) if is_run(path) else read_table(path)
    read = read_model({"found": [dict(row) for row in rows]}, _AllFound)
    once = {(spelled(each.enterprise), spelled(each.rule), each.on): None for each in read.found}
    return tuple(Found(enterprise=at, rule=rule, on=on) for at, rule, on in once)


def found_within(found: Iterable[Found], as_of: date, days: int | None = None) -> tuple[Found, ...]:
    """Return what was found up to ``as_of``, within so many days where they are given: it is the last."""
    first = as_of - timedelta(days=days - 1) if days is not None else date.min
    return tuple(each for each in found if first <= each.on <= as_of)


def found_at(
    found: Iterable[Found], enterprises: Iterable[Enterprise]
) -> tuple[tuple[Found, ...], tuple[Problem, ...]]:
    """Return what was found at enterprises of the rosters, and a problem for each other one that is named."""
    known = {one.id for one in enterprises}
    found = tuple(found)
    strange = Counter(each.enterprise for each in found if each.enterprise not in known)
    told = tuple(
        problem("supervision.found-nobody", severity="warning", given=code, n=n, nearest=nearest(code, known))
        for code, n in sorted(strange.items())
    )
    return tuple(each for each in found if each.enterprise in known), told


def recurring_problems(
    found: Iterable[Found], as_of: date, policy: RecurrencePolicy
) -> tuple[Recurring, ...]:
    """Return what recurred within the policy's days up to ``as_of``, systemic ones first."""
    where: dict[str, dict[str, int]] = {}
    for each in found_within(found, as_of, policy.days):
        counts = where.setdefault(each.rule, {})
        counts[each.enterprise] = counts.get(each.enterprise, 0) + 1
    systemic = [
        Recurring("systemic", rule, tuple(sorted(counts)), sum(counts.values()))
        for rule, counts in sorted(where.items())
        if len(counts) >= policy.systemic
    ]
    repeated = [
        Recurring("repeated", rule, (code,), times)
        for rule, counts in sorted(where.items())
        for code, times in sorted(counts.items())
        if times >= policy.repeated
    ]
    return (*systemic, *repeated)


def raised(
    enterprises: Sequence[Enterprise],
    by: By,
    policy: WarningPolicy,
    *,
    expected: Iterable[Area] = (),
    before: Sequence[Enterprise] | None = None,
    found: Sequence[Found] | None = None,
) -> tuple[RaisedWarning, ...]:
    """Return the warnings that a roster raises, the most urgent first.

    ``worsened`` and ``gone`` need the roster ``before``; ``same_problem`` counts the enterprises of an area
    at which one rule was ``found`` broken. Of an area that is ``expected`` and from which nothing came,
    ``not_reported`` warns whatever its figure. Raises DualprevError where a rule lacks what it counts.
    """
    given = {"worsened": before, "gone": before, "same_problem": found}
    lacking = [
        problem("supervision.not-counted", given=rule.warning, measure=rule.measure)
        for rule in policy.warnings
        if given.get(rule.measure, ()) is None
    ]
    if lacking:
        raise DualprevError(lacking)
    changes = trend(before, enterprises) if before else ()
    worsened = {one.id for one in changes if one.change == "worse"}
    expected = {*expected}
    left = {one.id for one in changes if one.change == "gone"}
    members: dict[Area, list[Enterprise]] = {area: [] for area in expected}
    for one in (*enterprises, *(one for one in before or () if one.id in left)):
        for area in areas_of(one, by):
            members.setdefault(area, []).append(one)
    broken: dict[str, set[str]] = {}
    for each in found or ():
        broken.setdefault(each.rule, set()).add(each.enterprise)
    made: list[RaisedWarning] = []
    for rule in policy.warnings:
        for area, of in sorted(members.items(), key=lambda item: by_name(item[0])):
            if rule.measure == "same_problem":
                sets = {
                    name: ({one.id for one in of} - left) & codes for name, codes in sorted(broken.items())
                }
            else:
                sets = {None: {one.id for one in of if _concerned(rule.measure, one, worsened, left)}}
            silent = rule.measure == "not_reported" and area in expected and all(one.id in left for one in of)
            made += [
                RaisedWarning(rule, area, tuple(sorted(codes)), what)
                for what, codes in sets.items()
                if len(codes) >= rule.at_least or silent
            ]
    return tuple(sorted(made, key=lambda one: one.rule.level))


def _concerned(measure: Measure, one: Enterprise, worsened: set[str], left: set[str]) -> bool:
    if measure == "gone" or one.id in left:
        return measure == "gone" and one.id in left
    match measure:
        case "grade_1":
            return one.grades == (1,)
        case "grade_2_or_worse":
            return one.reported and max(one.grades) <= 2
        case "not_reported":
            return not one.reported
        case "not_decided":
            return len(one.grades) > 1
        case _:
            return one.id in worsened
