"""Decision tables: from the file to the checked tree, and what no row, or more than one, answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, pairwise, product
from math import prod

from dualprev_rules.facts.possible import EVERY_NUMBER, Finite, Interval, Numbers, holds, interval, meet
from dualprev_rules.facts.schema import Schema
from dualprev_rules.facts.types import Bool, Date, Enum, Number, Type
from dualprev_rules.lang import (
    DecisionSource,
    InputSource,
    RowSource,
    Scope,
    compile_condition,
    compile_decision,
)
from dualprev_rules.lang.tree import Cell, Decide, DecisionRow, Derived, Get, Input, Node
from dualprev_rules.pack.model import Expression
from dualprev_rules.pack.resolve.faults import Faults
from dualprev_rules.pack.resolve.types import declared_range
from dualprev_rules.pack.source import Map, Scalar
from dualprev_rules.pack.spec import DecisionSpec, InputSpec
from dualprev_rules.pack.spec.scalars import BLANK

MOST_COMBINATIONS = 20_000
"""So many combinations of pieces of inputs are looked at; larger tables are left to the workbench."""
_MOST_SHOWN = 5

Piece = Numbers | str | bool
Ranges = Callable[[str, str], Numbers]
"""The range that a definition declares, by entity and name."""


def compile_table(
    spec: DecisionSpec, scope: Scope, expected: Type | None, ranges: Ranges, faults: Faults
) -> Expression | None:
    """Return the checked decision table."""
    rows = [source for row in spec.rows if (source := _row(row, faults)) is not None]
    columns = [column for column in spec.inputs if column.name is not BLANK]
    inputs = tuple(_input(column, scope, faults) for column in columns)
    source = DecisionSource(spec.hit, inputs, tuple(rows), spec.default, tuple(spec.priority))
    node, problems = compile_decision(source, scope, expected)
    if len(columns) < len(spec.inputs):
        problems = [fault for fault in problems if fault.code != "lang.unknown-input"]
    faults.add(fault for fault in problems if fault.place is not None and fault.place.file)
    if not isinstance(node, Decide) or len(rows) < len(spec.rows) or len(columns) < len(spec.inputs):
        return None
    _check_rows(node, spec, scope.schema, ranges, faults)
    return Expression(spec.hit.text, node, spec.at())


def _input(spec: InputSpec, scope: Scope, faults: Faults) -> InputSource:
    return InputSource(spec.name, spec.is_ or spec.name, _within(spec, scope, faults), spec.monotone)


def _within(spec: InputSpec, scope: Scope, faults: Faults) -> Numbers:
    """Return the range of an input, in the unit that its expression has."""
    if not any(spec.written(key) for key in ("min", "max", "above", "below")):
        return EVERY_NUMBER
    node, _ = compile_condition(spec.is_ or spec.name, scope)
    return declared_range(spec, node.type, faults) if node is not None else EVERY_NUMBER


def _row(row: Map, faults: Faults) -> RowSource | None:
    cells: dict[str, Scalar] = {}
    then: Scalar | None = None
    for key, cell in row.items():
        if not isinstance(cell, Scalar):
            written = cell.file.text[cell.start : cell.end]
            faults.note("pack.unquoted-cell", cell.place(), given=key, nearest=f'{key}: "{written}"')
            return None
        if key == "then":
            then = cell
        elif key != "note" and not cell.empty:
            cells[key] = cell
    if then is None or then.empty:
        faults.note("pack.missing-key", row.place(), given="then", nearest="then: …")
        return None
    return RowSource(cells, then, row.place().line or 0)


# --- combinations of inputs that no row answers, or several ----------------------------------------


def _check_rows(node: Decide, spec: DecisionSpec, schema: Schema, ranges: Ranges, faults: Faults) -> None:
    columns = [_fits(node, column, schema, ranges) for column in node.inputs]
    if not 0 < prod(len(column) for column in columns) <= MOST_COMBINATIONS:
        return
    overlaps: dict[tuple[int, int], str] = {}
    gaps: list[str] = []
    everything = frozenset(range(len(node.rows)))
    for combination in product(*columns):
        hits = everything.intersection(*(fit for _, fit in combination))
        if not hits and node.default is None and node.collect != "count":
            gaps.append(_shown(node.inputs, [piece for piece, _ in combination]))
        if len(hits) > 1 and node.hit in ("unique", "any"):
            for pair in _disagreeing(node, sorted(hits)):
                overlaps.setdefault(pair, _shown(node.inputs, [piece for piece, _ in combination]))
    for (first, second), shown in list(overlaps.items())[:_MOST_SHOWN]:
        place = spec.rows[second].place()
        line = spec.rows[first].place().line
        faults.note("pack.overlapping-rows", place, given=shown, line=line, hit=node.hit)
    if gaps and spec.gap is None:
        shown = "; ".join(gaps[:_MOST_SHOWN])
        faults.warn("pack.gap", spec.at_key("rows"), given=shown, count=len(gaps))


def _fits(node: Decide, column: Input, schema: Schema, ranges: Ranges) -> list[tuple[Piece, frozenset[int]]]:
    """Return the pieces of an input with the rows that each matches in its column."""
    cells = [row.cells.get(column.name) for row in node.rows]
    pieces = _pieces(column, [cell for cell in cells if cell is not None], schema, ranges)
    return [
        (piece, frozenset(i for i, cell in enumerate(cells) if cell is None or _matches(cell, piece)))
        for piece in pieces
    ]


def _disagreeing(node: Decide, hits: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield pairs of rows that match at once and must not."""
    for first, second in combinations(hits, 2):
        if node.hit == "unique" or _output(node.rows[first]) != _output(node.rows[second]):
            yield first, second


