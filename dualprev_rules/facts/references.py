"""References: the key of another record becomes that record, when all records are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from dualprev_rules.facts.document import Trail
from dualprev_rules.facts.kinds import Refused
from dualprev_rules.facts.possible import MOST_MEMBERS, Cause, Value
from dualprev_rules.facts.record import Fact, Record
from dualprev_rules.facts.reports import Reports
from dualprev_rules.facts.schema import Attribute
from dualprev_rules.facts.types import Rec

Keyed = Mapping[str, Mapping[str, Sequence[Record]]]
"""Entity → key → the records that have it."""


@dataclass(frozen=True, slots=True)
class Reference:
    """An attribute of a record whose fact holds, until it is resolved, the keys that are possible."""

    record: Record
    attribute: Attribute
    trail: Trail


def resolve(reference: Reference, keyed: Keyed, reports: Reports) -> None:
    """Put the records that are meant in the place of their keys.

    Of several records with one key the nearest is meant: the one that shares most holders.
    """
    record, attribute = reference.record, reference.attribute
    assert isinstance(attribute.type, Rec)
    fact = record.facts[attribute.name]
    possible: Any = fact.value.possible
    if not isinstance(possible, frozenset):
        record.facts[attribute.name] = replace(fact, value=replace(fact.value, possible=(), within=()))
        return
    path = f"{record.path}.{attribute.name}"
    by_key = keyed.get(attribute.type.entity, {})
    found: list[Record] = []
    lost, causes = False, set(fact.value.causes)
    for key in sorted(cast("frozenset[str]", possible)):
        meant = _nearest(record, by_key.get(key, ()))
        if len(meant) != 1:
            code = "facts.several-records" if meant else "facts.no-such-record"
            refused = Refused(code, given=key, entity=attribute.type.entity)
            reports.fault(refused, path, reference.trail, "unknown")
            causes.add(Cause(path, "data_problem"))
        lost = lost or not 0 < len(meant) <= MOST_MEMBERS
        found += meant
    # Where a key means nothing, or half the world, which record is meant stays open altogether.
    records = () if lost else tuple(found)
    record.facts[attribute.name] = Fact(Value(records, causes=frozenset(causes)), fact.given, fact.provenance)


def _nearest(record: Record, candidates: Sequence[Record]) -> Sequence[Record]:
    if not 1 < len(candidates) <= MOST_MEMBERS:
        return candidates[: MOST_MEMBERS + 1]
    above = {id(holder) for holder in _holders(record)}
    shared = [sum(id(holder) in above for holder in _holders(candidate)) for candidate in candidates]
    most = max(shared)
    return [candidate for candidate, n in zip(candidates, shared, strict=True) if n == most]


def _holders(record: Record) -> list[Record]:
    holders: list[Record] = []
    at: Record | None = record
    while at is not None:
        holders.append(at)
        at = at.parent
    return holders
