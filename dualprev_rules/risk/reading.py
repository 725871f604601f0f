"""Read risk points from the facts and grade them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.values import FALSE, TRUE, truth
from dualprev_rules.facts.possible import EVERY_TEXT, Cause, Items, Value
from dualprev_rules.facts.record import Fact, Record
from dualprev_rules.facts.types import ListOf
from dualprev_rules.pack.model import Bands, GradingMethod
from dualprev_rules.problems import Problem, Words, nearest, problem
from dualprev_rules.risk.controls import against_levels
from dualprev_rules.risk.grading import Grading, grade_factors, ungraded
from dualprev_rules.risk.level import read_level
from dualprev_rules.risk.point import ENTITY, ControlMeasure, HazardSource, RiskEvent, RiskPoint
from dualprev_rules.risk.profile import Basis, Profile

PREFIX: Mapping[Basis, str] = {"residual": "", "inherent": "inherent_"}
"""What stands before the names of factors that are scored on a basis."""
DETERMINED: Mapping[str, tuple[str, str, str]] = {
    "major_by_installation": ("in_major_hazard_installation", "unit", "is_major_hazard_installation")
}
"""What is said of a point and determined of a record above it: the fact, that record, its definition."""


def read_point(reference: Reference, profile: Profile, record: Record) -> RiskPoint:
    """Read and grade the risk point of a record."""
    events = _children(record, "risk_events")
    directly, perhaps = _directly(reference, profile, record)
    denied, doubted = _denied(reference, profile, record)
    point = RiskPoint(
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
        directly=tuple(dict.fromkeys((*directly, *(name for name, _ in denied)))),
        perhaps_directly=perhaps | doubted,
    )
    levels = against_levels(profile, record, point.control_level, point.grade(profile.basis))
    owned = (*levels, *_milder_without(record, point), *_unsourced(record), *(fault for _, fault in denied))
    return replace(point, owned=owned)


def _milder_without(record: Record, point: RiskPoint) -> tuple[Problem, ...]:
    """Return the problem that a point is graded worse with its measures than without any."""
    residual, inherent = point.grade("residual"), point.grade("inherent")
    both = point.assessed("residual") and point.assessed("inherent")
    if not both or residual.at_best >= inherent.at_worst:
        return ()
    return (problem("risk.worse-with-measures", severity="warning", path=record.path, effect="used"),)


def _unsourced(record: Record) -> tuple[Problem, ...]:
    """Return the facts that only some may state, given without a word of who does."""
    found: list[Problem] = []
    for name, fact in record.facts.items():
        accepted = record.entity.attributes[name].accept_from
        origin = fact.provenance
        if accepted and fact.given is not None and (origin is None or origin.source is None):
            found.append(
                problem(
                    "risk.unsourced",
                    severity="warning",
                    path=f"{record.path}.{name}",
                    given=fact.given,
                    effect="used",
                    sources="、".join(sorted(accepted)),
                )
            )
    return tuple(found)


def _directly(
    reference: Reference, profile: Profile, record: Record
) -> tuple[tuple[str, ...], frozenset[Cause]]:
    """Return what makes the point a major risk directly, and what leaves open whether more does."""
    found: list[str] = []
    causes: set[Cause] = set()
    for name in profile.direct_major:
        value = reference.define(reference.ruleset.definitions[ENTITY, name], record)
        if truth(value) == TRUE:
            found.append(name)
        elif True in truth(value):
            causes |= value.causes
    return tuple(found), frozenset(causes)


def _denied(
    reference: Reference, profile: Profile, record: Record
) -> tuple[tuple[tuple[str, Problem], ...], frozenset[Cause]]:
    """Return what makes the point a major risk by a determination that its own fact denies.

    Where the determination is open the denial does not decide it: then what leaves it open is returned.
    """
    found: list[tuple[str, Problem]] = []
    doubts: set[Cause] = set()
    for name, (fact, entity, determination) in DETERMINED.items():
        definition = reference.ruleset.definitions.get((entity, determination))
        if name not in profile.direct_major or definition is None or fact not in record.entity.attributes:
            continue
        above = record.parent
        while above is not None and above.entity.name != entity:
            above = above.parent
        if above is None or truth(record.value(fact)) != FALSE:
            continue
        determined = reference.define(definition, above)
        if truth(determined) == TRUE:
            path, said = f"{record.path}.{fact}", record.fact(fact).given or "false"
            fault = problem(
                "risk.determined-otherwise",
                path=path,
                given=said,
                effect="unused",
                where=above.path,
                determination=definition.label,
            )
            found.append((name, fault))
        elif True in truth(determined):
            doubts |= determined.causes
    return tuple(found), frozenset(doubts)


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
            _label(child, "measure_category"),
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
        if (fact := record.facts.get(prefix + name)) is not None and fact.given is not None
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
        return ungraded(*(cause for name in of.factors for cause in _open(record, prefix + name)))
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


def _open(record: Record, name: str) -> frozenset[Cause]:
    """Return why an attribute is open; one that was not given is missing."""
    fact = record.facts.get(name)
    return fact.value.causes if fact is not None else frozenset((Cause(f"{record.path}.{name}"),))


def _method(reference: Reference, profile: Profile, name: str) -> tuple[GradingMethod, Bands | None] | None:
    method = reference.ruleset.methods.get(name)
    return None if method is None else (method, profile.bands_of(method))


def _children(record: Record, name: str) -> Items:
    if name not in record.entity.attributes:
        return Items(())
    assert isinstance(record.entity.attributes[name].type, ListOf)
    items = record.value(name).possible
    return items if isinstance(items, Items) else Items(())


def absent(fact: Fact) -> bool:
    """Return whether nothing at all was given for a list; what could not be read was given."""
    items: Items = fact.value.possible
    if fact.given is not None or items.complete or items.records:
        return False
    return all(cause.reason == "missing" for cause in fact.value.causes)


def _said_incomplete(record: Record, name: str) -> frozenset[Cause]:
    """Return the cause where a list was given and is not all; an absent one says nothing."""
    if _children(record, name).complete or absent(record.fact(name)):
        return frozenset()
    return record.value(name).causes or frozenset((Cause(f"{record.path}.{name}"),))


def _only(value: Value) -> str | None:
    if not value.known or value.possible is EVERY_TEXT:
        return None
    (member,) = value.possible
    return str(member)


def _label(record: Record, name: str) -> Words | None:
    """Return what a member that is known is called; None where the profile has no such attribute."""
    member = text(record, name)
    return record.entity.attributes[name].member_labels.get(member) if member is not None else None


def _truth(record: Record, name: str) -> bool | None:
    value = record.value(name)
    return next(iter(value.possible)) if value.known else None
