"""Facts that were read, as tuples of what is asked: all of it is known, and a function finds the outcomes."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dualprev_rules.evaluate.compiled.checks import Unusual
from dualprev_rules.evaluate.compiled.layout import ENTITY, GONE, Row
from dualprev_rules.evaluate.compiled.plain import Level, Shape, levels, merged, unusual
from dualprev_rules.evaluate.compiled.quote import function, stmts, unpacked

if TYPE_CHECKING:
    from dualprev_rules.evaluate.compiled.program import Program

_FACTS = """
out = []
try:
    TARGET = facts
    RECORD
except (ArithmeticError, KeyError, TypeError, Unusual):
    return
return out
"""

_EACH = """
BEFORE
for TARGET in V:
    RECORD
"""


@dataclass(frozen=True, slots=True)
class Compact:
    """How the row of a record becomes a tuple: of its facts, then of the tuples of each of its lists."""

    slots: tuple[int, ...]
    lists: tuple[tuple[int, Compact], ...]
    empty: tuple[int, ...]
    """Lists in which nothing stands."""

    def of(self, row: Row) -> tuple[Any, ...]:
        """Return the tuple of a row; raises Unusual where something in it is not known."""
        if any(row[slot].__class__ is not list or row[slot] for slot in self.empty):
            raise Unusual
        facts = [row[slot] for slot in self.slots]
        if any(fact is None or fact is GONE for fact in facts):
            raise Unusual
        lists: list[list[tuple[Any, ...]]] = []
        for slot, inside in self.lists:
            if row[slot].__class__ is not list:
                raise Unusual
            lists.append([inside.of(each) for each in row[slot]])
        return (*facts, *lists)


@dataclass(frozen=True, slots=True)
class Judge:
    """What judges facts of a shape."""

    compact: Compact
    run: Callable[[tuple[Any, ...]], list[Any] | None]
    """Returns what is found, as a case has it; None where something stays open."""


def judge_of(program: Program, shape: Shape) -> Judge | None:
    """Return what judges facts of a shape; None where something in it may stay open."""
    root = levels(program, shape)
    if root is None:
        return None
    within = program.names() | {"Unusual": Unusual, "unusual": unusual}
    parts = {"TARGET": _target(program, root), "RECORD": _record(program, root)}
    return Judge(_compact(program, root), function("facts", ["facts"], stmts(_FACTS, **parts), within))


def _inside(program: Program, level: Level) -> list[tuple[int, Level]]:
    """Return the lists that are gone through or counted, or under which records to be judged may stand."""
    below = {slot for slot, _ in program.below[level.entity]} | level.counted
    return [(slot, of) for slot, of in level.inside.items() if of.matters or slot in below]


def _target(program: Program, level: Level) -> ast.expr:
    lists = (level.layout.local(slot) for slot, _ in _inside(program, level))
    return unpacked([*level.used.values(), *lists])


def _record(program: Program, level: Level) -> list[ast.stmt]:
    made: list[ast.stmt] = []
    for slot, of in _inside(program, level):
        if of.matters:
            parts: dict[str, Any] = {"V": level.layout.local(slot), "BEFORE": level.before.get(slot, [])}
            made += stmts(_EACH, **parts, TARGET=_target(program, of), RECORD=_record(program, of))
    return [*made, *level.ending]


def _compact(program: Program, level: Level) -> Compact:
    inside = tuple((slot, _compact(program, of)) for slot, of in _inside(program, level))
    empty = tuple(slot for slot, _ in program.below[level.entity] if slot not in level.inside)
    return Compact(tuple(level.used), inside, empty)


def shape_of_rows(program: Program, rows: Sequence[Row]) -> Shape | None:
    """Return the shape of facts about one record; None where there are several."""
    return _shape(program, rows[0]) if len(rows) == 1 else None


def _shape(program: Program, row: Row) -> Shape:
    lists: list[tuple[str, Shape]] = []
    for slot, attribute in program.layouts[row[ENTITY]].lists:
        held = row[slot]
        inside = merged([_shape(program, each) for each in held]) if held.__class__ is list else None
        if inside is not None:
            lists.append((attribute.name, inside))
    return Shape(row[ENTITY], (), tuple(lists))
