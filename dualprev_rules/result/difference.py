"""What a change does: the facts that differ, the outcomes and grades that changed because of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dualprev_rules.evaluate import Outcome
from dualprev_rules.evaluate.explain import Reason
from dualprev_rules.evaluate.render import render
from dualprev_rules.facts.record import Facts
from dualprev_rules.facts.types import ListOf
from dualprev_rules.pack.model import Rule
from dualprev_rules.problems import Words
from dualprev_rules.result.result import Result
from dualprev_rules.risk.grades import RiskGrade
from dualprev_rules.risk.place import Place
from dualprev_rules.risk.point import RiskPoint

_WORST_FIRST = ("violated", "presumed", "undetermined", "compliant", "not_applicable", None)


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact that differs; None where it, or the record that holds it, is not there."""

    path: str
    label: Words
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class OutcomeChange:
    """An outcome that differs; None where the record is not there, or the rule does not hold."""

    rule: Rule
    path: str
    before: str | None
    after: str | None
    because: tuple[str, ...]
    """The paths of the facts that differ and on which the outcome rests, before or after."""

    @property
    def worse(self) -> bool:
        """True where it is nearer to a violation than before."""
        return _WORST_FIRST.index(self.after) < _WORST_FIRST.index(self.before)


@dataclass(frozen=True, slots=True)
class GradeChange:
    """A risk point or place whose grade differs."""

    path: str
    name: str | None
    before: RiskGrade | None
    after: RiskGrade | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Two results of one enterprise, before a change and after it."""

    facts: tuple[FactChange, ...]
    outcomes: tuple[OutcomeChange, ...]
    """The worse ones first."""
    grades: tuple[GradeChange, ...]
    to_assess: tuple[RiskPoint, ...]
    """Risk points in the places that change: to be assessed again before the change is made."""

    def to_json(self) -> dict[str, Any]:
        """Return the difference as JSON values."""
        return {
            "facts": [
                {"path": f.path, "label": f.label.to_json(), "before": f.before, "after": f.after}
                for f in self.facts
            ],
            "outcomes": [
                {
                    "rule": o.rule.id,
                    "title": o.rule.title.to_json(),
                    "path": o.path,
                    "before": o.before,
                    "after": o.after,
                    "worse": o.worse,
                    "because": list(o.because),
                }
                for o in self.outcomes
            ],
            "grades": [
                {
                    "path": g.path,
                    "name": g.name,
                    "before": list(_possible(g.before)),
                    "after": list(_possible(g.after)),
                }
                for g in self.grades
            ],
            "to_assess": [{"path": point.path, "name": point.name} for point in self.to_assess],
        }


def difference(before: Result, after: Result) -> Difference:
    """Compare two results, by the paths of their records: give records an ``id`` for this.

    The facts on which an outcome rests are those of its explanation.
    """
    facts = tuple(_facts(before.facts, after.facts))
    changed = {change.path for change in facts}
    outcomes = sorted(_outcomes(before, after, changed), key=_pressing)
    return Difference(facts, tuple(outcomes), tuple(_grades(before, after)), tuple(_touched(after, changed)))


def _facts(before: Facts, after: Facts) -> Iterator[FactChange]:
    old, new = _given(before), _given(after)
    for path in [*old, *(path for path in new if path not in old)]:
        label, was = old.get(path, (None, None))
        to, now = new.get(path, (None, None))
        if was != now:
            shown = label or to
            assert shown is not None
            yield FactChange(path, shown, was, now)


def _given(facts: Facts) -> dict[str, tuple[Words, Any]]:
    """Return every fact that was given, by its path, as JSON; a list as the number of its records."""
    found: dict[str, tuple[Words, Any]] = {}
    for record in facts.records():
        if record.phantom:
            continue
        for name, fact in record.facts.items():
            attribute = record.entity.attributes[name]
            if isinstance(attribute.type, ListOf):
                if fact.value.possible.records or fact.value.possible.complete:
                    found[f"{record.path}.{name}"] = attribute.label, len(fact.value.possible.records)
            elif fact.given is not None:
                found[f"{record.path}.{name}"] = attribute.label, render(fact.value, attribute.type)
    return found


def _outcomes(before: Result, after: Result, changed: set[str]) -> Iterator[OutcomeChange]:
    old, new = _by_key(before), _by_key(after)
    for key in [*old, *(key for key in new if key not in old)]:
        was, now = old.get(key), new.get(key)
        if _code(was) == _code(now):
            continue
        one = now or was
        assert one is not None
        rests: set[str] = set()
        for result, outcome in ((before, was), (after, now)):
            if outcome is not None:
                rests |= _rests_on(result, result.explain(outcome))
        because = tuple(sorted(rests & changed))
        yield OutcomeChange(one.rule, one.record.path, _code(was), _code(now), because)


def _by_key(result: Result) -> dict[tuple[str, str], Outcome]:
    known = (outcome for outcome in result.outcomes if not outcome.record.phantom)
    return {(outcome.rule.id, outcome.record.path): outcome for outcome in known}


def _code(outcome: Outcome | None) -> str | None:
    if outcome is None:
        return None
    return "presumed" if outcome.presumed else outcome.code


def _rests_on(result: Result, reasons: Iterable[Reason]) -> set[str]:
    """Return the paths of all facts in an explanation and in those that it points to."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = list(reasons)
    while waiting:
        reason = waiting.pop()
        waiting += reason.because
        found |= {reason.path} if reason.path else set()
        if reason.see is None or reason.see in seen:
            continue
        seen.add(reason.see)
        if reason.see in result.derived:
            waiting += result.explain_derived(reason.see)
        else:
            short, _, rule = reason.see.partition(": ")
            waiting += [each for f in result.find(rule, short) for each in result.explain(f)]
    return found


def _pressing(change: OutcomeChange) -> tuple[bool, int, str, str]:
    return not change.worse, _WORST_FIRST.index(change.after), change.rule.id, change.path


def _grades(before: Result, after: Result) -> Iterator[GradeChange]:
    old, new = _graded(before), _graded(after)
    for path in [*old, *(path for path in new if path not in old)]:
        name, was = old.get(path, (None, None))
        called, now = new.get(path, (None, None))
        if _possible(was) != _possible(now):
            yield GradeChange(path, called or name, was, now)


def _graded(result: Result) -> Mapping[str, tuple[str | None, RiskGrade | None]]:
    if result.place is None:
        return {}
    basis = result.profile.basis
    found: dict[str, tuple[str | None, RiskGrade | None]] = {}
    for place in result.place.all_places():
        found[place.path] = place.name, place.grade(basis)
        found |= {point.path: (point.name, point.grade(basis)) for point in place.points}
    return found


def _possible(grade: RiskGrade | None) -> tuple[int, ...]:
    return grade.possible if grade is not None else ()


def _touched(result: Result, changed: set[str]) -> Iterator[RiskPoint]:
    """Yield the risk points of the innermost places that hold a changed fact."""
    if result.place is None:
        return
    for place in _innermost(result.place, changed):
        yield from place.all_points()


def _innermost(place: Place, changed: set[str]) -> Iterator[Place]:
    """Yield the smallest places that hold the changed facts; a place's own fact touches all below it."""
    own = {path for path in changed if path.startswith(f"{place.path}.")}
    below = [(each, {p for p in own if p.startswith(f"{each.path}.")}) for each in place.places]
    if own - set().union(*(inside for _, inside in below)):
        yield place
        return
    for each, inside in below:
        yield from _innermost(each, inside)
