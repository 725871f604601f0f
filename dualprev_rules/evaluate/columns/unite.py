"""One of several things: what a choice, a guard, a fall-back or a record above leaves possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from math import inf
from typing import Any

import polars as pl

from dualprev_rules.evaluate.columns import numbers
from dualprev_rules.evaluate.columns.reading import NO_TEXTS, bits, nothing_known, width
from dualprev_rules.evaluate.columns.tables import Table
from dualprev_rules.evaluate.columns.things import (
    ALWAYS,
    UNKNOWN,
    Bag,
    CannotLower,
    Flag,
    Mask,
    Num,
    Thing,
    Truth,
    Word,
    any_flag,
    expression,
    perhaps,
    surely,
    truth,
)
from dualprev_rules.facts.possible import EVERY_NUMBER, Numbers
from dualprev_rules.facts.schema import Attribute, every
from dualprev_rules.facts.types import Bool, Date, Enum, Number, SetOf, Type

Part = tuple[pl.Expr, Thing]
"""Where a thing may be the one meant, and the thing."""
_GONE = pl.lit(2, dtype=pl.UInt8)
_PERHAPS = pl.lit(1, dtype=pl.UInt8)
_THERE = pl.lit(0, dtype=pl.UInt8)


# --- what is not there at all --------------------------------------------------------------------


def ranged(of: Type, within: Numbers) -> Thing:
    """Return all that a value of a type may be in a declared range."""
    match of:
        case Bool():
            return Truth(None)
        case Number() | Date():
            possible: Any = every(of, within)
            return numbers.within(possible)
        case Enum(members=members):
            return Mask(bits((1 << len(members)) - 1, members), members)
        case SetOf():
            raise CannotLower
        case _:
            return Word(pl.lit(None, dtype=pl.String))


def outside(of: Type, *, gone: bool) -> Thing:
    """Return all that a fact of a record may be that was not given; ``gone``: there is none."""
    match of:
        case Number() | Date():
            made: Thing = numbers.EVERY
        case Enum(members=members):
            made = Mask(bits((2 << len(members)) - 1, members), members)
        case SetOf(of=Enum(members=members)):
            return Bag(bits(0, members), bits((2 << len(members)) - 1, members), members)
        case SetOf():
            return Bag(NO_TEXTS, NO_TEXTS, None)
        case _:
            made = ranged(of, EVERY_NUMBER)
    return gone_everywhere(made) if gone else made


def anything(of: Type) -> Thing:
    """Return what has no form in columns: it may be anything, or nothing, and is loose."""
    if isinstance(of, SetOf):
        raise CannotLower
    made = outside(of, gone=False)
    if isinstance(made, Num | Mask | Word):
        return replace(made, gone=_PERHAPS, core=made, loose=ALWAYS)
    return replace(made, loose=ALWAYS)


def gone_everywhere(instead: Thing) -> Thing:
    """Return that there surely is no value, ``instead`` standing in its place."""
    if isinstance(instead, Num | Mask | Word):
        return replace(instead, gone=_GONE, core=instead, value=None)
    return instead


def none(of: Attribute) -> Thing:
    """Return that there is none of an attribute that no record mentions."""
    nothing = nothing_known(of)
    if isinstance(nothing, Bag):
        if nothing.members is None:
            empty = pl.lit([], dtype=pl.List(pl.String))
            return replace(nothing, sure=empty, possible=empty)
        return replace(nothing, possible=nothing.sure)
    return gone_everywhere(nothing)


# --- one of several ------------------------------------------------------------------------------


def union(at: Table, parts: Sequence[Part], loose: Flag = None, *, single: bool) -> Thing:
    """Return the thing that is one of several, it being open which; ``single``: just one in every row.

    Where nothing is possible at once, what left that open (``loose``) matters no more.
    """
    first = parts[0][1]
    given: Any = [thing for _, thing in parts]
    conditions = at.hold_all([where for where, _ in parts])
    match first:
        case Truth():
            made = _truths(conditions, given, loose, single=single)
        case Num():
            made = _numbers(conditions, given, loose, single=single)
        case Mask():
            made = _masks(conditions, given, loose, single=single)
        case Word():
            made = _words(conditions, given, loose, single=single)
        case Bag():
            made = _bags(conditions, given, loose, single=single)
    return at.held(made)


def _pick(conditions: Sequence[pl.Expr], values: Sequence[pl.Expr]) -> pl.Expr:
    """Return the value of the one condition that holds."""
    last = values[-1]
    for where, value in reversed(list(zip(conditions[:-1], values[:-1], strict=True))):
        last = pl.when(where).then(value).otherwise(last)
    return last


def _flag(conditions: Sequence[pl.Expr], flags: Sequence[Flag]) -> Flag:
    """Return the flags of what may be the one meant."""
    given = [where & flag for where, flag in zip(conditions, flags, strict=True) if flag is not None]
    return any_flag(given)


def _truths(where: Sequence[pl.Expr], of: Sequence[Truth], loose: Flag, *, single: bool) -> Truth:
    flags = any_flag((loose, _flag(where, [each.loose for each in of])))
    if single:
        picked = _pick(where, [expression(each) for each in of])
        return truth(picked, flags, nulls=any(each.nulls for each in of))
    yes = reduce(lambda a, b: a | b, (w & perhaps(each) for w, each in zip(where, of, strict=True)))
    no = reduce(lambda a, b: a | b, (w & ~surely(each) for w, each in zip(where, of, strict=True)))
    return truth(pl.when(yes & no).then(None).otherwise(yes), flags)


def _gone(where: Sequence[pl.Expr], gone: Sequence[pl.Expr | None]) -> pl.Expr | None:
    """Return whether there may be no value: surely where none of those possible has one."""
    if all(each is None for each in gone):
        return None
    states = [_THERE if each is None else each for each in gone]
    most = pl.max_horizontal(pl.when(w).then(g).otherwise(_THERE) for w, g in zip(where, states, strict=True))
    least = pl.min_horizontal(pl.when(w).then(g).otherwise(_GONE) for w, g in zip(where, states, strict=True))
    return pl.when(least == 2).then(_GONE).when(most > 0).then(_PERHAPS).otherwise(_THERE)


def _mixed(where: Sequence[pl.Expr], gone: pl.Expr, constant: Sequence[bool]) -> Flag:
    """Return where the range in the place of no value is that of several things: it is not known here."""
    if sum(not each for each in constant) < 2:
        return None
    several = reduce(lambda a, b: a + b, (each.cast(pl.UInt8) for each in where)) > 1
    return several & (gone == 1)


def _numbers(where: Sequence[pl.Expr], of: Sequence[Num], loose: Flag, *, single: bool) -> Num:
    gone = _gone(where, [each.gone for each in of])
    made = _hull(where, of, loose, single=single)
    if gone is None:
        return made
    cores = [each if each.gone is None or each.core is None else each.core for each in of]
    there = [w if each.gone is None else w & (each.gone < 2) for w, each in zip(where, of, strict=True)]
    core = replace(_hull(there, cores, loose, single=False), known=False)
    core = replace(core, loose=made.loose)
    mixed = _mixed(where, gone, [each.value is not None for each in of])
    if mixed is not None:
        low, high = made.range or (-inf, inf)
        made = replace(
            made,
            lo=pl.when(mixed).then(pl.min_horizontal(made.lo, low)).otherwise(made.lo),
            hi=pl.when(mixed).then(pl.max_horizontal(made.hi, high)).otherwise(made.hi),
            lo_open=where_not(made.lo_open, mixed),
            hi_open=where_not(made.hi_open, mixed),
            known=False,
            positive=made.positive and low >= 0,
            nonzero=False,
            loose=any_flag((made.loose, mixed)),
        )
    return replace(made, gone=gone, core=core)


def _hull(where: Sequence[pl.Expr], of: Sequence[Num], loose: Flag, *, single: bool) -> Num:
    known = single and all(each.known for each in of)
    if single:
        lo = _pick(where, [each.lo for each in of])
        hi = lo if known else _pick(where, [each.hi for each in of])
    else:
        lo = pl.min_horizontal(
            pl.when(w).then(each.lo).otherwise(inf) for w, each in zip(where, of, strict=True)
        )
        hi = pl.max_horizontal(
            pl.when(w).then(each.hi).otherwise(-inf) for w, each in zip(where, of, strict=True)
        )
    low_ends = [(w, each.lo, each.lo_open) for w, each in zip(where, of, strict=True)]
    high_ends = [(w, each.hi, each.hi_open) for w, each in zip(where, of, strict=True)]
    sizes = None
    if any(each.size is not None for each in of):
        sizes = pl.sum_horizontal(
            pl.when(w).then(numbers.spread(each)).otherwise(0.0) for w, each in zip(where, of, strict=True)
        )
    flags = any_flag((loose, _flag(where, [each.loose for each in of])))
    return Num(
        lo,
        hi,
        known=known,
        lo_open=_open_end(low_ends, lo),
        hi_open=_open_end(high_ends, hi),
        exact=all(each.exact for each in of),
        whole=all(each.whole for each in of),
        positive=all(each.positive for each in of),
        nonzero=all(each.nonzero for each in of),
        gaps=_gaps(where, of, lo, hi, single=single),
        dense=single and all(each.dense or (each.known and each.whole) for each in of),
        size=sizes,
        loose=flags,
        range=_range(of),
    )


def where_not(flag: Flag, condition: pl.Expr) -> Flag:
    """Return where the flag is set and the condition does not hold."""
    return None if flag is None else flag & ~condition


def _gaps(where: Sequence[pl.Expr], of: Sequence[Num], lo: pl.Expr, hi: pl.Expr, *, single: bool) -> Flag:
    """Return where one of several numbers may have gaps: those of each, and what lies between two."""
    own = _flag(where, [each.gaps for each in of])
    if single:
        return own
    several = reduce(lambda a, b: a + b, (each.cast(pl.UInt8) for each in where)) > 1
    return any_flag((own, several & (lo != hi)))


def _range(of: Sequence[Num]) -> tuple[float, float] | None:
    """Return the hull of the ranges that some of several things have."""
    given = [each.range for each in of if each.range is not None]
    return (min(low for low, _ in given), max(high for _, high in given)) if given else None


def _open_end(ends: Sequence[tuple[pl.Expr, pl.Expr, Flag]], end: pl.Expr) -> Flag:
    """Return where no part reaches the end."""
    if all(is_open is None for _, _, is_open in ends):
        return None
    closed = [
        where & (value == end) & (ALWAYS if is_open is None else ~is_open) for where, value, is_open in ends
    ]
    return ~reduce(lambda a, b: a | b, closed)


def _masks(where: Sequence[pl.Expr], of: Sequence[Mask], loose: Flag, *, single: bool) -> Mask:
    members = of[0].members
    if any(each.members != members for each in of):
        raise CannotLower
    gone = _gone(where, [each.gone for each in of])
    flags = any_flag((loose, _flag(where, [each.loose for each in of])))
    known = single and all(each.known for each in of)
    made = Mask(_bits(where, [each.bits for each in of], members), members, known=known, loose=flags)
    if gone is None:
        return made
    cores = [each if each.gone is None or each.core is None else each.core for each in of]
    there = [w if each.gone is None else w & (each.gone < 2) for w, each in zip(where, of, strict=True)]
    core = Mask(_bits(there, [each.bits for each in cores], members), members, loose=flags)
    mixed = _mixed(where, gone, [each.value is not None for each in of])
    if mixed is not None:
        everything = bits((2 << len(members)) - 1, members)
        made = replace(
            made, bits=pl.when(mixed).then(everything).otherwise(made.bits), loose=any_flag((flags, mixed))
        )
    return replace(made, gone=gone, core=core, known=False)


def _bits(where: Sequence[pl.Expr], of: Sequence[pl.Expr], members: tuple[str, ...]) -> pl.Expr:
    nothing = bits(0, members)
    parts = [pl.when(w).then(each).otherwise(nothing) for w, each in zip(where, of, strict=True)]
    return reduce(lambda a, b: a | b, parts).cast(width(members))


def _words(where: Sequence[pl.Expr], of: Sequence[Word], loose: Flag, *, single: bool) -> Word:
    gone = _gone(where, [each.gone for each in of])
    flags = any_flag((loose, _flag(where, [each.loose for each in of])))
    picked = _pick(where, [each.text for each in of])
    if not single:
        several = reduce(lambda a, b: a + b, (each.cast(pl.UInt8) for each in where)) > 1
        picked = pl.when(several).then(None).otherwise(picked)
        flags = any_flag((flags, several))
    made = Word(picked, nulls=True, loose=flags)
    return made if gone is None else replace(made, gone=gone, core=made)


def _bags(where: Sequence[pl.Expr], of: Sequence[Bag], loose: Flag, *, single: bool) -> Bag:
    if not single:
        raise CannotLower
    flags = any_flag((loose, _flag(where, [each.loose for each in of])))
    sure = _pick(where, [each.sure for each in of])
    return Bag(sure, _pick(where, [each.possible for each in of]), of[0].members, flags)


def own_or(table: Table, given: pl.Series, own: Thing, above: Thing) -> Thing:
    """Return a record's own fact, or where nothing was given that of a record above."""
    held = table.put(_missing(given))
    return union(table, [(~held, own), (held, above)], single=True)


