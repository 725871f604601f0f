"""A table of a register: heads, and rows of filled fields; what the facts do not say is counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dualprev_rules.pack.model import Shows
from dualprev_rules.problems import Words
from dualprev_rules.report.carriers import Filled

_WIDE: frozenset[Shows] = frozenset({"measures", "calls", "emergency", "procedures", "duties"})
_MEDIUM: frozenset[Shows] = frozenset(
    {"name", "hazard_factors", "hidden_hazards", "consequences", "major_hazard_installations", "place"}
)


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its heading, its width in characters, and how many of its cells are empty."""

    label: Words
    width: int
    empty: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table, whole."""

    key: str
    """What its pages and anchors are called."""
    title: Words
    heads: tuple[Head, ...]
    rows: tuple[tuple[Filled, ...], ...]
    source: Words | None = None
    """The clause that asks for it."""

    @property
    def unfilled(self) -> tuple[Head, ...]:
        """The columns of which no cell is filled, though there are rows."""
        return tuple(head for head in self.heads if self.rows and head.empty == len(self.rows))


def table(
    key: str,
    title: Words,
    heads: Sequence[tuple[Words, int]],
    rows: Iterable[tuple[Filled, ...]],
    source: Words | None = None,
) -> Table:
    """Return a table with the empty cells of each column counted."""
    whole = tuple(rows)
    empty = [sum(row[at].empty for row in whole) for at in range(len(heads))]
    counted = tuple(Head(label, width, count) for (label, width), count in zip(heads, empty, strict=True))
    return Table(key, title, counted, whole, source)


def width_of(shows: Shows) -> int:
    """Return the width of the column of a field."""
    if shows in _WIDE:
        return 34
    return 18 if shows in _MEDIUM else 11
