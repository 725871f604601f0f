"""The other values that a figure, a day, a member or a truth value is changed to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from dualprev_rules.evaluate.render import number as written
from dualprev_rules.facts.possible import Finite, Interval, Numbers, interval
from dualprev_rules.facts.quantity import parse_number
from dualprev_rules.facts.types import Bool, Date, Enum, Number, Type

_FIGURE = re.compile(r"(\d+)(?:\.(\d+))?(?:/(\d+))?")


def places(text: str) -> int:
    """Return the decimal place in which the figures of a text are moved.

    It is the last one written, or the one after it where a figure has a single digit: 1 moves by a
    tenth, 30 by one, 0.75 by a hundredth.

    >>> places("[0.75..1.5)"), places("30 m"), places(">= 1"), places("2/3")
    (2, 0, 1, 2)
    """
    found = 0
    for match in _FIGURE.finditer(text):
        after = len(match[2] or "")
        digits = (match[1] + (match[2] or "")).lstrip("0")
        found = max(found, 2 if match[3] else after + (len(digits) <= 1))
    return found


def neighbours(value: Fraction, text: str, *, whole: bool = False) -> tuple[Fraction, Fraction]:
    """Return the figures beside ``value``, which is written as ``text``; of a whole number those one apart.

    >>> neighbours(Fraction(3, 2), "1.5 m")
    (Fraction(7, 5), Fraction(8, 5))
    """
    step = Fraction(1) if whole else Fraction(1, 10 ** places(text)) * _factor(value, text)
    return value - step, value + step


def _factor(value: Fraction, text: str) -> Fraction:
    """Return how many of the value's unit one of the unit written is (1 where that is not to be told)."""
    found = [match[0] for match in _FIGURE.finditer(text)]
    figure = parse_number(found[0]) if len(found) == 1 else None
    return abs(value / figure) if figure and value else Fraction(1)


def other_values(value: Any, kind: Type, text: str, *, whole: bool = False) -> Iterator[tuple[Any, str]]:
    """Yield what a value of ``kind``, written as ``text``, is changed to, each with how it is written."""
    match kind:
        case Bool():
            yield not value, str(not value).lower()
        case Date():
            for day in (value - 1, value + 1):
                yield day, f"'{date.fromordinal(int(day)).isoformat()}'"
        case Number():
            for figure in neighbours(value, text, whole=whole):
                yield figure, written(figure)
        case Enum(members=members) if len(members) > 1:
            other = members[(members.index(value) + 1) % len(members)]
            yield other, other
        case _:
            return


def other_ranges(numbers: Numbers, kind: Type, text: str) -> Iterator[tuple[Numbers, str]]:
    """Yield a cell's range with each end moved, opened or closed."""
    whole = isinstance(kind, Date) or (isinstance(kind, Number) and kind.whole)
    if isinstance(numbers, Finite):
        for figure in neighbours(numbers.low, text, whole=whole):
            yield Finite((figure,)), written(figure)
        return
    for changed in _ends(numbers, text, whole):
        if changed is not None:
            yield changed, _shown(changed)


def _ends(numbers: Interval, text: str, whole: bool) -> Iterator[Numbers | None]:
    low, high, low_open, high_open = numbers.low, numbers.high, numbers.low_open, numbers.high_open
    if low is not None:
        yield interval(low, high, not low_open, high_open, numbers.whole)
        for figure in neighbours(low, text, whole=whole):
            yield interval(figure, high, low_open, high_open, numbers.whole)
    if high is not None:
        yield interval(low, high, low_open, not high_open, numbers.whole)
        for figure in neighbours(high, text, whole=whole):
            yield interval(low, figure, low_open, high_open, numbers.whole)


def _shown(numbers: Numbers) -> str:
    if isinstance(numbers, Finite):
        return ", ".join(written(figure) for figure in numbers.values)
    low = "" if numbers.low is None else written(numbers.low)
    high = "" if numbers.high is None else written(numbers.high)
    return f"{'(' if numbers.low_open else '['}{low}..{high}{')' if numbers.high_open else ']'}"
