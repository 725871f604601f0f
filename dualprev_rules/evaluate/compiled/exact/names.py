"""Constants, facts, definitions and the records above: what a name stands for."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dualprev_rules.evaluate import values
from dualprev_rules.evaluate.compiled.exact.held import Env, Exact, Held, lift, lower
from dualprev_rules.evaluate.compiled.exact.maker import Exactly, OfRow
from dualprev_rules.evaluate.compiled.layout import (
    ENTITY,
    GIVEN,
    GONE,
    PARENT,
    PHANTOM,
    RECORD,
    OpenList,
    Row,
)
from dualprev_rules.facts.possible import Absent, Value
from dualprev_rules.facts.schema import Attribute, anything
from dualprev_rules.facts.types import Bool, Date, ListOf, Number, Rec, Type
from dualprev_rules.facts.types import Row as TableRow
from dualprev_rules.lang.tree import AsOf, Climb, Const, Derived, Get, Node, Param, RuleState, Var

if TYPE_CHECKING:
    from dualprev_rules.evaluate.compiled.runtime import Case


def constant(maker: Exactly, node: Const | Param) -> Exact:
    """Return the thing that stands in the expression."""
    value = node.value
    return lambda case, env: value


def as_of(maker: Exactly, node: AsOf) -> Exact:
    """Return the engine's date."""
    day = Fraction(maker.ruleset.as_of.toordinal())
    return lambda case, env: day


def var(maker: Exactly, node: Var) -> Exact:
    """Return the row, or member of a set, that a variable stands for."""
    name = node.name
    return lambda case, env: env[name]


def get(maker: Exactly, node: Get) -> Exact:
    """Read a fact."""
    assert isinstance(node.of.type, Rec)
    layout = maker.layouts[node.of.type.entity]
    attribute, slot = layout.entity.attributes[node.name], layout.slots[node.name]
    of = _list if isinstance(attribute.type, ListOf) else _fact
    return _of_each(maker, node.of, node.type, of(attribute, slot))


def _list(attribute: Attribute, slot: int) -> OfRow:
    def of(case: Case, row: Row) -> Held:
        held = row[slot]
        return case.opened(row, slot, attribute) if held is None else held

    return of


def _fact(attribute: Attribute, slot: int) -> OfRow:
    kind = attribute.type
    every = Value(attribute.every, within=attribute.every)
    gone = Value(None, Absent.SURELY, within=attribute.every)
    # Of these a row does not say whether there is none, or it is not known.
    silent = attribute.absent_is_none and isinstance(kind, Bool | Rec)
    numeric = isinstance(kind, Number | Date)

    def of(case: Case, row: Row) -> Held:
        held = row[slot]
        if held is None:
            return gone if silent and _said_nothing(row, attribute.name) else every
        if held is GONE:
            return gone
        if numeric:
            return Fraction(repr(held)) if held.__class__ is float else Fraction(held)
        return held

    return of


def _said_nothing(row: Row, name: str) -> bool:
    if row[RECORD] is not None:
        return row[RECORD].value(name).absent is Absent.SURELY
    given = row[GIVEN]
    # Of a record of a common shape the keys stand before the values.
    return given is not PHANTOM and name not in (given[0] if given.__class__ is tuple else given)


def derived(maker: Exactly, node: Derived) -> Exact:
    """Take a definition."""
    return _of_each(maker, node.of, node.type, maker.definition(node.entity, node.name))


def _of_each(maker: Exactly, node: Node, kind: Type, of: OfRow) -> Exact:
    """Take something of the row that ``node`` is; anything where that is open."""
    if isinstance(node, Var):
        name = node.name
        return lambda case, env: of(case, env[name])
    holder = maker.of(node)
    if isinstance(kind, ListOf):
        entity = kind.of.entity

        def some(case: Case, env: Env) -> Held:
            row = holder(case, env)
            return of(case, row) if row.__class__ is list else OpenList([], case.stranger(entity))

        return some
    whole: Any = () if isinstance(kind, Rec | TableRow) else anything(kind)
    nothing = Value(None, Absent.SURELY, within=whole)
    any_ = values.union([Value(whole, within=whole)])
    perhaps = values.union([Value(whole, within=whole), nothing])

    def run(case: Case, env: Env) -> Held:
        row = holder(case, env)
        if row.__class__ is list:
            return of(case, row)
        meant: tuple[Row, ...] = row.possible or ()
        if meant:
            found = [lift(of(case, each)) for each in meant]
            return lower(values.union([*found, nothing] if row.absent else found))
        absent: Absent = row.absent
        return (any_, perhaps, nothing)[absent]

    return run


def climb(maker: Exactly, node: Climb) -> Exact:
    """Find the row above of an entity."""
    below, entity = maker.of(node.of), node.entity
    nobody, unknown = Value(None, Absent.SURELY, within=()), Value(())

    def run(case: Case, env: Env) -> Held:
        row = below(case, env)
        above: Row | None = row[PARENT]
        top: Row = row
        while above is not None:
            if entity is None or above[ENTITY] == entity:
                return above
            above, top = above[PARENT], above
        return nobody if top[ENTITY] == "enterprise" else unknown

    return run


def rule(maker: Exactly, node: RuleState) -> Exact:
    """Ask whether another rule is violated."""
    holder, violated = maker.of(node.of), maker.violated(maker.ruleset.rules[node.rule])

    def run(case: Case, env: Env) -> Held:
        row = holder(case, env)
        return violated(case, row) if row.__class__ is list else None

    return run
