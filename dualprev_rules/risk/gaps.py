"""A result between two bands: where bands are monotone only those beside the gap are left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dualprev_rules.evaluate.decision import matches, pieces
from dualprev_rules.facts.possible import Absent, Numbers, Value
from dualprev_rules.lang.tree import Const, Decide
from dualprev_rules.pack.model import Bands
from dualprev_rules.risk.grades import GRADES


def between_bands(decided: Value, bands: Bands, result: Value) -> frozenset[str] | None:
    """Return every level that is left where some of a result falls in a gap of monotone bands.

    In a gap it is no milder than the band on the mild side and no worse than the one on the other.
    None where nothing falls in a gap, or the bands are not declared monotone.
    """
    table = bands.decide.node
    if decided.absent is Absent.NEVER or result.absent is not Absent.NEVER:
        return None
    if not isinstance(table, Decide) or len(table.inputs) != 1:
        return None
    (column,) = table.inputs
    cells = [row.cells.get(column.name) for row in table.rows]
    tests = [cell for cell in cells if cell is not None and not cell.negated]
    outputs = [str(row.then.value) for row in table.rows if isinstance(row.then, Const)]
    if column.monotone is None or len(tests) != len(outputs) or len(tests) != len(table.rows):
        return None
    spans = [(span, then) for cell, then in zip(tests, outputs, strict=True) for span in cell.ranges]
    order = list(bands.levels) or [str(grade) for grade in GRADES]
    found: set[str] = set(present) if (present := decided.possible) is not None else set()
    for piece in pieces(result.possible, tests):
        if not any(matches(cell, piece) for cell in tests):
            found |= set(_beside(piece, spans, order, rising=column.monotone == "rising"))
    return frozenset(found)


def _beside(
    piece: Numbers, spans: Sequence[tuple[Numbers, str]], order: Sequence[str], *, rising: bool
) -> Iterator[str]:
    """Yield the levels from the band below a piece to the one above; none there: to that end of all."""
    below = [
        (span.high, then)
        for span, then in spans
        if span.high is not None and piece.low is not None and span.high <= piece.low
    ]
    above = [
        (span.low, then)
        for span, then in spans
        if span.low is not None and piece.high is not None and span.low >= piece.high
    ]
    low = max(below, key=lambda end: end[0])[1] if below else None
    high = min(above, key=lambda end: end[0])[1] if above else None
    mild, grave = (low, high) if rising else (high, low)
    first = order.index(grave) if grave is not None else 0
    last = order.index(mild) if mild is not None else len(order) - 1
    yield from order[first : last + 1]
