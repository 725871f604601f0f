"""Boxes of a table as an author would write them: cells, a row to paste, a point to try."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from json import dumps

from dualprev_rules.facts.possible import Finite, Interval, Numbers
from dualprev_rules.facts.quantity import parse_number
from dualprev_rules.facts.types import Date, Number
from dualprev_rules.facts.units import NUMBER
from dualprev_rules.lang.numbers import declared
from dualprev_rules.standards.axis import Axis, Piece
from dualprev_rules.standards.runs import Runs, without


def cell(axis: Axis, runs: Runs) -> str:
    """Return the positions of an axis as the text of a cell; empty where they are all."""
    runs = tuple((low, min(high, len(axis.pieces))) for low, high in runs if low < len(axis.pieces))
    if runs == ((0, len(axis.pieces)),):
        return ""
    if axis.ordered:
        return ", ".join(_span(axis, axis.pieces[low], axis.pieces[high - 1]) for low, high in runs)
    named = [piece for low, high in runs for piece in axis.pieces[low:high]]
    if None in named:
        others = without((0, len(axis.pieces)), runs)
        left = [piece for low, high in others for piece in axis.pieces[low:high]]
        return f"not({', '.join(_member(piece) for piece in left)})"
    return ", ".join(_member(piece) for piece in named)


def row(axes: Sequence[Axis], box: Sequence[Runs], then: str = "?") -> str:
    """Return a box as a row of a YAML table; what it gives is for the author to say."""
    cells = {axis.input.name: cell(axis, runs) for axis, runs in zip(axes, box, strict=True)}
    parts = [f"{name}: {dumps(text, ensure_ascii=False)}" for name, text in cells.items() if text]
    return f"- {{{', '.join([*parts, f'then: {dumps(then, ensure_ascii=False)}'])}}}"


def point(axes: Sequence[Axis], box: Sequence[Runs]) -> dict[str, str]:
    """Return one combination of a box, by input."""
    found: dict[str, str] = {}
    for axis, runs in zip(axes, box, strict=True):
        position = runs[0][0] if runs else len(axis.pieces)
        if position < len(axis.pieces):
            found[axis.input.name] = _sample(axis, axis.pieces[position])
    return found


def sample(piece: Numbers) -> Fraction:
    """Return one of the numbers of a piece: an end that belongs to it, else one between."""
    if isinstance(piece, Finite):
        return piece.values[0]
    low, high = piece.low, piece.high
    if low is not None and not piece.low_open:
        return low
    if high is not None and not piece.high_open:
        return high
    if low is not None and high is not None:
        return (low + high) / 2
    return high - 1 if high is not None else low + 1 if low is not None else Fraction(0)


def figure(value: Fraction) -> str:
    """Return a number as an author writes it: a decimal where it is one, else a fraction."""
    if value.denominator == 1:
        return str(value.numerator)
    shown = repr(float(value))
    return shown if parse_number(shown) == value else str(value)


def _sample(axis: Axis, piece: Piece) -> str:
    if isinstance(piece, Finite | Interval):
        return _shown(axis, sample(piece))
    if piece is None:
        return "…"
    return str(piece).lower() if isinstance(piece, bool) else piece


def _member(piece: Piece) -> str:
    if isinstance(piece, bool):
        return str(piece).lower()
    text = str(piece)
    return text if text.isidentifier() or text.isalnum() else f"'{text}'"


def _span(axis: Axis, first: Piece, last: Piece) -> str:
    assert isinstance(first, Finite | Interval)
    assert isinstance(last, Finite | Interval)
    low, low_open = first.low, isinstance(first, Interval) and first.low_open
    high, high_open = last.high, isinstance(last, Interval) and last.high_open
    if low is None and high is None:
        return ""
    if low is None or high is None:
        sign, is_open, end = (">", low_open, low) if high is None else ("<", high_open, high)
        assert end is not None
        return f"{sign}{'' if is_open else '='} {_shown(axis, end)}"
    if low == high:
        return _shown(axis, low)
    left, right = "(" if low_open else "[", ")" if high_open else "]"
    return f"{left}{_shown(axis, low)}..{_shown(axis, high)}{right}"


def _shown(axis: Axis, value: Fraction) -> str:
    kind = axis.input.node.type
    if isinstance(kind, Date):
        return f"'{date.fromordinal(int(value)).isoformat()}'"
    assert isinstance(kind, Number)
    written = figure(value)
    return written if kind.unit == NUMBER or declared(axis.input.node) else f"{written} {kind.unit.symbol}"
