"""Parts of conditions whose answer stands before any fact is known: nothing can change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil

from dualprev_rules.facts.possible import EVERY_NUMBER, Finite, Interval, Numbers, holds, interval, meet
from dualprev_rules.facts.schema import Schema
from dualprev_rules.facts.types import Enum, Rec
from dualprev_rules.lang.tree import Aggregate, Arith, Call, Compare, Const, Get, IsIn, Node, Not, Span, walk
from dualprev_rules.pack.model import Expression

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_OTHERWISE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


@dataclass(frozen=True, slots=True)
class Settled:
    """A part of a condition, and the code of the warning that says what is wrong with it."""

    code: str
    span: Span
    nearest: str | None = None
    args: Mapping[str, object] = field(default_factory=dict[str, object])


def settled(of: Expression, schema: Schema) -> Iterator[Settled]:
    """Yield the parts of a condition that are so, or not so, whatever the facts within their ranges."""
    # The span of ``not in`` is that of the ``in`` that it denies.
    denied = {node.span for node in walk(of.node) if isinstance(node, Not) and node.span == node.of.span}
    for node in walk(of.node):
        match node:
            case Compare(op=op, left=left, right=Const(value=Fraction() as value)):
                yield from _compared(node, op, left, value, schema)
            case Compare(op=op, left=Const(value=Fraction() as value), right=right):
                yield from _compared(node, _MIRRORED[op], right, value, schema)
            case IsIn(item=Node(type=Enum() as kind), options=options) if _every(kind, options):
                yield Settled("pack.never-so" if node.span in denied else "pack.always-so", node.span)
            case Arith(op="/", right=Const(value=Fraction() as value)) if not value:
                yield Settled("pack.divided-by-zero", node.span)
            case Call(function="at_least", args=(Const(value=Fraction() as wanted), *conditions)):
                # Of rules that are selected there may be more on another day.
                listed = "*" not in of.text[node.span.start : node.span.end]
                yield from _at_least(node, wanted, len(conditions) if listed else None)
            case _:
                pass


def _every(kind: Enum, options: tuple[Node, ...]) -> bool:
    """Tell whether all members are among the options."""
    return set(kind.members) <= {option.value for option in options if isinstance(option, Const)}


def _compared(node: Compare, op: str, of: Node, value: Fraction, schema: Schema) -> Iterator[Settled]:
    within = _within(of, schema)
    if within == EVERY_NUMBER:
        return
    if not _some(within, op, value):
        yield Settled("pack.never-so", node.span)
    elif not _some(within, _OTHERWISE[op], value):
        yield Settled("pack.always-so", node.span)


def _within(of: Node, schema: Schema) -> Numbers:
    """Return what a number may be by its declaration, or as a count."""
    match of:
        case Const(value=Fraction() as value):
            return Finite((value,))
        case Get(of=Node(type=Rec(entity=entity)), name=name):
            return schema.entities[entity].attributes[name].range
        case Aggregate(kind="count"):
            return Interval(Fraction(0), None, False, True, whole=True)
        case Call(function="count_true", args=args):
            return Interval(Fraction(0), Fraction(len(args)), False, False, whole=True)
        case _:
            return EVERY_NUMBER


def _some(within: Numbers, op: str, value: Fraction) -> bool:
    """Tell whether some of the numbers are ``op`` the value."""
    match op:
        case "==":
            return holds(within, value)
        case "!=":
            return meet(within, Finite((value,))) != within
        case "<" | "<=":
            bound = interval(None, value, high_open=op == "<")
        case _:
            bound = interval(value, None, low_open=op == ">")
    return bound is not None and meet(within, bound) is not None


def _at_least(node: Call, wanted: Fraction, count: int | None) -> Iterator[Settled]:
    if count is not None and wanted > count:
        yield Settled("pack.too-few", node.span, None, {"wanted": _figure(wanted), "count": count})
    elif wanted <= 0:
        yield Settled("pack.none-wanted", node.span, None, {"wanted": _figure(wanted)})
    elif wanted.denominator != 1:
        yield Settled("pack.part-of-one", node.span, str(ceil(wanted)), {"wanted": _figure(wanted)})


def _figure(value: Fraction) -> str:
    return format(float(value), "g")
