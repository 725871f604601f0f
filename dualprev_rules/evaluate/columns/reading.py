"""Columns of facts: each attribute as a thing in every row, and where what was given has no form here.

What is plain is read by whole columns; spellings that need a reader are read once each by that of the facts.
A cell that cannot be held (out of range, no member, a figure too long) is *odd*: it may be anything, and
whatever rests on it is loose.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from math import inf
from typing import Any

import polars as pl

from dualprev_rules.evaluate.columns import numbers
from dualprev_rules.evaluate.columns.classes import numbered
from dualprev_rules.evaluate.columns.tables import Table
from dualprev_rules.evaluate.columns.things import MOST_KEPT, Bag, CannotLower, Mask, Num, Thing, Truth, Word
from dualprev_rules.evaluate.compiled.layout import point
from dualprev_rules.facts.kinds import Kind, Refused, kind_of
from dualprev_rules.facts.possible import Finite, Interval, Members
from dualprev_rules.facts.schema import Attribute
from dualprev_rules.facts.types import Bool, Date, Enum, Number, SetOf

_EPOCH = 719_163
"""The ordinal of 1970-01-01."""
_WIDTHS = ((8, pl.UInt8), (16, pl.UInt16), (32, pl.UInt32), (64, pl.UInt64), (128, pl.UInt128))
_PLAIN_FIGURE = r"^-?[0-9]{1,11}(\.[0-9]{1,4})?$"
NO_TEXTS = pl.lit(None, dtype=pl.List(pl.String))
"""A set of texts of which nothing is known."""
MOST_MEMBERS = 127
"""Members of an enum that has more have no bits."""


def bits_of(members: tuple[str, ...]) -> dict[str, int]:
    """Return the bit of each member; that of any other text follows them."""
    if len(members) > MOST_MEMBERS:
        raise CannotLower
    return {member: 1 << index for index, member in enumerate(members)}


def width(members: tuple[str, ...]) -> type[pl.DataType]:
    """Return the type of the bits of members."""
    size = len(members) + 1
    return next(kind for most, kind in _WIDTHS if size <= most)


@lru_cache(MOST_KEPT)
def bits(of: int, members: tuple[str, ...]) -> pl.Expr:
    """Return bits as an expression."""
    return pl.lit(of, dtype=width(members))


def nothing_known(attribute: Attribute) -> Thing:
    """Return what an attribute is where nothing was given."""
    match attribute.type:
        case Bool():
            return Truth(None)
        case Number() | Date():
            possible: Any = attribute.every
            return numbers.within(possible)
        case Enum(members=members):
            return Mask(bits((1 << len(members)) - 1, members), members)
        case SetOf(of=Enum(members=members)):
            return Bag(bits(0, members), bits((1 << len(members)) - 1, members), members)
        case SetOf():
            return Bag(NO_TEXTS, NO_TEXTS, None)
        case _:
            return Word(pl.lit(None, dtype=pl.String))


def column(table: Table, attribute: Attribute, *, stated: bool) -> Thing:
    """Return an attribute of which a column was given; ``stated``: no set is taken as complete."""
    given = table.given[attribute.name]
    if given.dtype == pl.Null or given.null_count() == given.len():
        return nothing_known(attribute)
    match attribute.type:
        case Bool():
            return _bool(table, attribute, given)
        case Number():
            return _number(table, attribute, given)
        case Date():
            return _day(table, attribute, given)
        case Enum(members=members):
            return _enum(table, attribute, given, members)
        case SetOf(of=Enum(members=members)):
            return _set(table, attribute, given, members, stated=stated)
        case SetOf():
            return _words(table, attribute, given, stated=stated)
        case _:
            return _text(table, attribute, given)


def _reader(attribute: Attribute) -> Kind:
    kind = kind_of(attribute)
    assert kind is not None
    return kind


def _odd(table: Table, attribute: Attribute, odd: pl.Series) -> pl.Expr | None:
    """Note where cells are odd."""
    if not odd.any():
        return None
    table.odd[attribute.name] = odd
    return table.put(odd)


def spelt(given: pl.Series, read: Callable[[Any], Any], kind: Any) -> tuple[pl.Series, pl.Series]:
    """Read each spelling once; return what each cell is, null where it has no form, and where that is."""
    at, spellings = numbered(given)
    made = pl.Series(
        "is", [None if each is None else read(each) for each in spellings], dtype=kind, strict=False
    )
    lost = [
        thing is None and each is not None and not (isinstance(each, str) and not each.strip())
        for each, thing in zip(spellings, made.to_list(), strict=True)
    ]
    none_lost = pl.repeat(False, given.len(), eager=True)
    return made.gather(at), pl.Series(lost, dtype=pl.Boolean).gather(at) if any(lost) else none_lost


def _one(kind: Kind) -> Callable[[Any], Any]:
    """Return what reads one spelling: the one thing that it means, or None."""

    def read(raw: Any) -> Any:
        try:
            possible = kind.read(raw, None).possible
        except Refused:
            return None
        match possible:
            case Finite((value,)):
                return value
            case frozenset() if len(possible) == 1:  # pyright: ignore[reportUnknownArgumentType]
                return next(iter(possible))  # pyright: ignore[reportUnknownVariableType,reportUnknownArgumentType]
            case Members(sure, may) if sure == may:
                return sure
            case _:
                return None

    return read


def _texts(given: pl.Series) -> pl.Series:
    return given.cast(pl.String) if isinstance(given.dtype, (pl.Categorical, pl.Enum)) else given


# --- one kind each -------------------------------------------------------------------------------


def _bool(table: Table, attribute: Attribute, given: pl.Series) -> Truth:
    odd = None
    if given.dtype != pl.Boolean:
        given, where = spelt(_texts(given), _one(_reader(attribute)), pl.Boolean)
        odd = _odd(table, attribute, where)
    nulls = given.null_count() > 0
    return Truth(table.put(given), nulls, odd)


def _number(table: Table, attribute: Attribute, given: pl.Series) -> Num:
    of: Any = attribute.type
    odd: pl.Series | None = None
    if isinstance(given.dtype, (pl.String, pl.Categorical, pl.Enum)):
        given, odd = _figures(_texts(given), attribute)
    elif isinstance(given.dtype, pl.Decimal):
        longest = 10 ** (15 - given.dtype.scale) if given.dtype.scale < 15 else Fraction(1, 10**9)
        figures = given.cast(pl.Float64)
        odd = (figures.abs() >= float(longest)) & given.is_not_null()
        given = figures
    given = given.cast(pl.Float64)
    return _ranged(table, attribute, given, odd, whole=of.whole)


def _figures(given: pl.Series, attribute: Attribute) -> tuple[pl.Series, pl.Series]:
    plain = given.str.contains(_PLAIN_FIGURE).fill_null(True)
    if plain.all():
        return given.cast(pl.Float64), pl.repeat(False, given.len(), eager=True)
    read = _one(_reader(attribute))

    def figure(raw: Any) -> float | None:
        value = read(raw)
        held = None if value is None else point(value)
        return None if held is None else float(held)

    others = given.to_frame("of").select(pl.when(~plain).then(pl.col("of")))["of"]
    found, odd = spelt(others, figure, pl.Float64)
    plainly = given.to_frame("of").select(pl.when(plain).then(pl.col("of")))["of"].cast(pl.Float64)
    return plainly.to_frame("a").select(pl.coalesce("a", found)).to_series(), odd


def _day(table: Table, attribute: Attribute, given: pl.Series) -> Num:
    odd = None
    if given.dtype == pl.Date or isinstance(given.dtype, pl.Datetime):
        days = given.cast(pl.Date).cast(pl.Int32).cast(pl.Float64) + _EPOCH
    else:
        read = _one(_reader(attribute))

        def day(raw: Any) -> float | None:
            value = read(raw)
            return None if value is None else float(value)

        days, odd = spelt(_texts(given), day, pl.Float64)
    return _ranged(table, attribute, days, odd, whole=False)


def _ranged(
    table: Table, attribute: Attribute, given: pl.Series, odd: pl.Series | None, *, whole: bool
) -> Num:
    """Return figures, those outside of the declared range being odd."""
    figure = pl.col("x")
    fits = _inside(attribute, figure)
    if whole:
        fits = fits & (figure == figure.floor())
    outside = ~given.to_frame("x").select(fits).to_series().fill_null(True)
    odd = outside if odd is None else outside | odd
    is_odd = _odd(table, attribute, odd)
    every: Any = attribute.every
    number = numbers.within(every)
    if is_odd is not None:
        given = given.to_frame("x").select(pl.when(~odd).then(figure)).to_series()
    held = table.put(given)
    about = replace(number, exact=True, whole=number.whole or isinstance(attribute.type, Date))
    if given.null_count() == 0:
        return replace(about, lo=held, hi=held, known=True, lo_open=None, hi_open=None, gaps=None)
    if is_odd is None:
        lo, hi, is_open = number.lo, number.hi, held.is_null()
    else:
        lo = pl.when(is_odd).then(-inf).otherwise(number.lo)
        hi = pl.when(is_odd).then(inf).otherwise(number.hi)
        is_open = held.is_null() & ~is_odd
    return replace(
        about,
        lo=table.hold(held.fill_null(lo)),
        hi=table.hold(held.fill_null(hi)),
        gaps=None if number.gaps is None else table.hold(is_open),
        lo_open=None if number.lo_open is None else table.hold(is_open),
        hi_open=None if number.hi_open is None else table.hold(is_open),
        positive=number.positive and is_odd is None,
        nonzero=number.nonzero and is_odd is None,
        range=number.range if is_odd is None else (-inf, inf),
        # The range must be exact too where it stands for what is not known.
        exact=number.exact,
        loose=is_odd,
        raw=held if is_odd is None else None,
        every=every if is_odd is None else None,
    )


def _inside(attribute: Attribute, x: pl.Expr) -> pl.Expr:
    """Return where a figure is held: in the declared range, and neither too large nor too small."""
    within: Any = attribute.range
    fits = (x <= numbers.LARGEST) & (x >= -numbers.LARGEST) & ((x.abs() >= numbers.SMALLEST) | (x == 0))
    if isinstance(within, Finite):
        return fits & x.is_in([float(v) for v in within.values])
    assert isinstance(within, Interval)
    for end, is_open, lower in ((within.low, within.low_open, True), (within.high, within.high_open, False)):
        if end is not None:
            near = float(end)
            strict = is_open or Fraction(repr(near)) != end
            inside = (x > near if strict else x >= near) if lower else (x < near if strict else x <= near)
            fits = fits & inside
    return fits


def _enum(table: Table, attribute: Attribute, given: pl.Series, members: tuple[str, ...]) -> Mask:
    bit, read = bits_of(members), _one(_reader(attribute))
    found, where = spelt(_texts(given), lambda raw: bit.get(read(raw)), width(members))
    odd = _odd(table, attribute, where)
    every = (1 << len(members)) - 1
    if found.null_count() == 0:
        return Mask(table.put(found), members, known=True)
    other = 1 << len(members)
    filled = found.fill_null(every)
    if odd is not None:
        # No member: the declaration itself is in doubt.
        filled = filled.to_frame("x").select(pl.when(where).then(every | other).otherwise(pl.col("x")))
        filled = filled.to_series().cast(width(members))
    return Mask(table.put(filled), members, loose=odd)


def _text(table: Table, attribute: Attribute, given: pl.Series) -> Word:
    given = _texts(given)
    check = attribute.check is not None
    if given.dtype == pl.String and not check:
        # Letters that need no normal form, and no blank at the ends.
        plain = ~given.str.contains(r"[^\x21-\x7e ]|^ | $|^$").fill_null(False)
        if plain.all():
            return Word(table.put(given), given.null_count() > 0)
    read = _one(_reader(attribute))
    found, where = spelt(given, read, pl.Categorical)
    return Word(table.put(found), found.null_count() > 0, loose=_odd(table, attribute, where))


def _set(
    table: Table, attribute: Attribute, given: pl.Series, members: tuple[str, ...], *, stated: bool
) -> Bag:
    bit, read, kind = bits_of(members), _one(_reader(attribute)), width(members)
    if isinstance(given.dtype, pl.List):
        found, where = _bits_of_lists(given, attribute, bit, kind)
    else:

        def together(raw: Any) -> int | None:
            sure = read(raw)
            return None if sure is None else sum(bit[each] for each in sure)

        found, where = spelt(_texts(given), together, kind)
    odd = _odd(table, attribute, where)
    every = 1 << len(members)
    sure = found.fill_null(0)
    filled = (
        pl.lit(every - 1, dtype=kind)
        if odd is None
        else pl.when(odd).then(2 * every - 1).otherwise(every - 1)
    )
    held = table.put(found)
    possible = pl.lit(every - 1, dtype=kind) if stated else held.fill_null(filled.cast(kind))
    if stated and odd is not None:
        possible = filled.cast(kind)
    return Bag(table.put(sure), table.hold(possible), members, odd)


def _bits_of_lists(
    given: pl.Series, attribute: Attribute, bit: dict[str, int], kind: Any
) -> tuple[pl.Series, pl.Series]:
    """Return the bits of the members of each list, null where one cannot be read, and where that is."""
    assert isinstance(attribute.type, SetOf)
    read = _one(_reader(attribute))

    def member(raw: Any) -> int | None:
        sure = read([raw])
        return None if not sure else bit[next(iter(sure))]

    parts = given.to_frame("of").with_row_index("row").filter(pl.col("of").list.len() > 0).explode("of")
    inner = _texts(parts["of"])
    found, _ = spelt(inner, member, kind)
    each = pl.DataFrame({"row": parts["row"], "bit": found}).with_columns(lost=pl.col("bit").is_null())
    each = each.group_by("row").agg(pl.col("bit").fill_null(0).bitwise_or(), pl.col("lost").any())
    taken = pl.repeat(0, given.len(), dtype=kind, eager=True).scatter(each["row"], each["bit"].cast(kind))
    lost = pl.repeat(False, given.len(), dtype=pl.Boolean, eager=True).scatter(each["row"], each["lost"])
    known = given.is_not_null() & ~lost
    return pl.DataFrame({"x": taken}).select(pl.when(known).then(pl.col("x"))).to_series(), lost


def _words(table: Table, attribute: Attribute, given: pl.Series, *, stated: bool) -> Bag:
    read = _one(_reader(attribute))
    if isinstance(given.dtype, pl.List):
        plain = given.list.eval(
            pl.element().is_not_null() & ~pl.element().cast(pl.String).str.contains(r"[^\x21-\x7e ]|^ | $|^$")
        ).list.all()
        if plain.fill_null(True).all() and attribute.check is None and given.dtype.inner == pl.String:
            return _listed(table, given, None, stated=stated)
        made = [None if each is None else read(each) for each in given.to_list()]
    else:
        made = [None if each is None or not str(each).strip() else read(each) for each in given.to_list()]
    found = pl.Series([None if each is None else sorted(each) for each in made], dtype=pl.List(pl.String))
    where = found.is_null() & given.is_not_null()
    return _listed(table, found, _odd(table, attribute, where), stated=stated)


def _listed(table: Table, found: pl.Series, odd: pl.Expr | None, *, stated: bool) -> Bag:
    held = table.put(found)
    return Bag(held, NO_TEXTS if stated else held, None, odd)
