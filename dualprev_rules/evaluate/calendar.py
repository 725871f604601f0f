"""Months and years added to days: the last day of a month that is shorter."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from fractions import Fraction

from dualprev_rules.evaluate.values import make, monotone, present, union_of
from dualprev_rules.facts.possible import Finite, Numbers, Value, interval

_FIRST, _LAST = Fraction(date.min.toordinal()), Fraction(date.max.toordinal())


def add_months(day: Value, count: Value, months: int) -> Value:
    """Return ``day`` plus ``count`` times ``months`` months; past the calendar's ends, the end."""
    days: Numbers = present(day)
    counts: Numbers = present(count)
    causes = day.causes | count.causes
    if isinstance(counts, Finite):
        shifted = [monotone(lambda d, n=n: shift(d, int(n) * months), days) for n in counts.values]
        return make(union_of(shifted), causes)
    low = _end(days.low, counts.low, months, _FIRST)
    high = _end(days.high, counts.high, months, _LAST)
    return make(interval(low, high, whole=True), causes)


def _end(day: Fraction | None, count: Fraction | None, months: int, far: Fraction) -> Fraction | None:
    """Return where the shifted days end; a count without end reaches the calendar's."""
    if day is None:
        return None
    return far if count is None else shift(day, int(count) * months)


def shift(ordinal: Fraction, months: int) -> Fraction:
    """Return a day so many months later, as its ordinal."""
    ordinal = min(max(ordinal, _FIRST), _LAST)
    day = date.fromordinal(int(ordinal))
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if years < date.min.year:
        return _FIRST
    if years > date.max.year:
        return _LAST
    last = monthrange(years, month + 1)[1]
    return Fraction(date(years, month + 1, min(day.day, last)).toordinal())
