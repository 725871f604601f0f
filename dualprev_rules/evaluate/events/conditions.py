"""A condition over values that stand now, as a function: true, false, or None while it is open."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from dualprev_rules.evaluate.reference import Reference
from dualprev_rules.evaluate.values import truth
from dualprev_rules.facts.possible import Cause, Finite, Value
from dualprev_rules.facts.record import Record, unknown
from dualprev_rules.facts.types import Bool, Enum, Number
from dualprev_rules.lang.tree import (
    Arith,
    Compare,
    Const,
    Get,
    IsIn,
    Logic,
    Node,
    Not,
    Param,
    Scale,
    Var,
    walk,
)
from dualprev_rules.pack.model import Expression, Ruleset

Known = Fraction | bool | str
Truth = bool | None
Values = Mapping[str, Known | None]
"""The value of each fact that has a sensor, among others perhaps; None: unknown."""
_Part = Callable[[Values], Any]
_OPERATOR: Any = operator
_SIGNS: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": _OPERATOR.lt,
    "<=": _OPERATOR.le,
    ">": _OPERATOR.gt,
    ">=": _OPERATOR.ge,
    "==": _OPERATOR.eq,
    "!=": _OPERATOR.ne,
    "+": _OPERATOR.add,
    "-": _OPERATOR.sub,
    "*": _OPERATOR.mul,
    "/": _OPERATOR.truediv,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition about one record: the facts of the record that it names, and the test."""

    facts: tuple[str, ...]
    test: Callable[[Values], Truth]


def live_condition(expression: Expression, record: Record, ruleset: Ruleset) -> Condition:
    """Return the condition about ``record``; facts without a sensor are those of the record.

    Numbers, members and truth values of the record itself become plain functions; a condition that
    asks more (lists, tables, records above) is judged whole by the reference evaluator.
    """
    node = expression.node
    facts = tuple(sorted({n.name for n in walk(node) if isinstance(n, Get) and _own(n)}))
    made = _Functions(record).part(node)
    return Condition(facts, made if made is not None else _referred(expression, facts, record, ruleset))


def known_value(value: Value) -> Known | None:
    """Return the one thing that a value is, or None."""
    if not value.known:
        return None
    return value.possible.values[0] if isinstance(value.possible, Finite) else next(iter(value.possible))


def overlaid(record: Record, name: str, values: list[Known | None]) -> Value:
    """Return the fact that several sensors measure, as the reference evaluator takes it."""
    if None in values:
        return unknown(record, record.entity.attributes[name], Cause(f"{record.path}.{name}")).value
    figures = sorted({value for value in values if isinstance(value, Fraction)})
    if figures:
        return Value(Finite(tuple(figures)), within=record.entity.attributes[name].every)
    return Value(frozenset(values))


def _own(node: Get) -> bool:
    """Tell whether an attribute is a number, member or truth value of the record itself."""
    return isinstance(node.of, Var) and node.of.name == "self" and isinstance(node.type, Number | Enum | Bool)


def _referred(
    expression: Expression, facts: tuple[str, ...], record: Record, ruleset: Ruleset
) -> Callable[[Values], Truth]:
    def test(values: Values) -> Truth:
        named = [name for name in facts if name in values]
        tried = {(record, name): overlaid(record, name, [values[name]]) for name in named}
        reference = Reference(ruleset, overlay=tried)
        found = truth(reference.run(expression, {"self": Value((record,))}))
        return next(iter(found)) if len(found) == 1 else None

    return test


@dataclass(frozen=True, slots=True)
class _Functions:
    """Makes functions of nodes; None for a node that has no such form."""

    record: Record

    def part(self, node: Node) -> _Part | None:
        match node:
            case Const(value=value) | Param(value=value):
                return lambda _: value
            case Get() if _own(node):
                return self._fact(node.name)
            case Not(of=of):
                inner = self.part(of)
                return None if inner is None else _negation(inner)
            case Logic(op=op, operands=operands):
                parts = [self.part(each) for each in operands]
                whole = [each for each in parts if each is not None]
                return _logic(whole, decisive=op == "or") if len(whole) == len(parts) else None
            case Compare(op=op, left=Get() as left, right=Const(value=limit) | Param(value=limit)) if _own(
                left
            ) and isinstance(limit, Fraction):
                return _limited(_SIGNS[op], left.name, known_value(self.record.value(left.name)), limit)
            case Compare(op=op, left=left, right=right) if _plain(left) and _plain(right):
                return self._pair(_SIGNS[op], left, right)
            case Arith(op=op, left=left, right=right):
                return self._pair(_SIGNS[op], left, right)
            case Scale(of=of, factor=factor, offset=offset):
                inner = self.part(of)
                return None if inner is None else _scaled(inner, factor, offset)
            case IsIn(item=item, options=options) if all(isinstance(o, Const) for o in options):
                inner = self.part(item)
                members = frozenset(o.value for o in options if isinstance(o, Const))
                return None if inner is None else _membership(inner, members)
            case _:
                return None

    def _fact(self, name: str) -> _Part:
        site = known_value(self.record.value(name))
        return lambda values: values.get(name, site)

    def _pair(self, sign: Callable[[Any, Any], Any], left: Node, right: Node) -> _Part | None:
        one, other = self.part(left), self.part(right)
        return None if one is None or other is None else _paired(sign, one, other)


def _plain(node: Node) -> bool:
    # Members of an ordered enum are compared by their places.
    return not (isinstance(node.type, Enum) and node.type.ordered)


def _paired(sign: Callable[[Any, Any], Any], left: _Part, right: _Part) -> _Part:
    def part(values: Values) -> Any:
        one, other = left(values), right(values)
        if one is None or other is None or (sign is _SIGNS["/"] and not other):
            return None
        return sign(one, other)

    return part


def _limited(
    sign: Callable[[int, int], bool], name: str, site: Known | None, limit: Fraction
) -> Callable[[Values], Truth]:
    # What a sensor's figure is nearly always held against; whole numbers are compared faster than fractions.
    over, under = limit.numerator, limit.denominator

    def part(values: Values) -> Truth:
        value = values.get(name, site)
        if not isinstance(value, Fraction):
            return None
        numerator, denominator = value.as_integer_ratio()
        return sign(numerator * under, over * denominator)

    return part


def _negation(of: _Part) -> _Part:
    def part(values: Values) -> Truth:
        found = of(values)
        return None if found is None else not found

    return part


def _logic(parts: list[_Part], *, decisive: bool) -> _Part:
    def part(values: Values) -> Truth:
        is_open = False
        for each in parts:
            found = each(values)
            if found is decisive:
                return decisive
            is_open = is_open or found is None
        return None if is_open else not decisive

    return part


def _scaled(of: _Part, factor: Fraction, offset: Fraction) -> _Part:
    def part(values: Values) -> Fraction | None:
        found = of(values)
        return None if found is None else found * factor + offset

    return part


def _membership(of: _Part, members: frozenset[Any]) -> _Part:
    def part(values: Values) -> Truth:
        found = of(values)
        return None if found is None else found in members

    return part


__all__ = ["Condition", "Known", "Truth", "Values", "known_value", "live_condition", "overlaid"]
