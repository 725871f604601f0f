"""What a value may still be: exact sets and intervals, and the value that carries them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from dualprev_rules.facts.record import Record

MOST_MEMBERS = 64
"""A finite set holds at most so many numbers; a larger one becomes an interval (semantics, *Values*)."""

Reason = Literal["missing", "data_problem", "not_encoded", "gap"]


class Cause(NamedTuple):
    """The path of a fact (or the id of an instrument or table) that left a value open, and why."""

    path: str
    reason: Reason = "missing"


class Absent(IntEnum):
    """Whether there is *no value* (a divisor of 0, no row in a table …): not unknown, but absent."""

    NEVER = 0
    POSSIBLY = 1
    SURELY = 2


@dataclass(frozen=True, slots=True)
class Finite:
    """One of a few exact numbers, sorted."""

    values: tuple[Fraction, ...]

    @property
    def low(self) -> Fraction:
        """The smallest."""
        return self.values[0]

    @property
    def high(self) -> Fraction:
        """The greatest."""
        return self.values[-1]


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers between two ends; an end of None is unbounded (and open). ``whole``: integers only."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_open: bool = True
    high_open: bool = True
    whole: bool = False


Numbers = Finite | Interval
EVERY_NUMBER = Interval()


class _EveryText:
    """The possible members of an unknown text."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "EVERY_TEXT"

    def __contains__(self, item: object) -> bool:
        return isinstance(item, str)


EVERY_TEXT = _EveryText()


@dataclass(frozen=True, slots=True)
class Items:
    """The records known to be in a list, and whether that is all of them.

    ``phantom`` stands for any further one, all of its facts unknown; None where the list is complete.
    """

    records: tuple[Record, ...]
    phantom: Record | None = None

    @property
    def complete(self) -> bool:
        """True where no further record is possible."""
        return self.phantom is None


@dataclass(frozen=True, slots=True)
class Members:
    """The members that are surely in a set, and all that possibly are (EVERY_TEXT: any)."""

    sure: frozenset[str]
    possible: frozenset[str] | _EveryText


@dataclass(frozen=True, slots=True)
class Value:
    """A value: what it may be, whether it may be absent, and what left it open.

    ``possible`` is, by type: ``frozenset[bool]``; ``Finite | Interval`` for numbers and for dates
    (ordinals); ``frozenset[str]`` for enums; ``frozenset[str] | EVERY_TEXT`` for texts; ``Items``
    for lists; ``Members`` for sets; ``tuple`` of records or rows for references. It is None where
    there is surely no value. ``within`` is the declared range of the thing that the value is of:
    arithmetic on a value that may be absent takes that range in its place.
    """

    possible: Any
    absent: Absent = Absent.NEVER
    causes: frozenset[Cause] = frozenset()
    within: Any = None

    @property
    def known(self) -> bool:
        """True where exactly one thing is possible."""
        return self.absent is Absent.NEVER and single(self.possible)


def single(possible: Any) -> bool:
    """Tell whether ``possible`` holds exactly one thing."""
    match possible:
        case Finite(values):
            return len(values) == 1
        case Items():
            return possible.complete
        case Members(sure, may):
            return sure == may
        case frozenset() | tuple():
            return len(possible) == 1  # pyright: ignore[reportUnknownArgumentType]
        case _:
            return False


def finite(values: Iterable[Fraction]) -> Numbers:
    """Return the set of ``values``, or their hull where there are more than 64."""
    members = set(values)
    if len(members) <= MOST_MEMBERS:
        return Finite(tuple(_sorted(members)))
    whole = all(v.denominator == 1 for v in members)
    return Interval(min(members), max(members), False, False, whole)


def _sorted(values: set[Fraction]) -> list[Fraction]:
    """Sort; fractions are compared where their floats, which are found faster, are the same."""
    if len(values) == 1:
        return list(values)
    try:
        return sorted(values, key=lambda v: (float(v), v))
    except OverflowError:
        return sorted(values)


