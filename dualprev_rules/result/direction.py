"""Which way of a fact is worse, as far as the rules that ask for it all agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from dualprev_rules.facts.types import Rec
from dualprev_rules.lang.tree import (
    Aggregate,
    Arith,
    Call,
    Choose,
    Column,
    Compare,
    Const,
    Derived,
    Get,
    Logic,
    Node,
    Not,
    Param,
    Quantify,
    RuleState,
    Scale,
    children,
)
from dualprev_rules.pack.model import Rule, Ruleset

_SAME = frozenset(("coalesce", "min", "max", "count_true"))
"""Functions that rise where any of their arguments does."""
_SHIFTS = frozenset(("add_months", "add_years"))
"""Functions that rise with their first argument."""


def directions(ruleset: Ruleset) -> Mapping[tuple[str, str], int]:
    """Return for facts (entity, name) whether more of it is worse (1) or milder (-1).

    Facts of which the rules disagree are left out. A rule that applies is taken for worse than one that does
    not. Only the form of the conditions counts: what is compared for equality, looked up or decided by a
    table has no direction here.
    """
    found: dict[tuple[str, str], set[int]] = {}
    walk = _Walk(ruleset)
    for rule in ruleset.rules.values():
        if rule.standing == "decides":
            for fact, sign in walk.of_rule(rule, 1):
                found.setdefault(fact, set()).add(sign)
    return {fact: next(iter(signs)) for fact, signs in found.items() if len(signs) == 1 and 0 not in signs}


class _Walk:
    def __init__(self, ruleset: Ruleset) -> None:
        self._ruleset = ruleset
        self._met: set[tuple[str, int]] = set()

    def of_rule(self, rule: Rule, sign: int) -> Iterator[tuple[tuple[str, str], int]]:
        if self._again(rule.id, sign):
            return
        for expression, way in ((rule.applies, sign), (rule.violated, sign), (rule.unless, -sign)):
            if expression is not None:
                yield from self.of(expression.node, way)
        if rule.dated is not None:
            yield from self.of(rule.dated.node, 0)

    def of(self, node: Node, sign: int) -> Iterator[tuple[tuple[str, str], int]]:
        match node:
            case Get(of=of, name=name):
                if isinstance(of.type, Rec):
                    yield (of.type.entity, name), sign
                yield from self.of(of, 0)
            case Derived(of=of, entity=entity, name=name):
                yield from self.of(of, 0)
                body = self._ruleset.definitions.get((entity, name))
                if body is None or self._again(f"{entity}.{name}", sign):
                    return
                yield from self.of(body.body.node, sign)
                if body.when is not None:
                    yield from self.of(body.when.node, 0)
            case RuleState(rule=rule):
                yield from self.of_rule(self._ruleset.rules[rule], sign)
            case _:
                for part, way in _parts(node, sign):
                    yield from self.of(part, way)

    def _again(self, what: str, sign: int) -> bool:
        met = (what, sign) in self._met
        self._met.add((what, sign))
        return met


def _parts(node: Node, sign: int) -> Iterator[tuple[Node, int]]:
    """Yield the parts of a node, each with the way in which the whole moves where it rises."""
    match node:
        case Not(of=of):
            yield of, -sign
        case Logic(operands=operands):
            yield from ((each, sign) for each in operands)
        case Compare() | Arith() | Scale():
            yield from _of_numbers(node, sign)
        case Choose(condition=condition, then=then, otherwise=otherwise):
            yield from ((condition, 0), (then, sign), (otherwise, sign))
        case Quantify(kind=kind, over=over, where=where, body=body):
            yield from ((over, 0), (body, sign))
            if where is not None:
                yield where, sign if kind == "any" else -sign
        case Aggregate(kind=kind, over=over, where=where, body=body, default=default):
            yield over, 0
            yield from ((each, sign) for each in (body, default) if each is not None)
            if where is not None:
                yield where, sign if kind == "count" else 0
        case Call(function=function, args=args):
            for at, each in enumerate(args):
                yield each, sign if function in _SAME or (function in _SHIFTS and at == 0) else 0
        case _:
            yield from ((each, 0) for each in children(node))


def _of_numbers(node: Compare | Arith | Scale, sign: int) -> Iterator[tuple[Node, int]]:
    match node:
        case Compare(op="==" | "!=" as op, left=left, right=Const(value=bool() as value)):
            yield left, sign if value is (op == "==") else -sign
        case Compare(op=op, left=left, right=right):
            way = sign if op in (">", ">=") else -sign if op in ("<", "<=") else 0
            yield from ((left, way), (right, -way))
        case Arith(op="+" | "-" as op, left=left, right=right):
            yield from ((left, sign), (right, sign if op == "+" else -sign))
        case Arith(op=op, left=left, right=right):
            yield left, sign if _positive(right) else 0
            yield right, sign if op == "*" and _positive(left) else 0
        case Scale(of=of, factor=factor):
            yield of, sign if factor > 0 else -sign


def _positive(node: Node) -> bool:
    match node:
        case Const(value=Fraction() as value) | Param(value=Fraction() as value):
            return value > 0
        case Column(within=within):
            return within.low is not None and within.low >= 0
        case _:
            return False
