"""What a change does: the facts that differ, the outcomes and grades that changed because of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dualprev_rules.evaluate import Outcome
from dualprev_rules.evaluate.explain import Reason
from dualprev_rules.evaluate.render import render, unit_name
from dualprev_rules.facts.record import Facts
from dualprev_rules.facts.types import ListOf, Number
from dualprev_rules.pack.model import Rule
from dualprev_rules.problems import Problem, Words
from dualprev_rules.result.grade_changes import (
    ClassChange,
    GradeChange,
    class_changes,
    grade_changes,
    possible,
)
from dualprev_rules.result.result import Result
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
    unit: str = ""


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
class Difference:
    """Two results of one enterprise, before a change and after it."""

    facts: tuple[FactChange, ...]
    outcomes: tuple[OutcomeChange, ...]
    """The worse ones first."""
    grades: tuple[GradeChange, ...]
    classes: tuple[ClassChange, ...]
    to_assess: tuple[RiskPoint, ...]
    """Risk points in the places that change: to be assessed again before the change is made."""
    problems: tuple[Problem, ...]
    """What is wrong with the data after the change, and was not before."""
    problem_counts: tuple[int, int]
    """How much is wrong with the data before, and after."""

    @property
    def worse(self) -> bool:
        """True where an outcome, a grade or a classification gets worse."""
        return any(change.worse for change in (*self.outcomes, *self.grades, *self.classes))

    def to_json(self) -> dict[str, Any]:
        """Return the difference as JSON values."""
        return {
            "facts": [
                {
                    "path": f.path,
                    "label": f.label.to_json(),
                    "unit": f.unit,
                    "before": f.before,
                    "after": f.after,
                }
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
                    "basis": g.basis,
                    "before": list(possible(g.before)),
                    "after": list(possible(g.after)),
                    "worse": g.worse,
                }
                for g in self.grades
            ],
            "classifications": [c.to_json() for c in self.classes],
            "to_assess": [{"path": point.path, "name": point.name} for point in self.to_assess],
            "data_problems": {
                "before": self.problem_counts[0],
                "after": self.problem_counts[1],
                "new": [fault.to_json() for fault in self.problems],
            },
        }


def difference(before: Result, after: Result) -> Difference:
    """Compare two results, by the paths of their records: give records an ``id`` for this.

    The facts on which an outcome rests are those of its explanation.
    """
    facts = tuple(_facts(before.facts, after.facts))
    changed = {change.path for change in facts}
    outcomes = sorted(_outcomes(before, after, changed), key=_pressing)
    return Difference(
        facts=facts,
        outcomes=tuple(outcomes),
        grades=tuple(grade_changes(before, after)),
        classes=tuple(class_changes(before, after)),
        to_assess=tuple(_touched(after, changed)),
        problems=tuple(_new_problems(before, after)),
        problem_counts=(len(before.data_problems), len(after.data_problems)),
    )


def _new_problems(before: Result, after: Result) -> Iterator[Problem]:
    """Yield the problems of the data that only ``after`` has, wherever they stand in its file."""
    known = {(fault.code, fault.path, fault.text("en")) for fault in before.data_problems}
    for fault in after.data_problems:
        if (fault.code, fault.path, fault.text("en")) not in known:
            yield fault


def _facts(before: Facts, after: Facts) -> Iterator[FactChange]:
    old, new = _given(before), _given(after)
    for path in [*old, *(path for path in new if path not in old)]:
        was, now = old.get(path), new.get(path)
        change = was or now
        if change is not None and was != now:
            yield replace(change, before=was and was.after, after=now and now.after)


def _given(facts: Facts) -> dict[str, FactChange]:
    """Return every fact that was given, by its path, as if nothing had been before.

    A list is the number of its records: where it may hold more of them, so many at least.
    """
    found: dict[str, FactChange] = {}
    for record in facts.records():
        if record.phantom:
            continue
        for name, fact in record.facts.items():
            attribute, path = record.entity.attributes[name], f"{record.path}.{name}"
            kind = attribute.type
            if isinstance(kind, ListOf):
                given = fact.value.possible.records or fact.value.possible.complete
            else:
                given = fact.given is not None
            if given:
                unit = unit_name(kind) if isinstance(kind, Number) else ""
                found[path] = FactChange(path, attribute.label, None, render(fact.value, kind), unit)
    return found


def _outcomes(before: Result, after: Result, changed: set[str]) -> Iterator[OutcomeChange]:
    old, new = _by_key(before), _by_key(after)
    meant = _by_reference(before), _by_reference(after)
    for key in [*old, *(key for key in new if key not in old)]:
        was, now = old.get(key), new.get(key)
        if _code(was) == _code(now):
            continue
        one = now or was
        assert one is not None
        rests: set[str] = set()
        for result, outcome, named in ((before, was, meant[0]), (after, now, meant[1])):
            if outcome is not None:
                rests |= _rests_on(result, named, result.explain(outcome))
        because = tuple(sorted(rests & changed))
        yield OutcomeChange(one.rule, one.record.path, _code(was), _code(now), because)


def _by_key(result: Result) -> dict[tuple[str, str], Outcome]:
    known = (outcome for outcome in result.outcomes if not outcome.record.phantom)
    return {(outcome.rule.id, outcome.record.path): outcome for outcome in known}


def _by_reference(result: Result) -> Mapping[str, list[Outcome]]:
    """Return the outcomes as reasons point to them."""
    found: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in result.outcomes:
        found[f"{outcome.record.short}: {outcome.rule.id}"].append(outcome)
    return found


def _code(outcome: Outcome | None) -> str | None:
    if outcome is None:
        return None
    return "presumed" if outcome.presumed else outcome.code


def _rests_on(result: Result, named: Mapping[str, list[Outcome]], reasons: Iterable[Reason]) -> set[str]:
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
        else:  # a rule; or a definition of records that a list may hold beside those given
            waiting += [each for outcome in named.get(reason.see, ()) for each in result.explain(outcome)]
    return found


def _pressing(change: OutcomeChange) -> tuple[bool, int, str, str]:
    return not change.worse, _WORST_FIRST.index(change.after), change.rule.id, change.path


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