def none_or(
    table: Table,
    given: pl.Series | None,
    beside: pl.Series,
    odd: pl.Series | None,
    of: Attribute,
    own: Thing,
) -> Thing:
    """Return a record's own fact; where it gives only what stands for it, there is none.

    Where what stands for it is odd, the exact evaluator says whether it is known.
    """
    stood_for = ~_missing(beside)
    if given is not None:
        stood_for = stood_for & _missing(given)
    if not stood_for.any():
        return own
    held = table.put(stood_for)
    if odd is None:
        return union(table, [(~held, own), (held, none(of))], single=True)
    doubtful = table.put(stood_for & odd)
    return union(table, [(~held | doubtful, own), (held, none(of))], doubtful, single=False)


def _missing(given: pl.Series) -> pl.Series:
    missing = given.is_null()
    if given.dtype == pl.String:
        missing = missing | (given.str.strip_chars() == "").fill_null(False)
    return missing


def coalesce(at: Table, a: Thing, b: Thing) -> Thing:
    """Return the first; where it surely has no value the second; where that is open, either."""
    if not isinstance(a, Num | Mask | Word):
        raise CannotLower
    if a.gone is None:
        return a
    assert a.core is not None
    return union(at, [(a.gone < 2, a.core), (a.gone > 0, b)], a.loose, single=False)


