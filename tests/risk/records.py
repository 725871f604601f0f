"""Records of a small enterprise, built straight from Python values: no reading, no files."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from dualprev_rules.evaluate.values import decided
from dualprev_rules.facts.possible import Cause, Items, Value
from dualprev_rules.facts.record import Fact, Record, phantom
from dualprev_rules.facts.schema import Attribute, Entity, Schema
from dualprev_rules.facts.types import Bool, Enum, ListOf, Number, Rec, Text, Type
from dualprev_rules.problems import Words

LISTS = {
    "enterprise": {"sites": "site", "areas": "area", "units": "unit", "risk_points": "risk_point"},
    "site": {"areas": "area", "units": "unit"},
    "area": {"units": "unit", "risk_points": "risk_point"},
    "unit": {"risk_points": "risk_point", "tanks": "tank"},
    "tank": {},
    "risk_point": {
        "risk_events": "risk_event",
        "hazard_sources": "hazard_source",
        "measures": "control_measure",
    },
    "risk_event": {"measures": "control_measure"},
    "hazard_source": {},
    "control_measure": {},
}
LEVELS = {"company": "公司", "department": "部门", "workshop": "车间", "team": "班组", "post": "岗位"}
METHOD = Enum(("lec", "ls_5x5", "ls_6x6", "mes", "mes_property", "other"))
FACTORS: dict[str, Type] = {f"{prefix}{name}": Number() for prefix in ("", "inherent_") for name in "LECSM"}
SCORED: dict[str, Type] = {"method": METHOD, **FACTORS}
OTHERS: dict[str, dict[str, Type]] = {
    "risk_point": {
        **SCORED,
        "kind": Enum(("place", "activity")),
        "department": Text(),
        "owner": Text(),
        "control_level": Enum(tuple(LEVELS), ordered=True),
    },
    "risk_event": {**SCORED, "accident_type": Text()},
    "hazard_source": {"factor_class": Text()},
    "control_measure": {
        "kind": Enum(("elimination", "engineering")),
        "in_place": Bool(),
        "is_effective": Bool(),
        "owner": Text(),
    },
}


def _entity(name: str) -> Entity:
    types: dict[str, Type] = {"id": Text(), "name": Text(), **OTHERS.get(name, {})}
    types |= {held: ListOf(Rec(child)) for held, child in LISTS[name].items()}
    attributes = {n: Attribute(n, of, Words(n)) for n, of in types.items()}
    if "control_level" in attributes:
        labels = {member: Words(zh) for member, zh in LEVELS.items()}
        attributes["control_level"] = replace(attributes["control_level"], member_labels=labels)
    return Entity(name, Words(name), "id", attributes)


SCHEMA = Schema({name: _entity(name) for name in LISTS})


def enterprise(**given: Any) -> Record:
    """Build an enterprise. A list of dicts is a list of records, complete unless it ends in ``...``."""
    return _record("enterprise", given, None, "enterprise", "enterprise")


def _record(name: str, given: dict[str, Any], parent: Record | None, path: str, short: str) -> Record:
    record = Record(SCHEMA.entities[name], path, short, parent, {}, None, SCHEMA)
    for key, value in given.items():
        attribute = record.entity.attributes[key]
        if isinstance(attribute.type, ListOf):
            record.facts[key] = _list(record, attribute, list(value))
        elif isinstance(value, Value):
            record.facts[key] = Fact(value, "?")
        else:
            thing: Any = Fraction(value) if isinstance(attribute.type, Number) else value
            record.facts[key] = Fact(decided(thing), str(value))
    return record


def _list(record: Record, attribute: Attribute, given: list[Any]) -> Fact:
    assert isinstance(attribute.type, ListOf)
    child = attribute.type.of.entity
    more = bool(given) and given[-1] is ...
    records = tuple(
        _record(child, item, record, f"{record.path}.{attribute.name}[{i}]", f"{child}[{i}]")
        for i, item in enumerate(given[:-1] if more else given, 1)
    )
    cause = Cause(f"{record.path}.{attribute.name}")
    rest = phantom(record, attribute, SCHEMA, cause) if more else None
    return Fact(Value(Items(records, rest), causes=frozenset((cause,) if more else ())), "[…]")
