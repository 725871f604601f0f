"""Conditions that no facts can meet: bounds that exclude one another, one attribute equal to two members."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from dualprev_rules.facts.possible import Numbers, interval, meet
from dualprev_rules.facts.types import Number
from dualprev_rules.lang.tree import Compare, Const, IsIn, Logic, Node, Not, Span, walk
from dualprev_rules.pack.model import Expression

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}
_OTHERWISE: Mapping[str, Any] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_NOT_IN = re.compile(r"\bnot\s+in\b")
_Bound = tuple[str, Numbers | frozenset[object]]
"""What a comparison asks of something, by how that is written."""


def contradictions(of: Expression) -> Iterator[Span]:
    """Yield the span of each ``and`` (a chain ``5 < x < 3`` is one) of which two parts exclude each other."""
    for node in walk(of.node):
        if not isinstance(node, Logic) or node.op != "and":
            continue
        if _has(node, False) or _denies_itself(node, of.text) or _excluded(node, of.text):
            yield node.span


def tautologies(of: Expression) -> Iterator[Span]:
    """Yield the span of each ``or`` that is always so: ``colour != red or colour != blue``."""
    for node in walk(of.node):
        if isinstance(node, Logic) and node.op == "or":
            denied = tuple(other for part in node.operands if (other := _otherwise(part)) is not None)
            itself = _denies_itself(node, of.text)
            if itself or _has(node, True) or _excluded(replace(node, operands=denied), of.text):
                yield node.span


def _denies_itself(node: Logic, text: str) -> bool:
    """Tell whether one of the parts denies another: ``a and not a``."""
    said = {_written(part, text) for part in node.operands}
    return any(_denied(part, text) in said for part in node.operands)


def _denied(part: Node, text: str) -> str | None:
    """Return what a ``not`` denies, as it is written; that of ``not in`` is ``in``."""
    if not isinstance(part, Not):
        return None
    if part.of.span != part.span:
        return _written(part.of, text)
    return "".join(_NOT_IN.sub("in", text[part.span.start : part.span.end], count=1).split())


def _has(node: Logic, value: bool) -> bool:
    """Tell whether one of the parts settles them all by itself: ``x > 3 or true``."""
    return any(isinstance(part, Const) and part.value is value for part in node.operands)


def _otherwise(part: Node) -> Node | None:
    """Return the comparison that holds where one does not."""
    match part:
        case Compare(op=op):
            return replace(part, op=_OTHERWISE[op])
        case Not(of=Compare() as denied):
            return denied
        case _:
            return None


def _excluded(node: Logic, text: str) -> bool:
    asked: dict[str, Numbers | frozenset[object]] = {}
    for part in node.operands:
        bound = _bound(part, text)
        if bound is None:
            continue
        name, wanted = bound
        before = asked.get(name)
        if isinstance(before, frozenset) and isinstance(wanted, frozenset):
            left = before & wanted or None
        elif before is None or isinstance(before, frozenset) or isinstance(wanted, frozenset):
            left = wanted
        else:
            left = meet(before, wanted)
        if left is None:
            return True
        asked[name] = left
    return False


def _bound(part: Node, text: str) -> _Bound | None:
    match part:
        case IsIn(item=item, options=options):
            members = frozenset(option.value for option in options if isinstance(option, Const))
            return (_written(item, text), members) if len(members) == len(options) else None
        case Compare(op=op, left=left, right=Const(value=value)) if op in _MIRRORED:
            return _of(left, op, value, text)
        case Compare(op=op, left=Const(value=value), right=right) if op in _MIRRORED:
            return _of(right, _MIRRORED[op], value, text)
        case _:
            return None


def _of(node: Node, op: str, value: object, text: str) -> _Bound | None:
    name = _written(node, text)
    if not isinstance(value, Fraction):
        return (name, frozenset((value,))) if op == "==" else None
    low = value if op in (">", ">=", "==") else None
    high = value if op in ("<", "<=", "==") else None
    whole = isinstance(node.type, Number) and node.type.whole
    made = interval(low, high, op == ">", op == "<", whole)
    return (name, made) if made is not None else None


def _written(node: Node, text: str) -> str:
    return "".join(text[node.span.start : node.span.end].split())
