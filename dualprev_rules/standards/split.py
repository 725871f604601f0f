"""Search a table by halving: a region is cut where the fewest rows lie on both sides, until rows decide it.

Rows are boxes: the product of the positions that their cells take on each axis. Memory is linear in
rows, and the halves of tables whose rows overlap rarely soon hold a few rows each.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod
from time import monotonic

from dualprev_rules.standards.runs import Run, Runs, covers, touches

Region = tuple[Run, ...]
Rows = list[int]
_SAMPLE = 128


@dataclass(slots=True)
class Budget:
    """The seconds that a search may take; the clock only ever ends it."""

    seconds: float
    clock: Callable[[], float] = monotonic
    _end: float = field(init=False)

    def __post_init__(self) -> None:
        self._end = self.clock() + self.seconds

    def spent(self) -> bool:
        """Tell whether the time is over."""
        return self.clock() > self._end


class Boxes:
    """The rows of a table as boxes."""

    def __init__(self, columns: Sequence[Sequence[Runs]]) -> None:
        self.columns = columns
        """For each axis, the runs of each row."""
        self.low = [[runs[0][0] if runs else 0 for runs in column] for column in columns]
        self.high = [[runs[-1][1] if runs else 0 for runs in column] for column in columns]
        self.solid = [[len(runs) == 1 for runs in column] for column in columns]
        count = len(columns[0]) if columns else 0
        self.reachable = [row for row in range(count) if all(column[row] for column in columns)]

    def covers(self, row: int, region: Region) -> bool:
        """Tell whether a row takes the whole region."""
        for axis, (low, high) in enumerate(region):
            if self.low[axis][row] > low or self.high[axis][row] < high:
                return False
            if not self.solid[axis][row] and not covers(self.columns[axis][row], low, high):
                return False
        return True

    def meet(self, a: int, b: int, region: Region) -> bool:
        """Tell whether two rows have a point of the region in common."""
        for axis, (low, high) in enumerate(region):
            start = max(self.low[axis][a], self.low[axis][b], low)
            end = min(self.high[axis][a], self.high[axis][b], high)
            if start >= end:
                return False
            if self.solid[axis][a] and self.solid[axis][b]:
                continue
            runs = self.columns[axis][b]
            if not any(touches(runs, max(s, start), min(e, end)) for s, e in self.columns[axis][a]):
                return False
        return True

    def touching(self, rows: Rows, axis: int, low: int, high: int) -> Rows:
        """Return the rows, of those that touch the region, that touch its part on an axis."""
        lows, highs, solid, column = self.low[axis], self.high[axis], self.solid[axis], self.columns[axis]
        return [
            row
            for row in rows
            if lows[row] < high and low < highs[row] and (solid[row] or touches(column[row], low, high))
        ]

    def cut(self, rows: Rows, region: Region) -> tuple[int, int] | None:
        """Return axis and position of the best cut; of many rows, a sample tells."""
        step = len(rows) // _SAMPLE
        return (self._cut(rows[::step], region) if step > 1 else None) or self._cut(rows, region)

    def _cut(self, rows: Rows, region: Region) -> tuple[int, int] | None:
        best: tuple[int, int, int] | None = None
        for axis, (low, high) in enumerate(region):
            if high - low < 2:
                continue
            starts, ends = self._bounds(rows, axis, low, high)
            for at in sorted({b for b in (*starts, *ends, *self._inner(rows, axis)) if low < b < high}):
                left, right = bisect_left(starts, at), len(ends) - bisect_left(ends, at + 1)
                found = (left * left + right * right, axis, at)
                if best is None or found < best:
                    best = found
        return best[1:] if best is not None else None

    def _bounds(self, rows: Rows, axis: int, low: int, high: int) -> tuple[list[int], list[int]]:
        lows, highs = self.low[axis], self.high[axis]
        return sorted(max(lows[row], low) for row in rows), sorted(min(highs[row], high) for row in rows)

    def _inner(self, rows: Rows, axis: int) -> Iterator[int]:
        solid, column = self.solid[axis], self.columns[axis]
        return (end for row in rows if not solid[row] for run in column[row] for end in run)


class Search:
    """A walk over all of a region; ``covered`` says how much of it was settled in the time."""

    def __init__(self, boxes: Boxes, whole: Region, rows: Rows, budget: Budget) -> None:
        self.boxes = boxes
        self.budget = budget
        self._waiting: list[tuple[Region, Rows]] = [(whole, rows)]
        self._size = max(1, _size(whole))
        self._settled = 0
        self._now = whole, rows
        self._halved = False

    def __iter__(self) -> Iterator[tuple[Region, Rows]]:
        """Yield regions with the rows that touch them; one that is not halved is settled."""
        while self._waiting and not self.budget.spent():
            region, rows = self._now = self._waiting.pop()
            self._halved = False
            yield region, rows
            if not self._halved and not self.budget.spent():
                self._settled += _size(region)

    def halve(self, *, fewer: bool = False) -> bool:
        """Cut the region that was yielded last; tell whether there was a bound to cut at.

        With ``fewer`` only where each half holds fewer rows.
        """
        region, rows = self._now
        found = self.boxes.cut(rows, region)
        if found is None:
            return False
        axis, at = found
        low, high = region[axis]
        halves: list[tuple[Region, Rows]] = []
        for start, end in ((at, high), (low, at)):
            half = (*region[:axis], (start, end), *region[axis + 1 :])
            halves.append((half, self.boxes.touching(rows, axis, start, end)))
        if fewer and any(len(left) == len(rows) for _, left in halves):
            return False
        self._waiting += halves
        self._halved = True
        return True

    @property
    def covered(self) -> Fraction:
        """The share of all combinations of pieces that was settled."""
        return Fraction(self._settled, self._size)


def _size(region: Region) -> int:
    return prod(high - low for low, high in region)