def guarded(at: Table, value: Thing, when: Truth, instead: Thing, *, bounded: bool) -> Thing:
    """Return a definition's value where its condition holds, *no value* where it does not."""
    if isinstance(value, Truth):
        if when.holds is True:
            return value
        loose = any_flag((value.loose, when.loose))
        return truth(pl.when(surely(when)).then(expression(value)).otherwise(UNKNOWN), loose)
    if isinstance(value, Bag):
        raise CannotLower
    if when.holds is True and (value.gone is None or not bounded):
        # Its own range, where it declares one, may stand for it where it is one of several things.
        return (
            replace(value, range=instead.range)
            if isinstance(value, Num) and isinstance(instead, Num) and bounded
            else value
        )
    gone = _guard(value.gone, when)
    loose = any_flag((value.loose, when.loose))
    gone, met = at.hold_all([gone, surely(when)])
    match value, instead:
        case Num(), Num():
            core = value if value.gone is None or value.core is None else value.core
            made = numbers.absent(core, instead, gone)
            if value.gone is not None and not bounded:
                # What stands in the place of no value is then that of the body itself.
                present = _hull([met, ~met], [value, made], None, single=True)
                made = replace(present, gone=gone, core=made.core)
            return replace(made, loose=loose)
        case Mask(members=members), Mask():
            own = value if value.gone is None or value.core is None else value.core
            bit = pl.when(gone == 0).then(own.bits).when(gone == 1).then(own.bits | instead.bits)
            bit = bit.otherwise(instead.bits)
            if value.gone is not None:
                bit = pl.when(met).then(value.bits).otherwise(bit)
            made_bits = bit.cast(width(members))
            return Mask(made_bits, members, gone=gone, core=replace(own, gone=None, core=None), loose=loose)
        case Word(), Word():
            text = pl.when(met).then(value.text).otherwise(None)
            return Word(text, gone=gone, core=replace(value, gone=None, core=None), loose=loose)
        case _:
            raise CannotLower


def _guard(gone: pl.Expr | None, when: Truth) -> pl.Expr:
    own = _THERE if gone is None else gone
    if not when.nulls and isinstance(when.holds, pl.Expr):
        return pl.when(when.holds).then(own).otherwise(_GONE)
    holds = expression(when)
    open_state = _PERHAPS if gone is None else pl.max_horizontal(own, _PERHAPS)
    return pl.when(holds.is_null()).then(open_state).when(holds).then(own).otherwise(_GONE)
