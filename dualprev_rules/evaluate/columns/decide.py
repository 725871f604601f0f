"""Decision tables: which of their rows match in each row of a table, and what the hit policy gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, Any

import polars as pl

from dualprev_rules.evaluate import decision
from dualprev_rules.evaluate.columns import numbers, unite
from dualprev_rules.evaluate.columns.constants import of_value
from dualprev_rules.evaluate.columns.names import Env
from dualprev_rules.evaluate.columns.reading import bits, bits_of
from dualprev_rules.evaluate.columns.tables import Table
from dualprev_rules.evaluate.columns.things import (
    CannotLower,
    Flag,
    Mask,
    Num,
    Thing,
    Truth,
    Word,
    any_flag,
    negation,
    perhaps,
    surely,
)
from dualprev_rules.evaluate.values import decided
from dualprev_rules.facts.possible import EVERY_NUMBER, EVERY_TEXT, Finite, Interval, Numbers, Value
from dualprev_rules.lang.tree import Const, Decide, DecisionRow, Input, Param

if TYPE_CHECKING:
    from dualprev_rules.evaluate.columns.lower import Lowering

Fit = frozenset[int]
MOST_FITS = 400
"""A table in which more sets of rows may match together is left to the exact evaluator."""


def decide(low: Lowering, node: Decide, env: Env, at: Table) -> Thing:
    """Return what the table gives."""
    fits: dict[Fit, pl.Expr] = {frozenset(range(len(node.rows))): pl.lit(True)}
    loose: Flag = None
    single = True
    for column in node.inputs:
        thing = at.held(low.thing(column.node, env, at))
        pieces, doubt, only = _pieces(node, column, thing)
        loose, single = any_flag((loose, doubt)), single and only
        found: dict[Fit, list[pl.Expr]] = {}
        for fit, where in fits.items():
            for piece, possible in pieces.items():
                found.setdefault(fit & piece, []).append(where & possible)
        if len(found) > MOST_FITS:
            raise CannotLower
        wheres = [reduce(lambda a, b: a | b, each) for each in found.values()]
        fits = dict(zip(found, at.hold_all(wheres), strict=True))
    return _outputs(low, node, fits, env, at, loose, single=single)


def _pieces(node: Decide, column: Input, thing: Thing) -> tuple[dict[Fit, pl.Expr], Flag, bool]:
    """Return the sets of rows that an input's pieces match, where each is possible, and where that is loose.

    Last: whether just one is possible in every row.
    """
    cells = [row.cells.get(column.name) for row in node.rows]
    asked = [cell for cell in cells if cell is not None]

    def fit(piece: Any) -> Fit:
        return frozenset(i for i, cell in enumerate(cells) if cell is None or decision.matches(cell, piece))

    found: dict[Fit, pl.Expr] = {}

    def may(piece: Any, possible: pl.Expr) -> None:
        _add(found, fit(piece), possible)

    gone = getattr(thing, "gone", None)
    of: Any = thing if gone is None else thing.core  # type: ignore[union-attr]
    loose, only = thing.loose, False
    match of:
        case Truth():
            may(True, perhaps(of))
            may(False, perhaps(negation(of)))
            only = not of.nulls
        case Num():
            near: list[Flag] = []
            gaps = None if of.dense else of.gaps
            at_ends: dict[Fit, pl.Expr] = {}
            for piece in decision.pieces(EVERY_NUMBER, asked):
                if of.whole and isinstance(piece, Interval) and not _holds_whole(piece):
                    continue
                if of.positive and piece.high is not None and not _reaches_zero(piece):
                    continue
                possible, doubt = _reaches(of, piece)
                may(piece, possible)
                near.append(doubt)
                if gaps is not None:
                    _add(at_ends, fit(piece), _holds_end(of, piece))
            in_gaps = None
            if gaps is not None:
                # Where an end lies is possible for sure; what lies between the two may not be.
                between = [where & ~at_ends[each] for each, where in found.items()]
                in_gaps = gaps & (of.lo != of.hi) & reduce(lambda a, b: a | b, between)
            loose = any_flag((loose, in_gaps, *near))
            # Within the rounding error of a bound both sides of it are possible.
            only = of.known and not any(each is not None for each in near)
        case Mask(members=members):
            bit = bits_of(members)
            for member in members:
                may(member, (of.bits & bits(bit[member], members)) != 0)
            may(None, (of.bits & bits(1 << len(members), members)) != 0)
            only = of.known
        case Word():
            named = [piece for piece in decision.pieces(EVERY_TEXT, asked) if piece is not None]
            for text in named:
                may(text, (of.text == text).fill_null(True))
            may(None, (~of.text.is_in(named)).fill_null(True))
            only = not of.nulls
        case _:  # pyright: ignore[reportUnknownVariableType]
            raise CannotLower
    if gone is not None:
        found = {matched: where & (gone < 2) for matched, where in found.items()}
        nothing = frozenset(i for i, cell in enumerate(cells) if cell is None)
        possible = gone > 0
        found[nothing] = found[nothing] | possible if nothing in found else possible
        only = False
    return found, loose, only


def _add(to: dict[Fit, pl.Expr], fit: Fit, where: pl.Expr) -> None:
    to[fit] = to[fit] | where if fit in to else where


def _reaches_zero(piece: Numbers) -> bool:
    """Tell whether some of a piece is not below 0."""
    assert piece.high is not None
    return piece.high > 0 or (piece.high == 0 and isinstance(piece, Finite))


def _holds_whole(piece: Interval) -> bool:
    if piece.low is None or piece.high is None:
        return True
    return piece.high - piece.low > 1 or (piece.low.__floor__() + 1) < piece.high


def _reaches(x: Num, piece: Numbers) -> tuple[pl.Expr, Flag]:
    """Return where a number may lie in a piece: a point, or all between two points."""
    if isinstance(piece, Finite):
        at = numbers.constant(piece.values[0])
        under, near = numbers.less(x, at, strict=False), numbers.less(at, x, strict=False)
        # Some part of it is not above the point, and some not below.
        return perhaps(under) & perhaps(near), any_flag((under.loose, near.loose))
    assert isinstance(piece, Interval)
    parts = _within(x, piece)
    possible = reduce(lambda a, b: a & b, (perhaps(part) for part in parts), pl.lit(True))
    return possible, any_flag(part.loose for part in parts)


def _holds_end(x: Num, piece: Numbers) -> pl.Expr:
    """Return where one of the ends of a number surely lies within a piece, not at its border."""
    if isinstance(piece, Finite):
        return pl.lit(False)
    ends = [replace(x, lo=end, hi=end, known=True, raw=None, loose=None, value=None) for end in (x.lo, x.hi)]
    sure = [reduce(lambda a, b: a & b, map(surely, _within(end, piece)), pl.lit(True)) for end in ends]
    return sure[0] | sure[1]


def _within(x: Num, piece: Interval) -> list[Truth]:
    """Return the comparisons by which a number lies between the borders of a piece."""
    parts: list[Truth] = []
    if piece.low is not None:
        parts.append(numbers.less(numbers.constant(piece.low), x, strict=True))
    if piece.high is not None:
        parts.append(numbers.less(x, numbers.constant(piece.high), strict=True))
    return parts


def _outputs(
    low: Lowering,
    node: Decide,
    fits: Mapping[Fit, pl.Expr],
    env: Env,
    at: Table,
    loose: Flag,
    *,
    single: bool,
) -> Thing:
    parts: list[tuple[pl.Expr, Thing]] = []
    for fit in sorted(fits, key=sorted):
        results = _by_policy(low, node, fit, env, at)
        single = single and len(results) == 1
        parts += [(fits[fit], result) for result in results]
    return unite.union(at, parts, loose, single=single)


def _by_policy(low: Lowering, node: Decide, fit: Fit, env: Env, at: Table) -> list[Thing]:
    """Return what the hit policy gives for the rows that match."""
    if node.hit in ("unique", "any", "first"):
        rows = [node.rows[i] for i in sorted(fit)] or ([node.default] if node.default else [])
        if not rows:
            return [unite.gone_everywhere(unite.ranged(node.type, EVERY_NUMBER))]
        taken = rows[:1] if node.hit == "first" else rows
        return [low.thing(row.then, env, at) for row in taken]
    return [of_value(decision.outputs(node, [fit], _written), node.type)]


def _written(row: DecisionRow) -> Value:
    """Return an output that stands in the table."""
    if not isinstance(row.then, Const | Param):
        raise CannotLower
    return decided(row.then.value)
