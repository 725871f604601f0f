"""Months and years added to days, as the calendar has them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import inf

import polars as pl

from dualprev_rules.evaluate.columns.things import CannotLower, Num

_EPOCH = 719_163
_FIRST, _LAST = float(date.min.toordinal()), float(date.max.toordinal())


def later(day: Num, count: Num, months: int) -> Num:
    """Return days so many times so many months later; past the calendar's ends, the end."""
    if count.value is None or count.value.denominator != 1 or day.size is not None:
        raise CannotLower
    shift = int(count.value) * months
    if abs(shift) > 12 * 9_999:
        raise CannotLower
    lo = _later(day.lo, shift)
    hi = lo if day.known else _later(day.hi, shift)
    return replace(
        day,
        lo=lo,
        hi=hi,
        lo_open=None,
        hi_open=None,
        gone=None,
        core=None,
        gaps=None if day.known else lo != hi,
        value=None,
        raw=None,
        dense=False,
    )


def _later(day: pl.Expr, shift: int) -> pl.Expr:
    """Return one end; where there is none, none."""
    held = day.clip(_FIRST, _LAST)
    date_of = (held - _EPOCH).cast(pl.Int32).cast(pl.Date)
    month = date_of.dt.year() * 12 + date_of.dt.month().cast(pl.Int32) - 1 + shift
    year, month = month.floordiv(12), month % 12 + 1
    last = (
        pl.when(month == 2)
        .then(28 + ((year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))).cast(pl.Int32))
        .otherwise(pl.when(month.is_in([4, 6, 9, 11])).then(30).otherwise(31))
    )
    within = (year >= 1) & (year <= 9999)
    made = pl.date(
        pl.when(within).then(year).otherwise(2000),
        month,
        pl.min_horizontal(date_of.dt.day().cast(pl.Int32), last.cast(pl.Int32)),
    )
    ordinal = made.cast(pl.Int32).cast(pl.Float64) + _EPOCH
    ordinal = pl.when(year < 1).then(_FIRST).when(year > 9999).then(_LAST).otherwise(ordinal)
    return pl.when(day.is_infinite()).then(pl.when(day > 0).then(inf).otherwise(-inf)).otherwise(ordinal)
