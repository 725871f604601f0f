"""What of a pack its cases try: rules, rows, branches, both sides of figures, unknown facts.

Counted on the conditions as they are written, by what the reference records while it judges the
expectations of the cases; not on what another evaluator makes of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Literal

from dualprev_rules.engine import Engine
from dualprev_rules.evaluate.reference import Reference
from dualprev_rules.evaluate.render import number
from dualprev_rules.evaluate.trace import Step
from dualprev_rules.evaluate.values import FALSE, TRUE, truth
from dualprev_rules.facts.possible import Finite
from dualprev_rules.facts.record import Facts, Record
from dualprev_rules.facts.types import Bool, Date, Number
from dualprev_rules.lang.names import SELF
from dualprev_rules.lang.tree import (
    Aggregate,
    Compare,
    Const,
    Decide,
    Get,
    Input,
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
from dualprev_rules.pack.load import read_cases, read_packs
from dualprev_rules.pack.model import Case, Definition, Expression, Rule, Ruleset, TableRow
from dualprev_rules.pack.read import PackSource
from dualprev_rules.pack.registry import functions
from dualprev_rules.problems import Place
from dualprev_rules.standards.reads import read_by_rules

Kind = Literal["rule", "row", "branch", "boundary", "unknown"]
KINDS: tuple[Kind, ...] = ("rule", "row", "branch", "boundary", "unknown")
_KEPT = ("compliant", "not_applicable")
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_BELOW, _AT, _ABOVE = "<", "=", ">"
_OPERATOR: Mapping[str | None, Literal["<", "==", ">", "!="]] = {"<": "<", "=": "==", ">": ">", None: "!="}


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that a case should try."""

    kind: Kind
    part: str
    """The rule, definition (``entity.name``) or table."""
    what: str
    """The outcome, row, condition with its truth, figure with its side, or fact."""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """The points of a pack, and those that a case tries."""

    pack: str
    points: tuple[Point, ...]
    tried: frozenset[Point]

    def count(self, kind: Kind) -> tuple[int, int]:
        """Return how many points of a kind are tried, and how many there are."""
        of = [point for point in self.points if point.kind == kind]
        return sum(point in self.tried for point in of), len(of)

    def left(self, kind: Kind) -> list[Point]:
        """Return the points of a kind that no case tries."""
        return [point for point in self.points if point.kind == kind and point not in self.tried]


def tried(
    pack: str | Path,
    also: Sequence[str | Path] = (),
    *,
    source: PackSource | None = None,
    drafts: bool = False,
) -> Tried:
    """Return what the cases of a pack try, on the days of its cases; ``also`` are packs that it builds on.

    Cases that nobody has confirmed count with ``drafts`` only. Raises DualprevError where packs do not load.
    """
    if source is None:
        [source] = read_packs([pack])

    @cache
    def engine(day: Any, profile: str) -> Engine:
        return Engine.load(packs=[*also, pack], profile=profile, as_of=day)

    points: dict[Point, None] = {}
    found: set[Point] = set()
    watched: dict[int, Watch] = {}
    for case in read_cases(source):
        on = engine(case.as_of, case.profile)
        watch = watched.get(id(on))
        if watch is None:
            watch = watched[id(on)] = Watch(on.ruleset, source.id)
            points |= dict.fromkeys(watch.points)
        if case.confirmed or drafts:
            found |= watch.of_case(case, on.read(case.facts))
    return Tried(source.id, tuple(points), frozenset(found))


