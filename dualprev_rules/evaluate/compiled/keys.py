"""When two nodes mean the same: their keys are equal, wherever in a pack they were written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from dualprev_rules.lang.tree import (
    Aggregate,
    Arith,
    AsOf,
    Compare,
    Const,
    Decide,
    Derived,
    Get,
    Has,
    IsIn,
    Logic,
    Node,
    Not,
    Param,
    Quantify,
    Scale,
    Var,
    children,
)

_CHEAP = (Compare, Const, Get, Has, IsIn, Logic, Not, Param, Scale, Var, Arith, AsOf)
"""Nodes that cost so little that they may be computed whether they are needed or not."""


def key(node: Node) -> Any:
    """Return what a node means, as far as it is cheap; None for the rest."""
    match node:
        case Const(value=value) | Param(value=value):
            return ("=", type(value), value)
        case Var(name=name):
            return ("var", name)
        case AsOf():
            return ("as_of",)
        case Get(of=of, name=name):
            return None if not isinstance(of, Var) else ("get", of.name, name)
        case Derived(of=of, name=name):
            return None if not isinstance(of, Var) else ("derived", of.name, name)
        case Compare(op=op) | Logic(op=op) | Arith(op=op):
            return _with((type(node), op), node)
        case Scale(factor=factor, offset=offset):
            return _with((Scale, factor, offset), node)
        case Not() | Has() | IsIn():
            return _with((type(node),), node)
        case _:
            return None


def _with(head: tuple[Any, ...], node: Node) -> Any:
    parts = tuple(key(child) for child in children(node))
    return None if None in parts else (*head, *parts)


def repeated(roots: Iterable[Node]) -> list[Node]:
    """Return the cheap nodes about the record itself that stand more than once, what is inside first."""
    seen: dict[Any, Node] = {}
    counts: Counter[Any] = Counter()

    def visit(node: Node) -> None:
        # What goes over a list is a function of its own.
        if isinstance(node, Const | Param | Get | Var | Quantify | Aggregate | Decide):
            return
        of = key(node) if isinstance(node, _CHEAP) else None
        if of is not None:
            counts[of] += 1
            if counts[of] > 1:
                return
        for child in children(node):
            visit(child)
        if of is not None and _of_self(node):
            seen[of] = node

    for root in roots:
        visit(root)
    return [node for of, node in seen.items() if counts[of] > 1]


def _of_self(node: Node) -> bool:
    if isinstance(node, Var):
        return node.name == "self"
    return all(_of_self(child) for child in children(node))
