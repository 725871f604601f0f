"""What a change costs, as data: what no operator can change is never advised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml

from dualprev_rules.facts.quantity import parse_number
from dualprev_rules.facts.schema import Attribute, Entity, Schema
from dualprev_rules.facts.types import Date, SetOf, Text
from dualprev_rules.problems import DualprevError, Problem, nearest, problem

NEVER = None
_ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Costs:
    """Costs by ``entity.attribute`` or ``entity.*``; NEVER for what cannot be changed."""

    given: Mapping[str, Fraction | None]

    def of(self, entity: Entity, attribute: Attribute) -> Fraction | None:
        """Return what changing a fact costs, or NEVER."""
        if attribute.name == entity.key or _is_text(attribute):
            return NEVER
        general = self.given.get(f"{entity.name}.*", _ONE)
        return self.given.get(f"{entity.name}.{attribute.name}", general)

    def over(self, others: Costs) -> Costs:
        """Return these costs, and others where these say nothing."""
        return Costs({**others.given, **self.given})


def _is_text(attribute: Attribute) -> bool:
    kind = attribute.type.of if isinstance(attribute.type, SetOf) else attribute.type
    return isinstance(kind, Text | Date)


@cache
def usual_costs() -> Costs:
    """Return the costs that hold where nobody says otherwise."""
    text = Path(__file__).with_name("costs.yaml").read_text("utf-8")
    return Costs({name: _cost(value) for name, value in yaml.safe_load(text).items()})


def read_costs(file: str | Path, schema: Schema) -> Costs:
    """Read costs from a YAML file; raises DualprevError with every fault of it."""
    try:
        text = Path(file).read_text("utf-8")
        loaded: Any = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DualprevError(problem("standards.costs-unreadable", given=str(file))) from error
    if not isinstance(loaded, dict):
        raise DualprevError(problem("standards.costs-unreadable", given=str(file)))
    known = {f"{e.name}.{name}" for e in schema.entities.values() for name in (*e.attributes, "*")}
    found: dict[str, Fraction | None] = {}
    faults: list[Problem] = []
    for name, value in cast("dict[object, object]", loaded).items():
        key = str(name)
        try:
            found[key] = _cost(value)
        except ValueError:
            faults.append(problem("standards.cost", given=str(value), about=key))
        if key not in known:
            faults.append(
                problem("standards.cost-of-nothing", given=key, nearest=nearest(key, sorted(known)))
            )
    if faults:
        raise DualprevError(faults)
    return Costs(found)


def _cost(value: object) -> Fraction | None:
    if value == "never":
        return NEVER
    number = None if isinstance(value, bool) else parse_number(str(value))
    if number is None or number <= 0:
        raise ValueError(value)
    return number
