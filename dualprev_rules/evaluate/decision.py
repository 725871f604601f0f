"""Decision tables with DMN's hit policies over inputs that may be open.

The possible outputs are those that the hit policy gives over all combinations of what the inputs may
be. Each input is cut at the table's own bounds; each piece fits a set of rows; what matters of an
input is only which sets of rows its pieces fit.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dualprev_rules.evaluate.values import NO_CAUSES, count_true, decided, extreme, union
from dualprev_rules.evaluate.values import arithmetic as calculate
from dualprev_rules.facts.possible import (
    EVERY_TEXT,
    Absent,
    Cause,
    Finite,
    Interval,
    Numbers,
    Value,
    holds,
    interval,
    meet,
)
from dualprev_rules.lang.tree import Cell, Decide, Input

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dualprev_rules.evaluate.reference import Reference

Fit = frozenset[int]
"""Rows, by position, that a combination of inputs matches."""


def decide(reference: Reference, node: Decide, env: Mapping[str, Value]) -> Value:
    """Return what the table gives; no value where a combination matches no row and there is no default."""
    inputs = [reference.value(column.node, env) for column in node.inputs]
    fits: set[Fit] = {frozenset(range(len(node.rows)))}
    for column, value in zip(node.inputs, inputs, strict=True):
        pieces = _fits(node, column, value)
        fits = {fit & piece for fit in fits for piece in pieces}
    causes = NO_CAUSES.union(*(value.causes for value in inputs))
    reference.note(fits)
    outputs: list[Value] = []
    for fit in sorted(fits, key=sorted):
        outputs += _outputs(reference, node, fit, env)
    if len(fits) == 1 and len(outputs) == 1 and outputs[0].absent is Absent.NEVER:
        return outputs[0]
    if any(output.absent for output in outputs) and not causes:
        me = env.get("self")
        path = me.possible[0].path if me is not None else node.inputs[0].name
        causes = frozenset((Cause(path, "gap"),))
    return union(outputs, causes) if len(outputs) > 1 else Value(
        outputs[0].possible, outputs[0].absent, outputs[0].causes | causes, outputs[0].within
    )


def _fits(node: Decide, column: Input, value: Value) -> set[Fit]:
    """Return the sets of rows that the pieces of an input's possible values match in its column."""
    cells = [row.cells.get(column.name) for row in node.rows]
    found: set[Fit] = set()
    if value.absent is not Absent.SURELY:
        for piece in _pieces(value.possible, [cell for cell in cells if cell is not None], column.within):
            found.add(frozenset(i for i, cell in enumerate(cells) if cell is None or matches(cell, piece)))
    if value.absent is not Absent.NEVER:
        # An input with no value matches no cell.
        found.add(frozenset(i for i, cell in enumerate(cells) if cell is None))
    return found


def _pieces(possible: Any, cells: list[Cell], within: Numbers) -> Iterable[Any]:
    """Cut what is possible into pieces that every cell matches wholly or not at all."""
    if possible is EVERY_TEXT:
        named = sorted({str(member) for cell in cells for member in cell.members})
        return [*named, None]
    if isinstance(possible, frozenset):
        return sorted(possible, key=str)
    if isinstance(possible, Finite):
        return [Finite((v,)) for v in possible.values]
    assert isinstance(possible, Interval)
    inside = meet(possible, within) or possible
    bounds = {end for cell in cells for part in cell.ranges for end in (part.low, part.high)}
    cuts = sorted(bound for bound in bounds if bound is not None)
    pieces: list[Numbers | None] = [meet(inside, Finite((cut,))) for cut in cuts]
    ends: list[Fraction | None] = [None, *cuts, None]
    for low, high in zip(ends, ends[1:], strict=False):
        gap = interval(low, high, True, True)
        pieces.append(meet(inside, gap) if gap is not None else None)
    return [piece for piece in pieces if piece is not None]


def matches(cell: Cell, piece: Any) -> bool:
    """Return whether a cell matches a piece, which lies wholly on one side of each of its bounds."""
    if isinstance(piece, Finite | Interval):
        sample = _sample(piece)
        hit = any(holds(part, sample) for part in cell.ranges)
    else:
        hit = piece in cell.members
    return hit != cell.negated


def _sample(piece: Numbers) -> Fraction:
    low, high = piece.low, piece.high
    if isinstance(piece, Finite):
        return piece.values[0]
    if low is not None and high is not None:
        return (low + high) / 2
    return high - 1 if high is not None else low + 1 if low is not None else Fraction(0)


def _outputs(reference: Reference, node: Decide, fit: Fit, env: Mapping[str, Value]) -> list[Value]:
    """Return what the hit policy gives for the rows that match."""
    rows = [node.rows[i] for i in sorted(fit)]
    if node.hit == "collect" and node.collect == "count":
        return [count_true(decided(True) for _ in rows)]
    if not rows:
        if node.default is not None:
            return [reference.value(node.default, env)]
        return [Value(None, Absent.SURELY, NO_CAUSES, _within(node))]
    results = [reference.value(row.then, env) for row in rows]
    match node.hit:
        case "first":
            return results[:1]
        case "priority":
            return [_first_by_priority(node, results)]
        case "collect":
            total = results[0]
            for result in results[1:]:
                collect = node.collect or "sum"
                total = calculate("+", total, result) if collect == "sum" else extreme(collect, total, result)
            return [total]
        case _:
            # Two rows of a unique table at once are a fault of the pack; either may be meant.
            return list(dict.fromkeys(results))


def _first_by_priority(node: Decide, results: list[Value]) -> Value:
    """Return the result that stands first in the order of outputs; for numbers, the smallest."""
    if node.priority:
        return min(results, key=lambda r: _rank(r, node.priority))
    order = getattr(node.type, "members", ())
    if order:
        return min(results, key=lambda r: _rank(r, order))
    best = results[0]
    for result in results[1:]:
        best = extreme("min", best, result)
    return best


def _rank(result: Value, order: tuple[str, ...]) -> int:
    text = next(iter(result.possible))
    return order.index(str(text)) if str(text) in order else len(order)


def _within(node: Decide) -> Any:
    from dualprev_rules.evaluate.reference import every_of
    from dualprev_rules.facts.possible import EVERY_NUMBER

    return every_of(node.type, EVERY_NUMBER)


