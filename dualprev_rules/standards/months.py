"""Days on which months of other lengths lie before the day of the assessment."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from dualprev_rules.evaluate.calendar import shift

_CYCLE = 4 * 365 + 1
_CLAMPED = 4
"""A day that many months later may lie up to so many days before where it came from."""
Way = tuple[tuple[int, ...], tuple[int, ...]]
"""The order in which the bounds of a day lie, and how many days there are between each two."""


def days_of_other_months(months: Sequence[int], now: int, room: int) -> list[int]:
    """Return days to come that show every way in which facts, shifted by months, may lie to a day.

    A fact that is so many months before the day lies between bounds; how they lie, and how many of ``room``
    facts fit between them, comes again every four years. A day with more room shows all of one with less.
    """
    best: dict[tuple[int, ...], list[tuple[tuple[int, ...], int]]] = {}
    for day in range(now, now + _CYCLE + 1):
        order, sizes = _way(day, months, room)
        kept = best.setdefault(order, [])
        if not any(_holds(other, sizes) for other, _ in kept):
            kept[:] = [each for each in kept if not _holds(sizes, each[0])]
            kept.append((sizes, day))
    return sorted(day for kept in best.values() for _, day in kept if day != now)


def _way(day: int, months: Sequence[int], room: int) -> Way:
    bounds = [(day, 0), (day + 1, 1)]
    for at, count in enumerate(months):
        bounds += [(_first(day, count), 2 * at + 2), (_first(day + 1, count), 2 * at + 3)]
    bounds.sort()
    sizes = tuple(min(after - before, room) for (before, _), (after, _) in pairwise(bounds))
    return tuple(label for _, label in bounds), sizes


def _first(day: int, months: int) -> int:
    """Return the first day that lies, so many months later, on a day or after it."""
    start = int(shift(Fraction(day), -months)) - _CLAMPED
    while shift(Fraction(start), months) < day:
        start += 1
    return start


def _holds(more: tuple[int, ...], less: tuple[int, ...]) -> bool:
    return all(a >= b for a, b in zip(more, less, strict=True))
