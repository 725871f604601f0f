"""Decision tables with DMN's hit policies over inputs that may be open.

The possible outputs are those that the hit policy gives over all combinations of what the inputs may
be. Each input is cut at the table's own bounds; each piece fits a set of rows; what matters of an
input is only which sets of rows its pieces fit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

from dualprev_rules.evaluate.values import NO_CAUSES, count_true, decided, extreme, make, present, union
from dualprev_rules.evaluate.values import arithmetic as calculate
from dualprev_rules.facts.possible import (
    EVERY_TEXT,
    Absent,
    Cause,
    Finite,
    Interval,
    Numbers,
    Value,
    finite,
    holds,
    interval,
    meet,
)
from dualprev_rules.facts.types import Date, Number
from dualprev_rules.lang.tree import Cell, Decide, DecisionRow, Input
from dualprev_rules.pack.model import Expression

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dualprev_rules.evaluate.reference import Reference

Fit = frozenset[int]
"""Rows, by position, that a combination of inputs matches."""


def decide(reference: Reference, node: Decide, env: Mapping[str, Value]) -> Value:
    """Return what the table gives; no value where a combination matches no row and there is no default."""
    fits: set[Fit] = {frozenset(range(len(node.rows)))}
    causes = NO_CAUSES
    for column in node.inputs:
        value = reference.run(Expression(column.text, column.node), env)
        fitting = pieces_fit(node, column, value)
        if len(fitting) > 1:
            causes |= value.causes
        fits = {fit & piece for fit in fits for piece in fitting}
    reference.note(fits)
    result = outputs(node, fits, lambda row: reference.run(Expression(row.text, row.then), env), causes)
    if result.known or result.causes:
        return result
    # Nothing is open but the table itself: no row, or rows that contradict each other.
    (record,) = env["self"].possible
    return replace(result, causes=frozenset((Cause(record.path, "gap"),)))


def pieces_fit(node: Decide, column: Input, value: Value) -> set[Fit]:
    """Return the sets of rows that the pieces of an input's possible values match in its column."""
    cells = [row.cells.get(column.name) for row in node.rows]
    found: set[Fit] = set()
    if value.absent is not Absent.SURELY:
        for piece in pieces(value.possible, [cell for cell in cells if cell is not None]):
            found.add(frozenset(i for i, cell in enumerate(cells) if cell is None or matches(cell, piece)))
    if value.absent is not Absent.NEVER:
        # An input with no value matches no cell.
        found.add(frozenset(i for i, cell in enumerate(cells) if cell is None))
    return found


def pieces(possible: Any, cells: list[Cell]) -> Iterable[Any]:
    """Cut what is possible into pieces that every cell matches wholly or not at all."""
    if possible is EVERY_TEXT:
        named = sorted({str(member) for cell in cells for member in cell.members})
        return [*named, None]
    if isinstance(possible, frozenset):
        return sorted(cast("frozenset[str | bool]", possible), key=str)
    if isinstance(possible, Finite):
        return [Finite((v,)) for v in possible.values]
    assert isinstance(possible, Interval)
    bounds = {end for cell in cells for part in cell.ranges for end in (part.low, part.high)}
    cuts = sorted(bound for bound in bounds if bound is not None)
    cut: list[Numbers | None] = [meet(possible, Finite((at,))) for at in cuts]
    ends: list[Fraction | None] = [None, *cuts, None]
    for low, high in pairwise(ends):
        gap = interval(low, high, True, True)
        cut.append(meet(possible, gap) if gap is not None else None)
    return [piece for piece in cut if piece is not None]


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


def outputs(
    node: Decide,
    fits: Iterable[Fit],
    output: Callable[[DecisionRow], Value],
    causes: frozenset[Cause] = NO_CAUSES,
) -> Value:
    """Return what the hit policy gives, it being open which set of rows matches."""
    found: list[Value] = []
    for fit in sorted(fits, key=sorted):
        found += _by_policy(node, fit, output)
    return union(found, causes)


def _by_policy(node: Decide, fit: Fit, output: Callable[[DecisionRow], Value]) -> list[Value]:
    """Return what the hit policy gives for the rows that match."""
    rows = [node.rows[i] for i in sorted(fit)]
    if node.hit == "collect" and node.collect == "count":
        return [count_true(decided(True) for _ in rows)]
    if not rows and node.default is not None:
        rows = [node.default]
    if not rows:
        return [Value(None, Absent.SURELY, NO_CAUSES, _within(node))]
    taken = rows[:1] if node.hit == "first" else rows
    results = [output(row) for row in taken]
    match node.hit:
        case "first":
            return results
        case "priority":
            return [_first_by_priority(node, results)]
        case "collect":
            if node.collect != "sum":
                return [_fold(node.collect or "min", results)]
            return [reduce(lambda total, result: calculate("+", total, result), results)]
        case _:
            # Two rows of a unique table at once are a fault of the pack; either may be meant.
            return list(dict.fromkeys(results))


def _first_by_priority(node: Decide, results: list[Value]) -> Value:
    """Return the result that stands first in the order of outputs; of numbers and dates, the smallest."""
    if isinstance(node.type, Number | Date):
        return _fold("min", results)
    things = {str(thing): thing for result in results for thing in present(result)}
    order = [*node.priority, *sorted(things.keys() - set(node.priority), key=_position(node))]
    ranked = [
        make(finite(Fraction(order.index(str(thing))) for thing in present(result)), result.causes)
        for result in results
    ]
    first = _fold("min", ranked)
    return make(frozenset(things[order[int(rank)]] for rank in first.possible.values), first.causes)


def _fold(kind: str, results: list[Value]) -> Value:
    best = results[0]
    for result in results[1:]:
        best = extreme(kind, best, result)
    return best


def _position(node: Decide) -> Callable[[str], tuple[int, str]]:
    """Return the order of outputs that ``priority`` does not list: as the enum has its members."""
    members: tuple[str, ...] = getattr(node.type, "members", ())
    return lambda text: (members.index(text) if text in members else len(members), text)


def _within(node: Decide) -> Any:
    from dualprev_rules.evaluate.reference import every_of
    from dualprev_rules.facts.possible import EVERY_NUMBER

    return every_of(node.type, EVERY_NUMBER)
