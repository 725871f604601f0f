"""Numbers in columns: bounds as floats, and comparisons that are left open within the rounding error.

A figure as given is the shortest decimal of its float; two such compare as their floats do. What was
computed may be off by a share of ``TOLERANCE``, which is far above what some million roundings make.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from math import inf
from typing import Literal

import polars as pl

from dualprev_rules.evaluate import values
from dualprev_rules.evaluate.columns.things import (
    ALWAYS,
    MOST_KEPT,
    CannotLower,
    Flag,
    Num,
    Truth,
    any_flag,
    truth,
    where,
)
from dualprev_rules.facts.possible import Interval, Numbers, Value, is_whole

TOLERANCE = 1e-9
LARGEST, SMALLEST = 1e15, 1e-25
"""Figures outside are not held: what is made of a few of those inside neither overflows nor vanishes."""
EVERY = Num(pl.lit(-inf), pl.lit(inf), range=(-inf, inf))


@lru_cache(MOST_KEPT)
def constant(value: Fraction) -> Num:
    """Return the figure that stands in an expression."""
    near = float(value)
    held = pl.lit(near)
    return Num(
        held,
        held,
        known=True,
        exact=Fraction(repr(near)) == value,
        whole=value.denominator == 1,
        positive=value >= 0,
        nonzero=value != 0,
        value=value,
    )


def within(numbers: Numbers) -> Num:
    """Return all that a range allows."""
    low = -inf if numbers.low is None else float(numbers.low)
    high = inf if numbers.high is None else float(numbers.high)
    is_open = (False, False)
    if isinstance(numbers, Interval):
        is_open = numbers.low_open and low != -inf, numbers.high_open and high != inf
    ends = (end for end in (numbers.low, numbers.high) if end is not None)
    return Num(
        pl.lit(low),
        pl.lit(high),
        lo_open=ALWAYS if is_open[0] else None,
        hi_open=ALWAYS if is_open[1] else None,
        exact=all(Fraction(repr(float(end))) == end for end in ends),
        whole=is_whole(numbers),
        dense=isinstance(numbers, Interval) and numbers.whole and is_open == (False, False),
        positive=numbers.low is not None and numbers.low >= 0,
        nonzero=low > 0 or (low == 0 and is_open[0]),
        gaps=None if isinstance(numbers, Interval) and not numbers.whole else ALWAYS,
        range=(low, high),
    )


def spread(number: Num) -> pl.Expr:
    """Return what the rounding error of a number is a share of."""
    if number.size is not None:
        return number.size
    if number.known:
        return _size(number, number.lo)
    # Nothing is rounded where there is no end.
    return pl.max_horizontal(_finite(number.lo.abs()), _finite(number.hi.abs()))


# --- comparison ----------------------------------------------------------------------------------


def less(x: Num, y: Num, *, strict: bool) -> Truth:
    """Return ``x < y``, or ``x <= y``."""
    fact = _of_fact("<" if strict else "<=", x, y)
    if fact is not None:
        return fact
    if x.known and y.known and x.exact and y.exact:
        return truth(x.lo < y.lo if strict else x.lo <= y.lo, any_flag((x.loose, y.loose)), nulls=False)
    if x.known and y.known:
        return _less_rounded(x, y, strict=strict)
    yes, doubt = _below(x, y, touching=not strict)
    no, other = _below(y, x, touching=strict)
    holds = pl.when(yes).then(True).when(no).then(False).otherwise(None)
    return truth(holds, any_flag((x.loose, y.loose, doubt, other)))


def _less_rounded(x: Num, y: Num, *, strict: bool) -> Truth:
    """Return the same of two figures of which one was rounded: open where they are near each other."""
    apart, margin = y.lo - x.lo, _margin(x, y)
    sure = apart.abs() > margin
    if not x.nonzero and not y.nonzero:
        sure = sure | (margin == 0)
    holds = pl.when(sure).then(apart > 0 if strict else apart >= 0)
    return truth(holds, any_flag((x.loose, y.loose, apart.is_finite())))


def _of_fact(op: Literal["<", "<=", "=="], x: Num, y: Num) -> Truth | None:
    """Return the comparison of a fact as given with a figure: where it is not known its range decides."""
    if not x.exact or not y.exact:
        return None
    compare: Callable[[pl.Expr, pl.Expr], pl.Expr] = {"<": operator.lt, "<=": operator.le, "==": operator.eq}[
        op
    ]
    if x.raw is not None and x.every is not None and y.value is not None:
        found, possible = compare(x.raw, y.lo), values.compare(op, Value(x.every), values.decided(y.value))
    elif y.raw is not None and y.every is not None and x.value is not None:
        found, possible = compare(x.lo, y.raw), values.compare(op, values.decided(x.value), Value(y.every))
    else:
        return None
    if possible.known:
        return Truth(found.fill_null(possible.possible == values.TRUE), nulls=False)
    return Truth(found)


def _below(x: Num, y: Num, *, touching: bool) -> tuple[pl.Expr, Flag]:
    """Return where all of ``x`` surely is below all of ``y``, and where rounding leaves that in doubt."""
    meet: Flag = ALWAYS if touching else any_flag((x.hi_open, y.lo_open))
    if x.exact and y.exact:
        below = x.hi < y.lo
        return (below | ((x.hi == y.lo) & meet) if meet is not None else below), None
    apart = y.lo - x.hi
    margin = _margin(x, y)
    below = apart > margin
    if meet is not None:
        below = below | ((apart == 0) & (margin == 0) & meet)
    return below, _near(apart, margin)


def _margin(x: Num, y: Num) -> pl.Expr:
    return (_size(x, x.hi) + _size(y, y.lo)) * TOLERANCE


def _size(x: Num, end: pl.Expr) -> pl.Expr:
    if x.size is not None:
        return x.size
    return end if x.positive else end.abs()


def _near(apart: pl.Expr, margin: pl.Expr) -> pl.Expr:
    return apart.is_finite() & (apart.abs() <= margin) & (margin > 0)


def equal(x: Num, y: Num) -> Truth:
    """Return ``x == y``."""
    loose = any_flag((x.loose, y.loose))
    fact = _of_fact("==", x, y)
    if fact is not None:
        return fact
    if x.known and y.known and x.exact and y.exact:
        return truth(x.lo == y.lo, loose, nulls=False)
    apart, doubt = _below(x, y, touching=False)
    other, doubted = _below(y, x, touching=False)
    never = apart | other
    points = (x.lo == x.hi) & (y.lo == y.hi)
    if x.exact and y.exact:
        holds = pl.when(never).then(False).when(points).then(True).otherwise(None)
    else:
        same = points & (x.lo == y.lo) & (spread(x) + spread(y) == 0)
        holds = pl.when(never).then(False).when(same).then(True).otherwise(None)
        doubt = any_flag((doubt, doubted, points))
    # Whether a figure lies between the ends and is possible all the same is for the exact evaluator.
    gaps = ALWAYS if x.whole or y.whole else any_flag((x.gaps, y.gaps))
    for each, other in ((x, y), (y, x)):
        if gaps is not None and not each.whole and each.gaps is None:
            gaps = gaps & ~_holds_an_end(each, other)
    return truth(holds, any_flag((loose, doubt, gaps)))


def _holds_an_end(x: Num, y: Num) -> pl.Expr:
    """Return where ``x``, which may be all between its ends, surely may be something that ``y`` is."""
    everything = (x.lo == -inf) & (x.hi == inf)
    return everything | ((x.lo < y.lo) & (y.lo < x.hi)) | ((x.lo < y.hi) & (y.hi < x.hi))


def _gaps(x: Num, y: Num) -> Flag:
    """Return where what is made of two numbers may have gaps: not where one of them has none."""
    if x.gaps is None and y.gaps is None:
        return None
    few = [each.lo == each.hi if each.gaps is None else each.gaps | (each.lo == each.hi) for each in (x, y)]
    return few[0] & few[1]


# --- arithmetic ----------------------------------------------------------------------------------


def add(x: Num, y: Num) -> Num:
    """Return the sum; where both are whole nothing is rounded."""
    x, y = _present(x), _present(y)
    lo = x.lo + y.lo
    known = x.known and y.known
    positive = x.positive and y.positive
    exact = x.exact and y.exact and x.whole and y.whole
    clean = exact or (positive and x.size is None and y.size is None)
    return Num(
        lo,
        lo if known else x.hi + y.hi,
        known=known,
        lo_open=any_flag((x.lo_open, y.lo_open)),
        hi_open=any_flag((x.hi_open, y.hi_open)),
        exact=exact,
        whole=x.whole and y.whole,
        positive=positive,
        gaps=_gaps(x, y),
        size=None if clean else spread(x) + spread(y),
        loose=any_flag((x.loose, y.loose)),
        value=None if x.value is None or y.value is None else x.value + y.value,
    )


def _finite(size: pl.Expr) -> pl.Expr:
    return pl.when(size.is_finite()).then(size).otherwise(0.0)


def times(x: Num, factor: Fraction) -> Num:
    """Return the product with one figure."""
    x = _present(x)
    if not factor:
        return constant(Fraction(0))
    ends = (x.lo, x.hi) if factor > 0 else (x.hi, x.lo)
    opens = (x.lo_open, x.hi_open) if factor > 0 else (x.hi_open, x.lo_open)
    near = float(factor)
    lo, hi = (end * near for end in ends)
    exact = x.exact and abs(factor) == 1
    return replace(
        x,
        lo=lo,
        hi=lo if x.known else hi,
        lo_open=opens[0],
        hi_open=opens[1],
        exact=exact,
        whole=x.whole and factor.denominator == 1,
        positive=x.positive and factor > 0,
        size=None if x.size is None else x.size * abs(near),
        value=None if x.value is None else x.value * factor,
        range=None,
        raw=None,
        dense=False,
    )


def multiply(x: Num, y: Num) -> Num:
    """Return the product; of numbers that may be below 0 only where they are known, sharply."""
    if y.value is not None:
        return times(x, y.value)
    if x.value is not None:
        return times(y, x.value)
    x, y = _present(x), _present(y)
    if x.size is not None or y.size is not None:
        raise CannotLower
    known = x.known and y.known
    loose = any_flag((x.loose, y.loose))
    whole, gaps = x.whole and y.whole, _gaps(x, y)
    if known:
        lo = x.lo * y.lo
        return Num(
            lo, lo, known=True, positive=x.positive and y.positive, loose=loose, whole=whole, gaps=gaps
        )
    if x.positive and y.positive:
        lo, lo_open = _corner(x.lo, x.lo_open, y.lo, y.lo_open)
        hi, hi_open = _corner(x.hi, x.hi_open, y.hi, y.hi_open)
        return Num(
            lo, hi, lo_open=lo_open, hi_open=hi_open, positive=True, loose=loose, whole=whole, gaps=gaps
        )
    corners = [(a * b).fill_nan(0.0) for a in (x.lo, x.hi) for b in (y.lo, y.hi)]
    lo, hi = pl.min_horizontal(corners), pl.max_horizontal(corners)
    return Num(lo, hi, loose=any_flag((loose, lo != hi)), whole=whole, gaps=gaps)


def _corner(a: pl.Expr, a_open: Flag, b: pl.Expr, b_open: Flag) -> tuple[pl.Expr, Flag]:
    """Return the product of two ends that are not below 0, and where it is only approached."""
    product = (a * b).fill_nan(0.0)
    if a_open is None and b_open is None:
        return product, None
    a_is, b_is = (pl.lit(False) if each is None else each for each in (a_open, b_open))
    at_zero = ~(((a == 0) & ~a_is) | ((b == 0) & ~b_is))
    return product, pl.when((a == 0) | (b == 0)).then(at_zero).otherwise(a_is | b_is)


def divide(x: Num, y: Num) -> Num:
    """Return the quotient; by 0 there is no value, and any number may stand in its place."""
    if y.value:
        return times(x, 1 / y.value)
    x, y = _present(x), _present(y)
    if not y.positive or y.size is not None or (x.size is not None and not y.known):
        raise CannotLower
    loose = any_flag((x.loose, y.loose))
    if x.known and y.known:
        lo = x.lo / y.lo
        size = None if x.size is None else x.size / y.lo
        core = Num(lo, lo, known=True, positive=x.positive, gaps=_gaps(x, y), size=size, loose=loose)
    elif x.positive:
        smallest = pl.when(y.hi.is_infinite()).then(0.0).otherwise(1 / y.hi)
        greatest = pl.when(y.lo == 0).then(inf).otherwise(1 / y.lo)
        low_open = any_flag((y.hi_open, y.hi.is_infinite()))
        high_open = any_flag((y.lo_open, y.lo == 0))
        lo, lo_open = _corner(x.lo, x.lo_open, smallest, low_open)
        hi, hi_open = _corner(x.hi, x.hi_open, greatest, high_open)
        core = Num(lo, hi, lo_open=lo_open, hi_open=hi_open, positive=True, gaps=_gaps(x, y), loose=loose)
    else:
        raise CannotLower
    if y.nonzero:
        return core
    zero = (y.lo == 0) & ~y.lo_open if y.lo_open is not None else y.lo == 0
    if not y.known:
        zero = zero & (y.hi >= 0)
    gone = pl.when(zero).then(pl.when(y.hi == 0).then(2).otherwise(1)).otherwise(0).cast(pl.UInt8)
    return absent(core, EVERY, gone)


def scale(x: Num, factor: Fraction, offset: Fraction) -> Num:
    """Return the number in another unit; what stands in the place of no value is brought there too."""
    made = _scaled(x, factor, offset)
    if x.range is not None:
        low, high = (end * float(factor) + float(offset) for end in x.range)
        made = replace(made, range=(low, high))
    if x.gone is None:
        return made
    core = None if x.core is None else _scaled(x.core, factor, offset)
    return replace(made, gone=x.gone, core=core)


def _scaled(x: Num, factor: Fraction, offset: Fraction) -> Num:
    made = times(x, factor) if factor != 1 else _present(x)
    return add(made, constant(offset)) if offset else made


def absolute(x: Num) -> Num:
    """``abs``."""
    x = _present(x)
    if x.positive:
        return x
    lo = pl.max_horizontal(x.lo, -x.hi, 0.0)
    hi = pl.max_horizontal(x.hi, -x.lo)
    open_or_none = x.lo_open is None and x.hi_open is None
    crossing = None if x.known else (x.lo != x.hi) & ((x.lo < 0) | (not open_or_none))
    return replace(
        x,
        lo=lo,
        hi=lo if x.known else hi,
        lo_open=None,
        hi_open=None,
        positive=True,
        loose=any_flag((x.loose, crossing)),
        value=None if x.value is None else abs(x.value),
        range=None,
        raw=None,
        dense=False,
    )


def extreme(kind: str, x: Num, y: Num) -> Num:
    """``min(a, b)`` or ``max(a, b)``."""
    x, y = _present(x), _present(y)
    take = pl.min_horizontal if kind == "min" else pl.max_horizontal
    lo, hi = take(x.lo, y.lo), take(x.hi, y.hi)
    known = x.known and y.known
    sizes = None if x.size is None and y.size is None else spread(x) + spread(y)
    return Num(
        lo,
        lo if known else hi,
        known=known,
        lo_open=_open_end(kind, (x.lo, x.lo_open), (y.lo, y.lo_open), lo, low=True),
        hi_open=_open_end(kind, (x.hi, x.hi_open), (y.hi, y.hi_open), hi, low=False),
        exact=x.exact and y.exact,
        whole=x.whole and y.whole,
        positive=x.positive and y.positive,
        gaps=_gaps(x, y),
        size=sizes,
        loose=any_flag((x.loose, y.loose)),
    )


def _open_end(
    kind: str, a: tuple[pl.Expr, Flag], b: tuple[pl.Expr, Flag], end: pl.Expr, *, low: bool
) -> Flag:
    """Return where the end of a minimum or maximum is open: of two that are equal, which one counts."""
    if a[1] is None and b[1] is None:
        return None
    a_open, b_open = (pl.lit(False) if each[1] is None else each[1] for each in (a, b))
    here, there = a[0] == end, b[0] == end
    if (kind == "min") == low:
        # The lower of two lower ends, or the upper of two upper ones: closed where either is.
        return ~((here & ~a_open) | (there & ~b_open))
    return (here & a_open) | (there & b_open)


def absent(core: Num, instead: Num, gone: pl.Expr) -> Num:
    """Return a number of which there may be no value; ``instead`` stands in its place."""
    lo = pl.when(gone == 0).then(core.lo).when(gone == 1).then(pl.min_horizontal(core.lo, instead.lo))
    hi = pl.when(gone == 0).then(core.hi).when(gone == 1).then(pl.max_horizontal(core.hi, instead.hi))
    lo, hi = lo.otherwise(instead.lo), hi.otherwise(instead.hi)
    return Num(
        lo,
        hi,
        lo_open=_either_end(core.lo, core.lo_open, instead.lo, instead.lo_open, gone, low=True),
        hi_open=_either_end(core.hi, core.hi_open, instead.hi, instead.hi_open, gone, low=False),
        exact=core.exact and instead.exact,
        whole=core.whole and instead.whole,
        positive=core.positive and instead.positive,
        nonzero=core.nonzero and instead.nonzero,
        gaps=any_flag((where(core.gaps, gone < 2), where(instead.gaps, gone > 0))),
        size=core.size,
        gone=gone,
        core=replace(core, gone=None, core=None),
        loose=core.loose,
        range=instead.range,
    )


def _either_end(a: pl.Expr, a_open: Flag, b: pl.Expr, b_open: Flag, gone: pl.Expr, *, low: bool) -> Flag:
    if a_open is None and b_open is None:
        return None
    a_is, b_is = (pl.lit(False) if each is None else each for each in (a_open, b_open))
    nearer = (a < b) if low else (a > b)
    both = pl.when(nearer).then(a_is).when(a == b).then(a_is & b_is).otherwise(b_is)
    return pl.when(gone == 0).then(a_is).when(gone == 1).then(both).otherwise(b_is)


def _present(x: Num) -> Num:
    """Return the number as arithmetic takes it: *no value* counts as anything in the declared range."""
    return x if x.gone is None else replace(x, gone=None, core=None)