def _output(row: DecisionRow) -> object:
    return getattr(row.then, "value", row.then)


def _pieces(column: Input, cells: Sequence[Cell], schema: Schema, ranges: Ranges) -> list[Piece]:
    """Cut what an input may be into pieces that each cell matches wholly or not at all (none: a text)."""
    match column.node.type:
        case Bool():
            return [True, False]
        case Enum(members=members):
            return list(members)
        case Number(whole=whole):
            return list(_cut(_range(column, schema, ranges), cells, whole))
        case Date():
            return list(_cut(_range(column, schema, ranges), cells, True))
        case _:
            return []


def _range(column: Input, schema: Schema, ranges: Ranges) -> Numbers:
    """Return the range of an input: what the table says, within what its fact or definition says."""
    declared = _declared(column.node, schema, ranges)
    return meet(column.within, declared) or column.within


def _declared(node: Node, schema: Schema, ranges: Ranges) -> Numbers:
    match node:
        case Get(of=of, name=name):
            entity = schema.entities.get(getattr(of.type, "entity", ""))
            return entity.attributes[name].range if entity is not None else EVERY_NUMBER
        case Derived(entity=entity, name=name):
            return ranges(entity, name)
        case _:
            return EVERY_NUMBER


def _cut(within: Numbers, cells: Sequence[Cell], whole: bool) -> Iterator[Numbers]:
    if isinstance(within, Finite):
        yield from (Finite((value,)) for value in within.values)
        return
    bounds = {end for cell in cells for part in cell.ranges for end in (part.low, part.high)}
    cuts = sorted(bound for bound in bounds if bound is not None)
    ends: list[Fraction | None] = [None, *cuts, None]
    for at, (low, high) in enumerate(pairwise(ends)):
        between = interval(low, high, True, True, whole)
        open_piece = meet(within, between) if between is not None else None
        if open_piece is not None:
            yield open_piece
        if at < len(cuts):
            point = meet(within, Finite((cuts[at],)))
            if point is not None and (not whole or cuts[at].denominator == 1):
                yield point


def _matches(cell: Cell, piece: Piece) -> bool:
    if isinstance(piece, Finite | Interval):
        sample = _sample(piece)
        hit = any(holds(part, sample) for part in cell.ranges)
    else:
        hit = piece in cell.members
    return hit != cell.negated


def _sample(piece: Numbers) -> Fraction:
    """Return one of the numbers of a piece."""
    if isinstance(piece, Finite):
        return piece.values[0]
    low, high = piece.low, piece.high
    if piece.whole:
        return low if low is not None else high if high is not None else Fraction(0)
    if low is not None and high is not None:
        return (low + high) / 2
    return high - 1 if high is not None else low + 1 if low is not None else Fraction(0)


def _shown(inputs: Sequence[Input], combination: Sequence[Piece]) -> str:
    parts = (f"{column.name} {_part(piece)}" for column, piece in zip(inputs, combination, strict=True))
    return ", ".join(parts)


def _part(piece: Piece) -> str:
    """Show a piece as an author would write it in a cell."""
    if isinstance(piece, bool):
        return f"= {str(piece).lower()}"
    if isinstance(piece, str):
        return f"= {piece}"
    low = _figure(piece.low) if piece.low is not None else None
    high = _figure(piece.high) if piece.high is not None else None
    if low is not None and low == high:
        return f"= {low}"
    low_open, high_open = (piece.low_open, piece.high_open) if isinstance(piece, Interval) else (False, False)
    match low, high:
        case None, None:
            return "= …"
        case None, _:
            return f"{'<' if high_open else '<='} {high}"
        case _, None:
            return f"{'>' if low_open else '>='} {low}"
        case _:
            return f"= {'(' if low_open else '['}{low}..{high}{')' if high_open else ']'}"


def _figure(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    shown = float(value)
    return str(shown) if Fraction(str(shown)) == value else str(value)