class Watch:
    """The points of one ruleset, found again in what the reference records."""

    def __init__(self, ruleset: Ruleset, pack: str) -> None:
        self.ruleset = ruleset
        self._functions = functions()
        self._owners: dict[int, list[tuple[str, Expression, Node]]] = {}
        """Node, by its ``id`` → part and expression that it stands in."""
        self._rows = {id(row): table for table in ruleset.tables.values() for row in table.rows}
        self._reads: dict[str, frozenset[tuple[str, str]]] = {}
        self.points: list[Point] = []
        for rule in ruleset.rules.values():
            if rule.pack == pack and rule.standing == "decides":
                self._rule(rule)
        for definition in ruleset.definitions.values():
            if definition.pack == pack and definition.not_encoded is None:
                self._part(definition.id, [e for e in (definition.when, definition.body) if e is not None])
        looked_up = {node.table for node, *_ in self._nodes() if isinstance(node, Lookup)}
        for table in ruleset.tables.values():
            if table.pack == pack and table.id in looked_up:
                self.points += [self._table_row(table.id, row) for row in table.rows]
                self._part(table.id, [row.when for row in table.rows if row.when is not None])

    # --- the points there are ---------------------------------------------------------------------

    def _rule(self, rule: Rule) -> None:
        place = rule.place or rule.violated.place
        outcomes = ("violated", "kept", "undetermined")
        self.points += [Point("rule", rule.id, outcome, place) for outcome in outcomes]
        reads = self._reads[rule.id] = read_by_rules(self.ruleset, [rule])
        self.points += [Point("unknown", rule.id, ".".join(fact), place) for fact in sorted(reads)]
        self._part(rule.id, [e for e in (rule.applies, rule.violated, rule.unless) if e is not None])

    def _part(self, part: str, expressions: Iterable[Expression]) -> None:
        for expression in expressions:
            for node in walk(expression.node):
                self._owners.setdefault(id(node), []).append((part, expression, node))
                self.points += _points(part, expression, node)

    def _nodes(self) -> Iterator[tuple[Node, str]]:
        return ((node, part) for owners in self._owners.values() for part, _, node in owners)

    @staticmethod
    def _table_row(table: str, row: TableRow) -> Point:
        return Point("row", table, row.no or str(row.cells.get("no", "")))

    def sides(self) -> Iterator[tuple[Point, Node]]:
        """Yield the points at figures, each with the condition that a case of it meets.

        Those within a loop are left out: their records are none that could be asked about alone.
        """
        for owners in self._owners.values():
            for part, expression, node in owners:
                yield from ((point, side) for point, side in _sides(part, expression, node) if _stands(side))

    # --- the points that a case tries ---------------------------------------------------------------

    def of_case(self, case: Case, facts: Facts) -> set[Point]:
        """Return the points that the expectations of a case try."""
        records = [record for record in facts.records() if not record.phantom]
        by_name = {r.path: r for r in records} | {r.short: r for r in records}
        found: set[Point] = set()
        for key, expected in case.expect.items():
            name, colon, last = key.partition(": ")
            if not colon:
                name, _, last = key.strip().rpartition(".")
            record = by_name.get(name.strip())
            if record is None:
                continue
            rule = self.ruleset.rules.get(last.strip()) if colon else None
            definition = None if colon else self.ruleset.definitions.get((record.entity.name, last))
            found |= self._of_expectation(rule, definition, record, str(expected))
        return found

    def _of_expectation(
        self, rule: Rule | None, definition: Definition | None, record: Record, expected: str
    ) -> set[Point]:
        reference = Reference(self.ruleset, self._functions, tracing=True)
        found: set[Point] = set()
        if rule is not None:
            reference.outcome(rule, record)
            place = rule.place or rule.violated.place
            outcome = "kept" if expected in _KEPT else expected if expected == "violated" else "undetermined"
            found.add(Point("rule", rule.id, outcome, place))
        elif definition is not None:
            reference.define(definition, record)
        for step in reference.traces.values():
            found |= self._of_step(step, rule)
        return found

    def _of_step(self, step: Step, rule: Rule | None) -> set[Point]:
        found: set[Point] = set()
        for part, expression, node in self._owners.get(id(step.node), ()):
            found |= set(_tried(part, expression, node, step))
        match step.node:
            case Get(of=of, name=name) if rule is not None and not step.value.known:
                fact = getattr(of.type, "entity", ""), name
                if fact in self._reads.get(rule.id, ()):
                    place = rule.place or rule.violated.place
                    found.add(Point("unknown", rule.id, ".".join(fact), place))
            case Lookup():
                rows: Any = step.value.possible or ()
                if len(rows) == 1 and id(rows[0]) in self._rows:
                    found.add(self._table_row(self._rows[id(rows[0])].id, rows[0]))
            case _:
                pass
        for inner in step.steps:
            found |= self._of_step(inner, rule)
        return found


def _points(part: str, expression: Expression, node: Node) -> Iterator[Point]:
    """Yield the points of one node."""
    text = _shown(expression, node)
    if isinstance(node, Decide):
        for at, row in enumerate((*node.rows, *((node.default,) if node.default else ()))):
            yield Point("row", part, _row(at, node), _line(expression, row.line))
    elif _branches(node):
        for side in ("true", "false"):
            yield Point("branch", part, f"{text}: {side}", expression.place)
    yield from (point for point, _ in _sides(part, expression, node))


def _sides(part: str, expression: Expression, node: Node) -> Iterator[tuple[Point, Node]]:
    """Yield the points at the figures of one node, each with the condition that a case of it meets."""
    place = expression.place
    if isinstance(node, Decide):
        for column in node.inputs:
            for figure, beside in _ends(node, column):
                for side in (_AT, beside):
                    what = f"{column.name} {side} {_written(figure, column)}"
                    end = Const(type=column.node.type, span=column.node.span, value=figure)
                    yield Point("boundary", part, what, place), _lying(column.node, side, end)
    elif isinstance(node, Compare) and (side := _figure(node)) is not None:
        text = _shown(expression, node)
        right = side == "right"
        measured, figure = (node.left, node.right) if right else (node.right, node.left)
        other = _other_side(node.op if right else _MIRRORED.get(node.op, node.op))
        yield Point("boundary", part, f"{text}: =", place), _lying(measured, _AT, figure)
        yield Point("boundary", part, f"{text}: ≠", place), _lying(measured, other, figure)


def _lying(measured: Node, side: str | None, figure: Node) -> Node:
    """Return the condition that what is measured lies at a figure, or on a side of it (None: on any)."""
    op = _OPERATOR[side]
    return Compare(type=Bool(), span=measured.span, op=op, left=measured, right=figure)


