"""Decision tables proved whole, or shown where they are not.

Gaps, overlaps, conflicts, masked and redundant rows: the words are DMN's. All is found by interval
algebra, in any number of dimensions, for whatever the inputs may be, each by itself; ``Search`` says
how. Which of the kinds are faults depends on the hit policy: rows of a unique table must not overlap,
those of a first table are meant to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from dualprev_rules.lang.tree import Const, Decide, DecisionRow
from dualprev_rules.pack.model import Ruleset
from dualprev_rules.standards.axis import Axis, axes
from dualprev_rules.standards.line import line_along
from dualprev_rules.standards.runs import Runs, common, joined, touches, without
from dualprev_rules.standards.split import Boxes, Budget, Region, Rows, Search

MOST_FAULTS = 100
"""So many of each kind are shown; ``more`` names the kinds of which there are more."""
_FEW = 12

Kind = Literal["gap", "overlap", "conflict", "masked", "redundant", "inversion"]


@dataclass(frozen=True, slots=True)
class TableFault:
    """Combinations that no row answers or several do, or a row that changes nothing."""

    kind: Kind
    rows: tuple[int, ...]
    """The rows concerned, from 0; none for a gap. The default counts as one more row behind the last."""
    box: tuple[Runs, ...]
    """By axis, the positions where it is so; no gap can be made larger on any axis."""
    along: int | None = None
    """The axis of an inversion: its box has two positions there, that of the first row before it rises."""


@dataclass(frozen=True, slots=True)
class TableReport:
    """What was found in a table, and what the time did not suffice for."""

    axes: tuple[Axis, ...]
    faults: tuple[TableFault, ...]
    more: frozenset[Kind]
    undecided: dict[Kind, Fraction]
    """Kind → the share of all combinations that was looked at."""

    def of(self, kind: Kind) -> tuple[TableFault, ...]:
        """Return the faults of one kind."""
        return tuple(fault for fault in self.faults if fault.kind == kind)


def analyse(
    table: Decide, ruleset: Ruleset, *, seconds: float = 10.0, clock: Callable[[], float] | None = None
) -> TableReport:
    """Return every fault of a table, at most ``MOST_FAULTS`` of a kind, in at most about ``seconds``.

    ``clock`` tells the time in seconds. A kind that is not among ``undecided`` was looked for everywhere.
    """
    found = axes(table, ruleset)
    budget = Budget(seconds, clock) if clock is not None else Budget(seconds)
    return _Analysis(table, found, budget).report()


class _Analysis:
    def __init__(self, table: Decide, along: tuple[Axis, ...], budget: Budget) -> None:
        self.table = table
        self.axes = along
        self.budget = budget
        self.boxes = Boxes([axis.rows for axis in along])
        self.values: Region = tuple((0, len(axis.pieces)) for axis in along)
        self.whole: Region = tuple((0, axis.end) for axis in along)
        self.faults: list[TableFault] = []
        self.more: set[Kind] = set()
        self.undecided: dict[Kind, Fraction] = {}

    def report(self) -> TableReport:
        if self.axes and all(high for _, high in self.values):
            self._unreachable()
            if self.table.default is None and self.table.collect != "count":
                self._gaps()
            if self.table.hit in ("unique", "any"):
                self._overlaps()
            if self.table.hit != "unique":
                self._idle_rows()
            for at, axis in enumerate(self.axes):
                if axis.input.monotone is not None:
                    self._inversions(at, axis)
        return TableReport(self.axes, tuple(self.faults), frozenset(self.more), self.undecided)

    def _search(self, whole: Region, rows: Rows | None = None) -> Search:
        return Search(self.boxes, whole, self.boxes.reachable if rows is None else rows, self.budget)

    def _found(self, kind: Kind, rows: Sequence[int], box: Sequence[Runs]) -> None:
        self.faults.append(TableFault(kind, tuple(rows), tuple(box)))

    def _box(self, row: int) -> tuple[Runs, ...]:
        return tuple(axis.rows[row] for axis in self.axes)

    def _unreachable(self) -> None:
        """Find rows with a cell that lies outside of all that its input may be."""
        reached = set(self.boxes.reachable)
        for row in range(len(self.table.rows)):
            if row not in reached:
                self._found("masked", [row], self._box(row))

    # --- combinations that no row answers ---------------------------------------------------------

    def _gaps(self) -> None:
        search = self._search(self.values)
        found: list[tuple[Runs, ...]] = []
        for region, rows in search:
            if any(self.boxes.covers(row, region) for row in rows):
                continue
            if rows and search.halve():
                continue
            if any(_inside(region, box) for box in found):
                continue
            if len(found) == MOST_FAULTS:
                self.more.add("gap")
                break
            found.append(self._largest(region))
        for box in sorted(found):
            self._found("gap", (), box)
        self._ended("gap", search)

    def _largest(self, region: Region) -> tuple[Runs, ...]:
        """Return a largest box around a region that no row touches."""
        box: list[Runs] = [(run,) for run in region]
        for at, axis in enumerate(self.axes):
            rows: Rows = self.boxes.reachable
            for other, runs in enumerate(box):
                if other != at:
                    rows = self._touching(rows, other, runs)
            taken = joined(run for row in rows for run in axis.rows[row])
            free = without(self.values[at], taken)
            here = box[at][0][0]
            box[at] = tuple(r for r in free if r[0] <= here < r[1]) if axis.ordered else free
        return tuple(box)

    def _touching(self, rows: Rows, axis: int, runs: Runs) -> Rows:
        if len(runs) == 1:
            return self.boxes.touching(rows, axis, *runs[0])
        column = self.axes[axis].rows
        return [row for row in rows if any(touches(column[row], low, high) for low, high in runs)]

    # --- combinations that several rows answer ----------------------------------------------------

    def _overlaps(self) -> None:
        pairs: dict[tuple[int, int], Kind] = {}
        search = self._search(self.values)
        kinds: dict[Kind, int] = {"overlap": 0, "conflict": 0}
        for region, rows in search:
            if len(rows) < 2:
                continue
            if len(rows) > _FEW and search.halve(fewer=True):
                continue
            for pair in self._meeting(rows, region):
                kind = self._kind(pair)
                if kind is None or pair in pairs:
                    continue
                if kinds[kind] == MOST_FAULTS:
                    self.more.add(kind)
                    continue
                kinds[kind] += 1
                pairs[pair] = kind
            if len(self.more) == len(kinds) or (self.more and self.table.hit == "any"):
                break
        for (a, b), kind in sorted(pairs.items()):
            boxes = zip(self.axes, self.values, strict=True)
            shared = (common(common(axis.rows[a], axis.rows[b]), (run,)) for axis, run in boxes)
            self._found(kind, (a, b), tuple(shared))
        for kind in kinds:
            self._ended(kind, search)

    def _meeting(self, rows: Rows, region: Region) -> Iterator[tuple[int, int]]:
        for at, b in enumerate(rows):
            if self.budget.spent():
                return
            yield from ((a, b) for a in rows[:at] if self.boxes.meet(a, b, region))

    def _kind(self, pair: tuple[int, int]) -> Kind | None:
        a, b = (output(self.table.rows[row]) for row in pair)
        return "conflict" if a != b else "overlap" if self.table.hit == "unique" else None

    # --- rows that change nothing -----------------------------------------------------------------

    def _idle_rows(self) -> None:
        rank = _rank(self.table)
        if rank is None:
            return
        order = sorted(self.boxes.reachable, key=lambda row: (rank(row), row))
        masked = self._masked(order)
        if masked is not None:
            kind: Kind = "redundant" if self.table.hit == "any" else "masked"
            for row in sorted(masked):
                self._limited(kind, row)
            redundant = self._redundant([row for row in order if row not in masked])
            for row in sorted(redundant or ()):
                self._limited("redundant", row)

    def _limited(self, kind: Kind, row: int) -> None:
        if sum(fault.kind == kind for fault in self.faults) < MOST_FAULTS:
            self._found(kind, [row], self._box(row))
        else:
            self.more.add(kind)

    def _masked(self, order: Rows) -> set[int] | None:
        """Return the rows that are nowhere the first to match; None where the time was over."""
        waiting = set(order)
        search = self._search(self.whole, order)
        for region, rows in search:
            if waiting.isdisjoint(rows):
                continue
            if self.boxes.covers(rows[0], region):
                waiting.discard(rows[0])
            else:
                search.halve()
        return waiting if self._ended("masked", search) else None

    def _redundant(self, order: Rows) -> set[int] | None:
        """Return the rows without which the next one, or the default, says the same everywhere."""
        outputs = [output(row) for row in self.table.rows]
        default = output(self.table.default) if self.table.default is not None else None
        waiting = set(order)
        search = self._search(self.whole, order)
        for region, rows in search:
            if waiting.isdisjoint(rows):
                continue
            first, *rest = rows
            if not self.boxes.covers(first, region):
                search.halve()
            elif first not in waiting:
                continue
            elif not rest:
                if default is None or default != outputs[first]:
                    waiting.discard(first)
            elif self.boxes.covers(rest[0], region):
                if outputs[rest[0]] != outputs[first]:
                    waiting.discard(first)
            else:
                search.halve()
        return waiting if self._ended("redundant", search) else None

    # --- outputs that fall where an input rises -----------------------------------------------------

    def _inversions(self, at: int, axis: Axis) -> None:
        rank, line = _rank(self.table), line_along(self.table, axis)
        if rank is None or line is None:
            self.undecided["inversion"] = Fraction(0)
            return
        order = sorted(self.boxes.reachable, key=lambda row: (rank(row), row))
        others = [other for other in range(len(self.axes)) if other != at]
        boxes = Boxes([self.axes[other].rows for other in others])
        search = Search(boxes, tuple(self.values[other] for other in others), order, self.budget)
        found: dict[tuple[int, int], TableFault] = {}
        for region, rows in search:
            if not line.may_invert(rows):
                continue
            if not all(boxes.covers(row, region) for row in rows) and search.halve():
                continue
            for pair, positions in line.inversions(rows):
                box: list[Runs] = [(run,) for run in region]
                box.insert(at, tuple((position, position + 1) for position in positions))
                found.setdefault(pair, TableFault("inversion", pair, tuple(box), at))
            if len(found) > MOST_FAULTS:
                self.more.add("inversion")
                break
        self.faults += [fault for _, fault in sorted(found.items())[:MOST_FAULTS]]
        self._ended("inversion", search)

    def _ended(self, kind: Kind, search: Search) -> bool:
        """Note where the time did not suffice; what was left since enough was found is no such case."""
        done = kind in self.more or search.covered == 1
        if not done:
            self.undecided[kind] = search.covered
        return done


def output(row: DecisionRow) -> object:
    """Return the output of a row so that equal ones compare equal."""
    return row.then.value if isinstance(row.then, Const) else (row.text,)


def _inside(region: Region, box: tuple[Runs, ...]) -> bool:
    pairs = zip(region, box, strict=True)
    return all(any(s <= low and high <= e for s, e in runs) for (low, high), runs in pairs)


def _rank(table: Decide) -> Callable[[int], Fraction | int] | None:
    """Return the order in which rows that match go before one another; None where they only add up."""
    if table.hit in ("unique", "first", "any"):
        return lambda row: row
    values = [row.then.value for row in table.rows if isinstance(row.then, Const)]
    if len(values) < len(table.rows) or table.collect in ("sum", "count"):
        return None
    if table.hit == "collect":
        sign = -1 if table.collect == "max" else 1
        return lambda row: sign * Fraction(values[row])
    if all(isinstance(value, Fraction) for value in values):
        return lambda row: Fraction(values[row])
    members: tuple[str, ...] = getattr(table.type, "members", ())
    places = [*table.priority, *(member for member in members if member not in table.priority)]
    order = {member: place for place, member in enumerate(places)}
    return lambda row: order.get(str(values[row]), len(order))