def interval(
    low: Fraction | None,
    high: Fraction | None,
    low_open: bool = False,
    high_open: bool = False,
    whole: bool = False,
) -> Numbers | None:
    """Return the numbers between two ends in their one normal form, or None where there are none.

    Ends of whole numbers are whole and closed; a few whole numbers, or one number, are a set.
    """
    if whole:
        if low is not None:
            low = Fraction(floor(low) + 1 if low_open else ceil(low))
        if high is not None:
            high = Fraction(ceil(high) - 1 if high_open else floor(high))
        low_open = high_open = False
    if low is not None and high is not None:
        if low > high or (low == high and (low_open or high_open)):
            return None
        if low == high:
            return Finite((low,))
        if whole and high - low < MOST_MEMBERS:
            return Finite(tuple(Fraction(n) for n in range(int(low), int(high) + 1)))
    return Interval(low, high, low_open or low is None, high_open or high is None, whole)


def bounded(numbers: Numbers) -> bool:
    """Tell whether not every number (of its kind) is possible."""
    return isinstance(numbers, Finite) or numbers.low is not None or numbers.high is not None


def is_whole(numbers: Numbers) -> bool:
    """Tell whether only whole numbers are possible."""
    match numbers:
        case Finite(values):
            return all(v.denominator == 1 for v in values)
        case Interval():
            return numbers.whole


def hull(parts: Iterable[Numbers]) -> Numbers:
    """Return the union where it is a small set, else the smallest interval around all parts."""
    given = list(parts)
    sets = [part for part in given if isinstance(part, Finite)]
    if len(sets) == len(given):
        return finite(v for part in sets for v in part.values)
    low, low_open = _lowest(given)
    high, high_open = _highest(given)
    result = interval(low, high, low_open, high_open, all(is_whole(part) for part in given))
    assert result is not None
    return result


def meet(a: Numbers, b: Numbers) -> Numbers | None:
    """Return what is possible under both, or None where nothing is."""
    if isinstance(a, Finite):
        values = tuple(v for v in a.values if holds(b, v))
        return Finite(values) if values else None
    if isinstance(b, Finite):
        return meet(b, a)
    low, low_open = max(_low_key(a), _low_key(b))[1:]
    high, high_open = min(_high_key(a), _high_key(b))[1:]
    return interval(low, high, low_open, high_open, a.whole or b.whole)


def holds(numbers: Numbers, value: Fraction) -> bool:
    """Tell whether ``value`` is one of the possible numbers."""
    if isinstance(numbers, Finite):
        return value in numbers.values
    if numbers.whole and value.denominator != 1:
        return False
    if numbers.low is not None and (value < numbers.low or (value == numbers.low and numbers.low_open)):
        return False
    return numbers.high is None or not (value > numbers.high or (value == numbers.high and numbers.high_open))


def _lowest(parts: list[Numbers]) -> tuple[Fraction | None, bool]:
    _, low, is_open = min(_low_key(part) for part in parts)
    return low, is_open


def _highest(parts: list[Numbers]) -> tuple[Fraction | None, bool]:
    _, high, is_open = max(_high_key(part) for part in parts)
    return high, is_open


def _low_key(part: Numbers) -> tuple[tuple[int, Fraction, bool], Fraction | None, bool]:
    """Order lower ends: unbounded first, then by value, a closed end before an open one."""
    if isinstance(part, Finite):
        return (1, part.low, False), part.low, False
    if part.low is None:
        return (0, Fraction(0), False), None, True
    return (1, part.low, part.low_open), part.low, part.low_open


def _high_key(part: Numbers) -> tuple[tuple[int, Fraction, bool], Fraction | None, bool]:
    """Order upper ends: by value, an open end before a closed one, unbounded last."""
    if isinstance(part, Finite):
        return (0, part.high, True), part.high, False
    if part.high is None:
        return (1, Fraction(0), True), None, True
    return (0, part.high, not part.high_open), part.high, part.high_open
