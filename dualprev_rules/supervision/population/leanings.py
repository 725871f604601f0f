"""Which values of a fact the rules call a breach, so that most of a population can be drawn to keep them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import inf

from dualprev_rules.facts.types import Bool, Date, Number, Rec
from dualprev_rules.lang.tree import (
    AsOf,
    Call,
    Compare,
    Const,
    Derived,
    Get,
    Has,
    IsIn,
    Logic,
    Lookup,
    Node,
    Not,
    Param,
    Quantify,
    Scale,
    Var,
    walk,
)
from dualprev_rules.pack.model import Ruleset

_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_YEAR = {"add_years": 365, "add_months": 30}


@dataclass(slots=True)
class Leaning:
    """What keeps the rules that ask a fact; of a date in days after the day."""

    good: bool | None = None
    low: float = -inf
    high: float = inf
    beside: tuple[str, bool] | None = None
    """Another figure of the record, and whether this one is to be above it."""
    bad: set[str] = field(default_factory=set[str])
    wanted: set[str] = field(default_factory=set[str])
    """Members that a set is to have."""


@dataclass(frozen=True, slots=True)
class Leanings:
    """By entity and attribute: what keeps the rules, and the texts that tables are searched for."""

    facts: Mapping[tuple[str, str], Leaning]
    texts: Mapping[str, list[dict[str, str]]]
    """Entity → what a row of a table says of its attributes."""
    picks: frozenset[tuple[str, str]]
    """Attributes that pick a row of a table by its number: what is drawn there would deny the texts."""


def leanings(ruleset: Ruleset) -> Leanings:
    """Read the conditions of a ruleset."""
    found = _Reader(ruleset)
    for rule in ruleset.rules.values():
        found.read(rule.violated.node, breach=True)
    texts, picks = _texts(ruleset)
    return Leanings(found.facts, texts, frozenset(picks))


class _Reader:
    """Goes down conditions; ``breach`` says whether they break a rule where they are true."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        self.facts: dict[tuple[str, str], Leaning] = {}
        self.seen: set[tuple[str, str, bool]] = set()

    def read(self, node: Node, *, breach: bool) -> None:
        """Read a condition and those below it."""
        match node:
            case Not(of=of):
                self.read(of, breach=not breach)
            case Logic(operands=operands):
                for each in operands:
                    self.read(each, breach=breach)
            case Quantify(body=body):
                self.read(body, breach=breach)
            case Get(type=Bool()):
                self._of(node).good = not breach
            case Derived(entity=entity, name=name):
                if (entity, name, breach) not in self.seen:
                    self.seen.add((entity, name, breach))
                    self.read(self.ruleset.definitions[entity, name].body.node, breach=breach)
            case IsIn(item=Get() as item, options=options):
                self._members(item, {str(o.value) for o in options if isinstance(o, Const)}, breach=breach)
            case Has(item=Const(value=str() as member), of=Get() as of):
                leaning = self._of(of)
                (leaning.bad if breach else leaning.wanted).add(member)
            case Compare(op=op, left=left, right=right):
                self._compare(op, left, right, breach=breach)
                self._compare(_TURNED[op], right, left, breach=breach)
            case _:
                pass

    def _of(self, node: Get) -> Leaning:
        assert isinstance(node.of.type, Rec)
        return self.facts.setdefault((node.of.type.entity, node.name), Leaning())

    def _members(self, item: Get, named: set[str], *, breach: bool) -> None:
        if breach:
            self._of(item).bad |= named

    def _compare(self, op: str, left: Node, right: Node, *, breach: bool) -> None:
        of, bound, sign = _dated(left, right) or (*_figure(left, right), 1)
        if op in ("==", "!="):
            if isinstance(left, Get) and isinstance(right, Const) and isinstance(right.value, str):
                self._members(left, {right.value}, breach=breach is (op == "=="))
            return
        if of is None:
            return
        below = (op in ("<", "<=")) is (sign > 0)
        keep_above = below is breach
        if bound is None:
            if isinstance(right, Get) and _same(right.of, of.of) and self._of(right).beside is None:
                self._of(of).beside = (right.name, keep_above)
            return
        leaning = self._of(of)
        # The bound itself is a breach, or is kept: figures that are whole end one before it, or at it.
        step = 1 if _is_whole(of) and (op in ("<=", ">=")) is breach else 0
        if keep_above:
            leaning.low = max(leaning.low, bound + step)
        else:
            leaning.high = min(leaning.high, bound - step)


def _same(one: Node, other: Node) -> bool:
    return isinstance(one, Var) and isinstance(other, Var) and one.name == other.name


def _is_whole(of: Get) -> bool:
    return isinstance(of.type, Number) and of.type.whole


def _figure(left: Node, right: Node) -> tuple[Get | None, float | None]:
    """Return the fact on the left and the figure on the right, in the unit of the fact."""
    factor, offset = Fraction(1), Fraction(0)
    if isinstance(left, Scale):
        left, factor, offset = left.of, left.factor, left.offset
    if not isinstance(left, Get) or not isinstance(left.type, Number | Date):
        return None, None
    if isinstance(left.type, Date):
        return (left, 0.0) if isinstance(right, AsOf) else (None, None)
    if isinstance(right, Const | Param) and isinstance(right.value, Fraction):
        return left, float((right.value - offset) / factor)
    return left, None


def _dated(left: Node, right: Node) -> tuple[Get, float, int] | None:
    """Return the date on the left, its bound in days after the day, and 1 where later days are more."""
    if not isinstance(left, Call):
        return None
    match left.function, left.args:
        case "days_between", (Get() as day, AsOf()) if isinstance(right, Const | Param):
            return day, -float(Fraction(right.value)), -1
        case "add_years" | "add_months" as unit, (Get() as day, Const() | Param() as count):
            if isinstance(right, AsOf):
                return day, -float(Fraction(count.value)) * _YEAR[unit], 1
        case _:
            pass
    return None


def _texts(ruleset: Ruleset) -> tuple[dict[str, list[dict[str, str]]], set[tuple[str, str]]]:
    """Return by entity what rows of tables say of texts they are searched by, and what picks a row."""
    found: dict[str, list[dict[str, str]]] = {}
    picks: set[tuple[str, str]] = set()
    searched: set[tuple[str, str]] = set()
    for node in _nodes(ruleset):
        if not isinstance(node, Lookup):
            continue
        keys = {name: key for name, key in node.keys if isinstance(key, Get)}
        entity = next((k.of.type.entity for k in keys.values() if isinstance(k.of.type, Rec)), None)
        table = ruleset.tables[node.table]
        if entity is not None and table.row_key in keys:
            picks.add((entity, keys[table.row_key].name))
        if entity is None or (entity, table.id) in searched:
            continue
        searched.add((entity, table.id))
        for row in table.rows:
            said: dict[str, str] = {}
            for name, columns in table.keys.items():
                cell = next((row.cells[c] for c in columns if row.cells.get(c)), None)
                if name in keys and cell is not None:
                    said[keys[name].name] = cell if isinstance(cell, str) else str(cell[0])
            if said:
                found.setdefault(entity, []).append(said)
    return found, picks


def _nodes(ruleset: Ruleset) -> Iterator[Node]:
    for definition in ruleset.definitions.values():
        yield from walk(definition.body.node)
    for rule in ruleset.rules.values():
        yield from walk(rule.violated.node)
        if rule.applies is not None:
            yield from walk(rule.applies.node)
