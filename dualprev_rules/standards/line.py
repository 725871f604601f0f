"""A decision table along one input, all others held: where its output falls though it was said to rise."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

from dualprev_rules.facts.types import Enum
from dualprev_rules.lang.tree import Const, Decide, DecisionRow
from dualprev_rules.standards.axis import Axis
from dualprev_rules.standards.runs import Runs, common, joined

Inversion = tuple[tuple[int, int], tuple[int, int]]
"""The rows before and after the input rises, and its positions."""


@dataclass(frozen=True, slots=True)
class Line:
    """What rows answer along one axis. The default, where there is one, is the row behind the last."""

    runs: Sequence[Runs]
    """By row, the steps of the input at which it applies."""
    heights: Sequence[Fraction]
    """By row: greater is what must not come before less where the input rises."""
    positions: Sequence[int]
    """Those of the axis, in the order in which the input rises."""
    default: tuple[int, ...]

    def may_invert(self, rows: Sequence[int]) -> bool:
        """Tell whether some of these rows begins before where a lower one ends, wherever they apply."""
        begun = sorted((self.runs[row][0][0], self.heights[row]) for row in (*rows, *self.default))
        starts = [start for start, _ in begun]
        highest = list(accumulate((height for _, height in begun), max))
        return any(
            highest[bisect_left(starts, self.runs[row][-1][1] - 1) - 1] > self.heights[row]
            for row in (*rows, *self.default)
            if self.runs[row][-1][1] - 1 > starts[0]
        )

    def inversions(self, rows: Sequence[int]) -> Iterator[Inversion]:
        """Yield falls of the output where all rows, in the order of their precedence, apply."""
        highest: tuple[int, int] | None = None
        for step, position in enumerate(self.positions):
            row = self._answers(rows, step)
            if row is None:
                continue
            if highest is None or self.heights[row] >= self.heights[highest[0]]:
                highest = row, position
            else:
                yield (highest[0], row), (highest[1], position)

    def _answers(self, rows: Sequence[int], step: int) -> int | None:
        every = (*rows, *self.default)
        return next((r for r in every if any(low <= step < high for low, high in self.runs[r])), None)


def line_along(table: Decide, axis: Axis) -> Line | None:
    """Return a table along an axis that is declared monotone; None where its answers are no constants.

    Tables whose answers add up have no one row that answers.
    """
    if table.collect in ("sum", "count"):
        return None
    answers = [*table.rows, *([table.default] if table.default is not None else [])]
    heights = [_height(table, answer) for answer in answers]
    if any(height is None for height in heights):
        return None
    sign = 1 if axis.input.monotone == "rising" else -1
    count = len(axis.pieces)
    positions = range(count)
    whole = ((0, count),)
    runs = [*(common(row, whole) for row in axis.rows), whole]
    if isinstance(axis.input.node.type, Enum):
        positions = positions[::-1]
        runs = [joined((count - high, count - low) for low, high in row) for row in runs]
    return Line(
        runs,
        [sign * height for height in heights if height is not None],
        positions,
        (len(table.rows),) if table.default is not None else (),
    )


def _height(table: Decide, row: DecisionRow) -> Fraction | None:
    """Return how high an answer is; of ordered members, whose first is the worst, worse is higher."""
    if not isinstance(row.then, Const):
        return None
    value = row.then.value
    if isinstance(table.type, Enum):
        return Fraction(-table.type.members.index(str(value)))
    return Fraction(value)
