"""Months and years added to days: the last day of a month that is shorter."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from fractions import Fraction

from dualprev_rules.evaluate.values import make, monotone, present, union_of
from dualprev_rules.facts.possible import Finite, Numbers, Value

_FIRST, _LAST = Fraction(date.min.toordinal()), Fraction(date.max.toordinal())


def add_months(day: Value, count: Value, months: int) -> Value:
    """Return ``day`` plus ``count`` times ``months`` months; past the calendar's ends, the end."""
    days: Numbers = present(day)
    counts: Numbers = present(count)
    causes = day.causes | count.causes
    if isinstance(counts, Finite):
        shifted = [monotone(lambda d, n=n: _shift(d, int(n) * months), days) for n in counts.values]
        return make(union_of(shifted), causes)
    ends = [end if end is not None else far for end, far in ((counts.low, -9999), (counts.high, 9999))]
    low, high = (monotone(lambda d, n=n: _shift(d, int(n) * months), days) for n in ends)
    whole = monotone(lambda d: d, union_of([low, high]))
    return make(whole, causes)


def _shift(ordinal: Fraction, months: int) -> Fraction:
    ordinal = min(max(ordinal, _FIRST), _LAST)
    day = date.fromordinal(int(ordinal))
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if years < date.min.year:
        return _FIRST
    if years > date.max.year:
        return _LAST
    last = monthrange(years, month + 1)[1]
    return Fraction(date(years, month + 1, min(day.day, last)).toordinal())
