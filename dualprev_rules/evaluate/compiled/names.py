"""Facts, definitions and the records above: what a name in a condition stands for in a row."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from dualprev_rules.evaluate.compiled.code import CannotCompile, Frame, Thing, replace
from dualprev_rules.evaluate.compiled.layout import MARK, PARENT
from dualprev_rules.evaluate.compiled.quote import const, expr, name
from dualprev_rules.facts.possible import Value, holds
from dualprev_rules.facts.types import Bool, Date, ListOf, Number, Rec, SetOf
from dualprev_rules.lang.tree import Aggregate, Climb, Decide, Derived, Get, Node, Quantify, Var, walk


@dataclass(frozen=True, slots=True)
class RowCode:
    """Code of the row of a record."""

    code: ast.expr
    entity: str
    maybe: bool = False
    """It may be None: there is no such record above, or we were not told of it."""
    self: bool = False
    """It is the record that the function is about."""


def row_of(frame: Frame, node: Node) -> RowCode:
    """Return the row of the record that a node names; raises CannotCompile where there is no way."""
    if not isinstance(node.type, Rec):
        raise CannotCompile
    entity = node.type.entity
    if isinstance(node, Var):
        return RowCode(name(frame.rows[node.name]), entity, self=node.name == "self")
    if isinstance(node, Get):
        return _referred(frame, node, entity)
    if not isinstance(node, Climb):
        raise CannotCompile
    of = row_of(frame, node.of)
    if of.maybe or node.entity is None or frame.plain:
        raise CannotCompile
    if of.self and frame.unpacked:
        local = frame.climbs.setdefault(node.entity, f"up{len(frame.climbs)}")
        return RowCode(name(local), entity, maybe=True)
    code = expr("climb(ROW, ENTITY)", ROW=of.code, ENTITY=const(node.entity))
    return RowCode(code, entity, maybe=True)


def _referred(frame: Frame, node: Get, entity: str) -> RowCode:
    """Return the row of the record that a fact refers to."""
    of = row_of(frame, node.of)
    if of.maybe:
        raise CannotCompile
    slot = frame.program.layouts[of.entity].slots[node.name]
    return RowCode(expr("R[SLOT]", R=of.code, SLOT=const(slot)), entity, maybe=True)


def attribute(frame: Frame, node: Get) -> Thing:
    """Return the code of a fact: None while it is missing, GONE where a record that lacks it has none."""
    row = row_of(frame, node.of)
    layout = frame.program.layouts[row.entity]
    of = layout.entity.attributes[node.name]
    if isinstance(of.type, Rec | ListOf):
        raise CannotCompile
    slot = layout.slots[node.name]
    every = Value(of.every, within=of.every)
    missing: Value | None = every
    known = False
    local = None if row.maybe else frame.local(row.code, row.entity, slot)
    if local is not None:
        code = name(local)
        known = frame.known
    elif row.maybe:
        first, again = frame.simple(row.code)
        code = expr("None if R is None else AGAIN[SLOT]", R=first, AGAIN=again, SLOT=const(slot))
        # Under no such record, a fact may contradict what is declared of it.
        if of.every != of.whole_type:
            missing = None
    else:
        code = expr("R[SLOT]", R=row.code, SLOT=const(slot))
        known = isinstance(row.code, ast.Name) and row.code.id == frame.bare
    numeric = isinstance(of.type, Number | Date)
    low = of.range.low
    return Thing(
        code,
        open=not known,
        gone=of.optional and not isinstance(of.type, Bool | SetOf) and frame.bare is None,
        missing=missing,
        whole=isinstance(of.type, Date) or (isinstance(of.type, Number) and of.type.whole),
        positive=numeric and low is not None and low >= 0,
        nonzero=numeric and not holds(of.range, Fraction(0)),
    )


def list_of(frame: Frame, node: Node) -> tuple[RowCode, int, Any]:
    """Return the row that holds a list of records, the slot of the list and its attribute."""
    if not isinstance(node, Get):
        raise CannotCompile
    row = row_of(frame, node.of)
    if row.maybe:
        raise CannotCompile
    layout = frame.program.layouts[row.entity]
    return row, layout.slots[node.name], layout.entity.attributes[node.name]


_KEPT = f"V if ROW[{MARK}] is case.mark and (V := ROW[SLOT]) is not UNSET"


def derived(frame: Frame, node: Derived) -> Thing:
    """Return the code of a definition: its place in the row, or the function that fills it."""
    found = frame.derived(node)
    if found is not None:
        return found if isinstance(found, Thing) else Thing(found.code, open=not found.strict)
    row = row_of(frame, node.of)
    program = frame.program
    short = _written_out(frame, row, node)
    if short is not None:
        return short
    made = program.definition(node.entity, node.name)
    slot = program.layouts[node.entity].derived[node.name]
    if row.maybe:
        first, again = frame.simple(row.code)
        pattern = f"None if R is None else {_KEPT} else DERIVE(ROW, case)"
        code = expr(pattern, R=first, ROW=again, SLOT=const(slot), V=frame.temporary(), DERIVE=made.function)
    else:
        code = expr(
            f"{_KEPT} else DERIVE(ROW, case)",
            ROW=row.code,
            SLOT=const(slot),
            V=frame.temporary(),
            DERIVE=made.function,
        )
    if made.thing.spread is None:
        return replace(made.thing, code=code)
    # A figure with its spread is kept as a pair.
    raise CannotCompile


def _written_out(frame: Frame, row: RowCode, node: Derived) -> Thing | None:
    """Return the body of a definition that is shorter than a call of its function."""
    from dualprev_rules.evaluate.compiled.things import thing

    definition = frame.program.ruleset.definitions[node.entity, node.name]
    plain = definition.when is None and definition.not_encoded is None
    if not plain or isinstance(definition.type, Bool) or not isinstance(row.code, ast.Name):
        return None
    if not is_short(definition.body.node):
        return None
    made = thing(frame.about(node.entity, row.code.id), definition.body.node)
    if made.spread is not None:
        raise CannotCompile
    return replace(made, missing=None, value=None)


def is_short(body: Node) -> bool:
    """Tell whether a definition costs no more where it stands than what would be kept of it."""
    parts = walk(body)
    return len(parts) <= MOST_WRITTEN_OUT and not any(isinstance(part, _LONG) for part in parts)


MOST_WRITTEN_OUT = 6
_LONG = (Derived, Quantify, Aggregate, Decide)


def parent(row: ast.expr) -> ast.expr:
    """Return the row above."""
    return expr("R[SLOT]", R=row, SLOT=const(PARENT))