def _tried(part: str, expression: Expression, node: Node, step: Step) -> Iterator[Point]:
    """Yield the points of one node that its value tries."""
    text = _shown(expression, node)
    if isinstance(node, Decide):
        yield from _tried_of_table(part, expression, node, step)
        return
    if _branches(node) and truth(step.value) in (TRUE, FALSE):
        side = "true" if truth(step.value) == TRUE else "false"
        yield Point("branch", part, f"{text}: {side}", expression.place)
    side = _figure(node)
    if side is not None and len(step.steps) == 2:
        assert isinstance(node, Compare)
        measured, figure = (
            (step.steps[0], step.steps[1]) if side == "right" else (step.steps[1], step.steps[0])
        )
        values = measured.value.possible, figure.value.possible
        if all(isinstance(each, Finite) and len(each.values) == 1 for each in values):
            lies = _lies(values[0].values[0], values[1].values[0])
            op = node.op if side == "right" else _MIRRORED.get(node.op, node.op)
            if lies == _AT:
                yield Point("boundary", part, f"{text}: =", expression.place)
            elif lies == _other_side(op) or _other_side(op) is None:
                yield Point("boundary", part, f"{text}: ≠", expression.place)


def _tried_of_table(part: str, expression: Expression, node: Decide, step: Step) -> Iterator[Point]:
    fits: set[frozenset[int]] = step.note or set()
    if len(fits) == 1:
        (hit,) = fits
        taken = [min(hit)] if hit and node.hit == "first" else sorted(hit) if hit else [len(node.rows)]
        for at in taken:
            row = node.rows[at] if at < len(node.rows) else node.default
            if row is not None:
                yield Point("row", part, _row(at, node), _line(expression, row.line))
    for column, given in zip(node.inputs, step.steps, strict=False):
        possible = given.value.possible
        if isinstance(possible, Finite) and len(possible.values) == 1:
            for figure, beside in _ends(node, column):
                side = _lies(possible.values[0], figure)
                if side in (_AT, beside):
                    what = f"{column.name} {side} {_written(figure, column)}"
                    yield Point("boundary", part, what, expression.place)


def _stands(node: Node) -> bool:
    """Tell whether a node reads no variable of a loop around it."""
    below = walk(node)
    own = {part.var for part in below if isinstance(part, Quantify | Aggregate)}
    return all(part.name in (SELF, *own) for part in below if isinstance(part, Var))


def _branches(node: Node) -> bool:
    """Tell whether a node is a condition that decides by itself."""
    return isinstance(node.type, Bool) and not isinstance(node, Const | Param | Logic | Not | Decide)


def _figure(node: Node) -> Literal["left", "right"] | None:
    """Return on which side of a comparison a figure stands that no fact changes."""
    if not isinstance(node, Compare) or not isinstance(node.left.type, Number | Date):
        return None
    sides: tuple[tuple[Literal["left", "right"], Node, Node], ...]
    sides = ("right", node.right, node.left), ("left", node.left, node.right)
    for side, of, other in sides:
        inner = of.of if isinstance(of, Scale) else of
        if isinstance(inner, Const | Param) and not isinstance(other, Const | Param):
            return side
    return None


def _other_side(op: str) -> str | None:
    """Return where the comparison turns out otherwise than at its figure; None: on either side."""
    return {"<": _BELOW, ">=": _BELOW, "<=": _ABOVE, ">": _ABOVE}.get(op)


def _lies(value: Any, figure: Any) -> str:
    return _AT if value == figure else _BELOW if value < figure else _ABOVE


def _ends(node: Decide, column: Input) -> list[tuple[Any, str]]:
    """Return the figures of a column, each with the side on which a row ends there."""
    found: dict[tuple[Any, str], None] = {}
    for cell in (row.cells[column.name] for row in node.rows if column.name in row.cells):
        for part in cell.ranges:
            if isinstance(part, Finite):
                found |= dict.fromkeys((value, _BELOW) for value in part.values)
                continue
            for end, is_open, low in ((part.low, part.low_open, True), (part.high, part.high_open, False)):
                if end is not None:
                    found[end, _BELOW if low != is_open else _ABOVE] = None
    return list(found)


def _written(figure: Fraction, column: Input) -> str:
    is_day = isinstance(column.node.type, Date)
    return date.fromordinal(int(figure)).isoformat() if is_day else number(figure)


def _row(at: int, node: Decide) -> str:
    """Return how a row of a decision table is called."""
    if at == len(node.rows):
        return "default"
    row = node.rows[at]
    cells = [f"{name}: {cell.text}" for name, cell in row.cells.items()]
    return ", ".join([*cells, f"then: {row.text}"])


def _shown(expression: Expression, node: Node) -> str:
    return " ".join(expression.text[node.span.start : node.span.end].split())


def _line(expression: Expression, line: int) -> Place | None:
    place = expression.place
    return Place(place.file, line) if place is not None and line else place
