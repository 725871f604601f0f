"""The scope in which the conditions of these tests stand."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

from dualprev_rules.facts.types import Number
from dualprev_rules.facts.units import NUMBER
from dualprev_rules.lang import Function, ParameterShape, Scope
from dualprev_rules.problems import Words
from tests.property.build import Built, build

HEAD: dict[str, Any] = {
    "facts": {
        "enterprise": {
            "attributes": {
                "city": {"type": "text"},
                "units": {"type": "list", "of": "unit"},
                "depots": {"type": "list", "of": "depot"},
            }
        },
        "depot": {
            "key": "id",
            "attributes": {"id": {"type": "text"}, "tanks": {"type": "list", "of": "tank"}},
        },
        "unit": {
            "key": "id",
            "attributes": {
                "id": {"type": "text"},
                "kind": {"type": "enum", "values": ["production", "storage"]},
                "colour": {"type": "enum", "values": ["red", "green", "mass"]},
                "level": {"type": "ordered", "values": [1, 2, 3, 4]},
                "has_interlock": {"type": "bool"},
                "people": {"type": "number", "whole": True, "min": 0},
                "mass": {"type": "number", "unit": "t", "min": 0},
                "volume": {"type": "number", "unit": "m³", "min": 0},
                "temp": {"type": "number", "unit": "°C"},
                "boiling": {"type": "number", "unit": "°C"},
                "built": {"type": "date"},
                "name": {"type": "text"},
                "hazards": {"type": "list", "of": {"enum": ["J1", "J2"]}},
                "tanks": {"type": "list", "of": "tank"},
                "氧含量": {"type": "number"},
            },
        },
        "tank": {
            "key": "id",
            "attributes": {
                "id": {"type": "text"},
                "size": {"type": "number", "unit": "m³", "min": 0},
                "cas": {"type": "text"},
                "wet": {"type": "bool"},
            },
        },
    },
    "tables": [
        {
            "table": "beta",
            "key": {"kind": "kind"},
            "columns": {"b": {"type": "number"}},
            "rows": [{"kind": ["a"], "b": 1}],
        },
        {
            "table": "limits",
            "for": "tank",
            "key": {"cas": "cas", "name": "name"},
            "columns": {"q": {"type": "number"}},
            "rows": [{"cas": ["1"], "name": ["a"], "q": 1, "when": "wet"}],
        },
    ],
    "definitions": [
        {"define": "unit.total", "is": "sum(t.size for t in tanks)"},
        {"define": "unit.is_large", "is": "total > 100"},
    ],
    "rules": [
        {
            "rule": "unit.rule-one",
            "kind": "check",
            "for": "unit",
            "violated": "has_interlock",
            "tags": ["fire"],
        },
        {"rule": "tank.rule-two", "kind": "check", "for": "tank", "violated": "wet"},
    ],
}


@cache
def built() -> Built:
    """Return what the head declares."""
    for entity in HEAD["facts"].values():
        for name, attribute in entity["attributes"].items():
            attribute.setdefault("label", Words(name, name))
    return build(HEAD)


def scope(entity: str = "unit", *, data_check: bool = False) -> Scope:
    """Return what names mean in a condition about ``entity``."""
    made = built().scope(entity, {"limit": ParameterShape(Number(), Fraction(5, 2))}, data_check=data_check)
    return Scope(
        made.schema,
        made.entity,
        made.definition,
        made.definition_names,
        made.tables,
        made.rules,
        made.select_rules,
        made.parameters,
        {"halve": Function("halve", (Number(NUMBER),), Number(NUMBER), lambda x: x / 2)},
        data_check=data_check,
        selectors=made.selectors,
    )
