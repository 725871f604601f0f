"""The shape of an input: what each column means, checked before anything is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from dualprev_rules.facts.plan import Plan, Plans, Slot
from dualprev_rules.facts.schema import Attribute
from dualprev_rules.facts.types import Bool, Date, Enum, Number, SetOf
from dualprev_rules.problems import Problem, problem
from dualprev_rules.problems.denial import nearest_in_meaning

_TEXTS = (pl.String, pl.Categorical, pl.Enum)


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns of one place: of its facts, and of its lists with the shapes of what is in them."""

    plan: Plan
    facts: Mapping[str, str]
    """Attribute → column."""
    lists: Mapping[str, tuple[str, Shape | None]] = field(
        default_factory=dict[str, "tuple[str, Shape | None]"]
    )
    """Attribute → column, and the shape of the records; None where the column holds none."""


def shape_of(
    columns: Mapping[str, pl.DataType], plan: Plan, plans: Plans, at: str, faults: list[Problem]
) -> Shape:
    """Return what columns mean; what is wrong is added to ``faults``."""
    facts: dict[str, str] = {}
    lists: dict[str, tuple[str, Shape | None]] = {}
    for name, kind in columns.items():
        path = f"{at}.{name}" if at else name
        slot = plan.names.get(name)
        if slot is None:
            near = nearest_in_meaning(name, plan.names.exact)
            faults.append(problem("evaluate.unknown-column", path=path, given=name, nearest=near))
        elif slot.name in facts or slot.name in lists:
            faults.append(problem("evaluate.column-twice", path=path, given=name, attribute=slot.name))
        elif slot.child is not None:
            inner = _records(kind)
            if inner is None and kind != pl.Null and kind != pl.List(pl.Null):
                faults.append(
                    problem("evaluate.column-type", path=path, given=str(kind), attribute=slot.name)
                )
            under = None if inner is None else shape_of(inner, plans[slot.child], plans, path, faults)
            lists[slot.name] = (name, under)
        elif not readable(slot, kind):
            faults.append(problem("evaluate.column-type", path=path, given=str(kind), attribute=slot.name))
        else:
            facts[slot.name] = name
    return Shape(plan, facts, lists)


def _records(kind: pl.DataType) -> dict[str, pl.DataType] | None:
    if isinstance(kind, pl.List) and isinstance(kind.inner, pl.Struct):
        return {each.name: _instance(each.dtype) for each in kind.inner.fields}
    return None


def _instance(kind: Any) -> pl.DataType:
    return kind() if isinstance(kind, type) else kind


def readable(slot: Slot, kind: pl.DataType) -> bool:
    """Tell whether a column of a type can hold the attribute at all."""
    of: Attribute = slot.attribute
    if kind == pl.Null or isinstance(kind, _TEXTS):
        return True
    match of.type:
        case Bool():
            return kind == pl.Boolean
        case Number():
            return kind.is_numeric()
        case Date():
            return kind == pl.Date or isinstance(kind, pl.Datetime)
        case Enum():
            return kind.is_integer()
        case SetOf():
            return isinstance(kind, pl.List) and isinstance(_instance(kind.inner), (*_TEXTS, pl.Null))
        case _:
            return kind.is_integer()
