"""What a change does: the facts that differ, the outcomes and grades that changed because of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from dualprev_rules.evaluate import Outcome
from dualprev_rules.evaluate.explain import Reason
from dualprev_rules.evaluate.render import render, unit_name
from dualprev_rules.facts.possible import Finite, Value
from dualprev_rules.facts.record import Facts
from dualprev_rules.facts.types import Bool, Date, ListOf, Number, Type
from dualprev_rules.pack.model import Rule
from dualprev_rules.problems import Problem, Words
from dualprev_rules.result.direction import directions
from dualprev_rules.result.grade_changes import (
    ClassChange,
    GradeChange,
    class_changes,
    grade_changes,
    possible,
)
from dualprev_rules.result.pairing import Pair, Pairing
from dualprev_rules.result.result import Result
from dualprev_rules.risk.place import Place
from dualprev_rules.risk.point import RiskPoint

_WORST_FIRST = ("violated", "presumed", "undetermined")
"""What may be a breach; nothing else is nearer to one than another."""


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact that differs; None where it, or the record that holds it, is not there."""

    path: str
    label: Words
    before: Any
    after: Any
    unit: str = ""
    called: Mapping[str, Words] = field(default_factory=dict[str, Words])
    """What the members of its type are called."""
    worse: bool | None = None
    """Of two figures, days, or yes and no: whether the second is worse; None where no rule says."""


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
        return _rank(self.after) < _rank(self.before)

    @property
    def better(self) -> bool:
        """True where it is further from a violation than before: neither, where none was or is possible."""
        return _rank(self.after) > _rank(self.before)


@dataclass(frozen=True, slots=True)
class Difference:
    """Two results of one enterprise, before a change and after it."""

    facts: tuple[FactChange, ...]
    outcomes: tuple[OutcomeChange, ...]
    """The worse ones first, then the better ones."""
    grades: tuple[GradeChange, ...]
    classes: tuple[ClassChange, ...]
    to_assess: tuple[RiskPoint, ...]
    """Risk points in the places that change: to be assessed again before the change is made."""
    by_position: tuple[Pair, ...]
    """Records that are taken for one by their position alone, and differ."""
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
                    "worse": f.worse,
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
                    "better": o.better,
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
            "by_position": [{"before": p.before.path, "after": p.after.path} for p in self.by_position],
            "data_problems": {
                "before": self.problem_counts[0],
                "after": self.problem_counts[1],
                "new": [fault.to_json() for fault in self.problems],
            },
        }


def difference(before: Result, after: Result) -> Difference:
    """Compare two results record by record: by their keys, else what is equal, then by their names.

    What is left of a list is taken for one by its position, and told: give records an ``id``. Paths are
    those after the change, of what is gone those before it. The facts on which an outcome rests are those
    of its explanation.
    """
    pairing = Pairing(before.facts, after.facts)
    changes = list(_facts(before.facts, after, pairing))
    outcomes = sorted(_outcomes(before, after, changes, pairing), key=_pressing)
    changed = {change.new for change in changes}
    return Difference(
        facts=tuple(change.fact for change in changes),
        outcomes=tuple(outcomes),
        grades=tuple(grade_changes(before, after, pairing.same)),
        classes=tuple(class_changes(before, after, pairing.same)),
        to_assess=tuple(_touched(after, changed)),
        by_position=pairing.by_position,
        problems=tuple(_new_problems(before, after)),
        problem_counts=(len(before.data_problems), len(after.data_problems)),
    )


def _new_problems(before: Result, after: Result) -> Iterator[Problem]:
    """Yield the problems of the data that only ``after`` has, wherever they stand in its file."""
    known = {(fault.code, fault.path, fault.text("en")) for fault in before.data_problems}
    for fault in after.data_problems:
        if (fault.code, fault.path, fault.text("en")) not in known:
            yield fault


@dataclass(frozen=True, slots=True)
class _Change:
    """A fact that differs, with its paths before and after, each of which may be of a record that is gone."""

    fact: FactChange
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class _Given:
    """A fact that was given, and what it is among others of its kind: a figure, a day, yes or no."""

    shown: FactChange
    of: tuple[str, str]
    rank: Fraction | None


