"""Whether one way of cutting a result into bands is anywhere milder than another."""

from __future__ import annotations

from fractions import Fraction

from dualprev_rules.evaluate.decision import matches, pieces
from dualprev_rules.facts.possible import EVERY_NUMBER, Finite, Numbers
from dualprev_rules.lang.tree import Const, Decide, DecisionRow
from dualprev_rules.pack.model import Bands


def milder_at(bands: Bands, than: Bands) -> Fraction | None:
    """Return a result to which ``bands`` give a milder grade than others do; None where they do nowhere.

    Nothing is said of tables with more than one input, nor of a result that either leaves without a grade.
    """
    one, other = bands.decide.node, than.decide.node
    if not isinstance(one, Decide) or not isinstance(other, Decide):
        return None
    if len(one.inputs) != 1 or len(other.inputs) != 1:
        return None
    cells = [cell for row in (*one.rows, *other.rows) for cell in row.cells.values()]
    for piece in pieces(EVERY_NUMBER, cells):
        here, there = _grade(bands, one, piece), _grade(than, other, piece)
        if here is not None and there is not None and here > there:
            return _inside(piece)
    return None


def _grade(bands: Bands, table: Decide, piece: Numbers) -> int | None:
    """Return the one grade that a table gives a piece; None for none, or where rows disagree."""
    found = {_of(bands, row) for row in table.rows if all(matches(c, piece) for c in row.cells.values())}
    return found.pop() if len(found) == 1 else None


def _of(bands: Bands, row: DecisionRow) -> int | None:
    if not isinstance(row.then, Const):
        return None
    then = str(row.then.value)
    return bands.levels[then].grade if then in bands.levels else int(then) if then.isdigit() else None


def _inside(piece: Numbers) -> Fraction:
    if isinstance(piece, Finite):
        return piece.values[0]
    ends = [end for end in (piece.low, piece.high) if end is not None]
    if len(ends) == 2:
        return (ends[0] + ends[1]) / 2
    return ends[0] + (1 if piece.low is not None else -1) if ends else Fraction(0)
