"""The grades and classifications that differ between two results of one enterprise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from dualprev_rules.evaluate.render import unit_name
from dualprev_rules.facts.types import Enum, Number, Type
from dualprev_rules.problems import Words
from dualprev_rules.result.result import DerivedFact, Result
from dualprev_rules.risk.grades import GRADES, RiskGrade
from dualprev_rules.risk.profile import Basis

_NO_GRADE = (len(GRADES),)
"""What is not there, or holds no risk point, is as mild as the mildest grade."""


@dataclass(frozen=True, slots=True)
class GradeChange:
    """A risk point or place whose grade on one basis differs."""

    path: str
    name: str | None
    basis: Basis
    before: RiskGrade | None
    after: RiskGrade | None

    @property
    def worse(self) -> bool:
        """True where the worst or the mildest that it may be is a worse grade than before."""
        return _worse(possible(self.before) or _NO_GRADE, possible(self.after) or _NO_GRADE)


@dataclass(frozen=True, slots=True)
class ClassChange:
    """A classification of a record that differs, such as the level of a major hazard installation."""

    before: DerivedFact | None
    after: DerivedFact | None
    called: Mapping[str, Words]
    """What the members in its values are called."""

    @property
    def fact(self) -> DerivedFact:
        """The classification, after the change where it is there still."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def unit(self) -> str:
        """The unit of its values."""
        kind = self.fact.definition.type
        return unit_name(kind) if isinstance(kind, Number) else ""

    @property
    def worse(self) -> bool:
        """True where it is known which member is worse, and the worst or the mildest possible is."""
        kind = self.fact.definition.type
        before, after = _ranks(self.before, kind), _ranks(self.after, kind)
        return bool(before and after) and _worse(before, after)

    def to_json(self) -> dict[str, Any]:
        """Return the change as JSON values."""
        return {
            "key": self.fact.key,
            "label": self.fact.definition.label.to_json(),
            "path": self.fact.record.path,
            "unit": self.unit,
            "called": {member: words.to_json() for member, words in self.called.items()},
            "before": _json(self.before),
            "after": _json(self.after),
            "worse": self.worse,
        }


def grade_changes(before: Result, after: Result, same: Callable[[str], str]) -> Iterator[GradeChange]:
    """Yield the places and points whose grade differs: first on the basis that the profile counts.

    ``same`` gives for the path of a record after the change the one before it.
    """
    counted = after.profile.basis
    bases: tuple[Basis, ...] = ("residual", "inherent")
    for basis in sorted(bases, key=lambda each: each != counted):
        old = _graded(before, basis)
        new = {same(path): (path, *graded) for path, graded in _graded(after, basis).items()}
        for path in [*old, *(path for path in new if path not in old)]:
            name, was = old.get(path, (None, None))
            shown, called, now = new.get(path, (path, None, None))
            known = {possible(was), possible(now)}
            # Of what comes or goes and was graded on the other basis alone, nothing is known on this one.
            if len(known) == 2 and (basis == counted or known != {(), GRADES}):
                yield GradeChange(shown, called or name, basis, was, now)


def class_changes(before: Result, after: Result, same: Callable[[str], str]) -> Iterator[ClassChange]:
    """Yield the classifications that differ, or are of a record that only one of the results has."""
    old, new = (
        {
            (of(fact.record.path), fact.definition.name): fact
            for fact in result.derived.values()
            if fact.definition.classification
        }
        for result, of in ((before, str), (after, same))
    )
    for key in [*old, *(key for key in new if key not in old)]:
        was, now = old.get(key), new.get(key)
        if _shown(was) != _shown(now):
            called = {**_called(before, was), **_called(after, now)}
            yield ClassChange(was, now, called)


def possible(grade: RiskGrade | None) -> tuple[int, ...]:
    """Return what a grade may be; nothing where there is none."""
    return grade.possible if grade is not None else ()


def _graded(result: Result, basis: Basis) -> Mapping[str, tuple[str | None, RiskGrade | None]]:
    if result.place is None:
        return {}
    found: dict[str, tuple[str | None, RiskGrade | None]] = {}
    for place in result.place.all_places():
        found[place.path] = place.name, place.grade(basis)
        found |= {point.path: (point.name, point.grade(basis)) for point in place.points}
    return found


def _called(result: Result, fact: DerivedFact | None) -> Mapping[str, Words]:
    return (result.called(fact) or {}) if fact is not None else {}


def _shown(fact: DerivedFact | None) -> tuple[Any, bool] | None:
    return None if fact is None else (fact.value, fact.open)


def _json(fact: DerivedFact | None) -> dict[str, Any] | None:
    return None if fact is None else {"value": fact.value, "open": fact.open}


def _ranks(fact: DerivedFact | None, kind: Type) -> tuple[int, ...]:
    """Return the positions in a type that a value may have, the worst first; nothing where none is worse.

    That a classification has no value, or is not there, is milder than any of its members.
    """
    if not isinstance(kind, Enum) or not kind.ordered:
        return ()
    shown: Any = fact.value if fact is not None else None
    members: list[str | None] = [shown]
    if isinstance(shown, dict):
        still = cast("dict[str, Any]", shown)
        members = still["values"] + [None] * ("or_none" in still)
    every = (*kind.members, None)
    return tuple(rank for rank, member in enumerate(every) if member in members)


def _worse(before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    return after[0] < before[0] or after[-1] < before[-1]