def _facts(before: Facts, after: Result, pairing: Pairing) -> Iterator[_Change]:
    old, new = _given(before, lambda path: path), _given(after.facts, pairing.same)
    worse = directions(after.ruleset)
    now_at = {pair.before.path: pair.after.path for pair in pairing.pairs}
    was_at = {pair.after.path: pair.before.path for pair in pairing.pairs}
    for key in [*old, *(key for key in new if key not in old)]:
        was, now = old.get(key), new.get(key)
        if was is not None and now is not None and was.shown.after == now.shown.after:
            continue
        if now is not None:
            path = now.shown.path
            record, _, name = path.rpartition(".")
            before_that = was_at.get(record)
            told = _worse(was, now, worse.get(now.of, 0))
            fact = replace(now.shown, before=was and was.shown.after, worse=told)
            yield _Change(fact, f"{before_that}.{name}" if before_that else "", path)
        elif was is not None:
            path = was.shown.path
            record, _, name = path.rpartition(".")
            held = next((now_at[each] for each in _above(record) if each in now_at), "")
            where = f"{held}.{name}"
            shown = where if record in now_at else path
            yield _Change(replace(was.shown, path=shown, before=was.shown.after, after=None), path, where)


def _worse(was: _Given | None, now: _Given, way: int) -> bool | None:
    if was is None or was.rank is None or now.rank is None or not way:
        return None
    return (now.rank - was.rank) * way > 0


def _above(path: str) -> Iterator[str]:
    """Yield the path of a record and those of the records above it."""
    while path:
        yield path
        path, _, _ = path.rpartition(".")


def _given(facts: Facts, same: Callable[[str], str]) -> dict[tuple[str, str], _Given]:
    """Return every fact that was given, by its record and name, as if nothing had been before.

    A list is the number of its records: where it may hold more of them, so many at least.
    """
    found: dict[tuple[str, str], _Given] = {}
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
                change = FactChange(
                    path, attribute.label, None, render(fact.value, kind), unit, attribute.member_labels
                )
                of = record.entity.name, name
                found[same(record.path), name] = _Given(change, of, _figure(fact.value, kind))
    return found


def _figure(value: Value, kind: Type) -> Fraction | None:
    """Return what one figure, day, or yes or no is, to be compared with another; None where it is open."""
    if not value.known or not isinstance(kind, Number | Date | Bool):
        return None
    if isinstance(value.possible, Finite):
        return value.possible.values[0]
    (known,) = value.possible
    return Fraction(known)


def _outcomes(
    before: Result, after: Result, changes: Sequence[_Change], pairing: Pairing
) -> Iterator[OutcomeChange]:
    old, new = _by_key(before, lambda path: path), _by_key(after, pairing.same)
    shown = ({each.old: each.fact.path for each in changes}, {each.new: each.fact.path for each in changes})
    meant = _by_reference(before), _by_reference(after)
    for key in [*old, *(key for key in new if key not in old)]:
        was, now = old.get(key), new.get(key)
        if _code(was) == _code(now):
            continue
        one = now or was
        assert one is not None
        rests: set[str] = set()
        for result, outcome, named, path in zip((before, after), (was, now), meant, shown, strict=True):
            if outcome is not None:
                found = _rests_on(result, named, result.explain(outcome))
                rests |= {path[each] for each in found if each in path}
        because = tuple(sorted(rests))
        yield OutcomeChange(one.rule, one.record.path, _code(was), _code(now), because)


def _by_key(result: Result, same: Callable[[str], str]) -> dict[tuple[str, str], Outcome]:
    known = (outcome for outcome in result.outcomes if not outcome.record.phantom)
    return {(outcome.rule.id, same(outcome.record.path)): outcome for outcome in known}


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


def _pressing(change: OutcomeChange) -> tuple[bool, bool, int, str, str]:
    return not change.worse, not change.better, _rank(change.after), change.rule.id, change.path


def _rank(code: str | None) -> int:
    return _WORST_FIRST.index(code) if code in _WORST_FIRST else len(_WORST_FIRST)


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
