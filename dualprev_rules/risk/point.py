"""Risk points, read from the facts and graded: their events, hazard sources, measures and owner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dualprev_rules.evaluate import Reference
from dualprev_rules.facts.possible import EVERY_TEXT, Cause, Items, Value
from dualprev_rules.facts.record import Record
from dualprev_rules.facts.types import ListOf
from dualprev_rules.pack.model import Bands, GradingMethod
from dualprev_rules.problems import Problem, nearest, problem
from dualprev_rules.risk.grades import RiskGrade, open_grade, worst
from dualprev_rules.risk.grading import Grading, grade_factors, ungraded
from dualprev_rules.risk.level import ControlLevel, read_level
from dualprev_rules.risk.profile import Basis, Profile

ENTITY = "risk_point"
PREFIX: Mapping[Basis, str] = {"residual": "", "inherent": "inherent_"}
"""What stands before the names of factors that are scored on a basis."""


@dataclass(frozen=True, slots=True)
class ControlMeasure:
    """A control measure; None is *not known*."""

    path: str
    name: str | None
    kind: str | None
    in_place: bool | None
    is_effective: bool | None
    owner: str | None


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

    def gradings(self, basis: Basis) -> tuple[Grading, ...]:
        """Return the gradings that count on a basis: its own, where given, and its events'."""
        own: Grading = getattr(self, basis)
        events = tuple(event.residual if basis == "residual" else event.inherent for event in self.events)
        return (own, *events) if own.assessed or not events else events

    def grade(self, basis: Basis) -> RiskGrade:
        """Return the worst of what counts on a basis."""
        grades = [grading.grade for grading in self.gradings(basis)]
        if self.more_events:
            grades.append(open_grade(*self.more_events))
        found = worst(grades)
        assert found is not None
        return found

    def assessed(self, basis: Basis) -> bool:
        """Return whether any factor was given on a basis."""
        return any(grading.assessed for grading in self.gradings(basis))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the factors of the point and its events."""
        gradings = [self.residual, self.inherent]
        for event in self.events:
            gradings += [event.residual, event.inherent]
        return tuple(fault for grading in gradings for fault in grading.problems)


def read_point(reference: Reference, profile: Profile, record: Record) -> RiskPoint:
    """Read and grade the risk point of a record."""
    events = _children(record, "risk_events")
    return RiskPoint(
        path=record.path,
        short=record.short,
        name=text(record, "name"),
        place=record.parent.path if record.parent else "",
        kind=text(record, "kind"),
        residual=_grading(reference, profile, record, "residual"),
        inherent=_grading(reference, profile, record, "inherent"),
        events=tuple(_event(reference, profile, child) for child in events.records),
        hazard_sources=tuple(
            HazardSource(child.path, text(child, "name"), text(child, "factor_class"))
            for child in _children(record, "hazard_sources").records
        ),
        measures=_measures(record),
        department=text(record, "department"),
        owner=text(record, "owner"),
        control_level=read_level(text(record, "control_level") or ""),
        more_events=_said_incomplete(record, "risk_events"),
    )


def text(record: Record, name: str) -> str | None:
    """Return a text or member that is known, else None."""
    if name not in record.entity.attributes:
        return None
    return _only(record.value(name))


def _event(reference: Reference, profile: Profile, record: Record) -> RiskEvent:
    return RiskEvent(
        path=record.path,
        name=text(record, "name"),
        accident_type=text(record, "accident_type"),
        residual=_grading(reference, profile, record, "residual"),
        inherent=_grading(reference, profile, record, "inherent"),
        measures=_measures(record),
    )


def _measures(record: Record) -> tuple[ControlMeasure, ...]:
    return tuple(
        ControlMeasure(
            child.path,
            text(child, "name"),
            text(child, "kind"),
            _truth(child, "in_place"),
            _truth(child, "is_effective"),
            text(child, "owner"),
        )
        for child in _children(record, "measures").records
    )


def _grading(reference: Reference, profile: Profile, record: Record, basis: Basis) -> Grading:
    prefix = PREFIX[basis]
    known = record.entity.attributes
    names = {name for method in reference.ruleset.methods.values() for name in method.factors}
    given = {
        name: fact.given
        for name in names
        if prefix + name in known and (fact := record.fact(prefix + name)).given is not None
    }
    asked = f"{record.path}.method"
    method = text(record, "method")
    if method is None:
        return ungraded(*record.value("method").causes or {Cause(asked)}, assessed=bool(given))
    found = _method(reference, profile, method)
    if found is None:
        methods = tuple(reference.ruleset.methods)
        fault = problem(
            "risk.unknown-method",
            path=asked,
            given=method,
            nearest=nearest(method, methods),
            effect="unknown",
            allowed=" ".join(methods),
        )
        return ungraded(Cause(asked, "data_problem"), assessed=bool(given), problems=(fault,))
    of, bands = found
    if not given:
        return ungraded(*(Cause(f"{record.path}.{prefix}{name}") for name in of.factors))
    factors = {name: record.value(prefix + name) for name in of.factors if prefix + name in known}
    used = {name: shown for name, shown in given.items() if name in of.factors}
    grading = grade_factors(reference, of, bands, factors, record, prefix, used)
    unused = tuple(
        problem(
            "risk.unused-factor",
            severity="note",
            path=f"{record.path}.{prefix}{name}",
            given=given[name],
            effect="unused",
            method=of.title,
            factors=" ".join(of.factors),
        )
        for name in sorted(given.keys() - used.keys())
    )
    return replace(grading, problems=grading.problems + unused)


def _method(reference: Reference, profile: Profile, name: str) -> tuple[GradingMethod, Bands] | None:
    method = reference.ruleset.methods.get(name)
    return None if method is None else (method, profile.bands_of(method))


def _children(record: Record, name: str) -> Items:
    if name not in record.entity.attributes:
        return Items(())
    assert isinstance(record.entity.attributes[name].type, ListOf)
    items = record.value(name).possible
    return items if isinstance(items, Items) else Items(())


def _said_incomplete(record: Record, name: str) -> frozenset[Cause]:
    """Return the cause where a list was given and said not to be all; an absent list says nothing."""
    items = _children(record, name)
    if items.complete or not items.records:
        return frozenset()
    return record.value(name).causes or frozenset((Cause(f"{record.path}.{name}"),))


def _only(value: Value) -> str | None:
    if not value.known or value.possible is EVERY_TEXT:
        return None
    (member,) = value.possible
    return str(member)


def _truth(record: Record, name: str) -> bool | None:
    value = record.value(name)
    return next(iter(value.possible)) if value.known else None
