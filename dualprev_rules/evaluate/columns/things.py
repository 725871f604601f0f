"""What an expression is in each row of a table: truths, numbers, members and texts as Polars expressions.

One promise holds for all: a thing allows whatever the reference evaluator allows of it. Where it may allow
more, it is *loose*, and what it leaves open there is decided by the exact evaluator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from typing import TypeVar

import polars as pl

from dualprev_rules.facts.possible import Numbers

Flag = pl.Expr | None
"""A Boolean that is never null; None: false in every row."""
ALWAYS = pl.lit(True)
MOST_KEPT = 4_096
"""So many constants of a kind are kept: making an expression of one takes longer than finding it."""
UNKNOWN = pl.lit(None, dtype=pl.Boolean)


@dataclass(frozen=True, slots=True)
class Truth:
    """True, false or open (null) in each row, or one of them in all."""

    holds: pl.Expr | bool | None
    nulls: bool = True
    """Whether it may be open in some row."""
    loose: Flag = None


@dataclass(frozen=True, slots=True)
class Num:
    """A number, or a day, between two ends; infinite where there is none. Neither is ever null."""

    lo: pl.Expr
    hi: pl.Expr
    known: bool = False
    """The two ends are one in every row."""
    lo_open: Flag = None
    hi_open: Flag = None
    exact: bool = False
    """Nothing was rounded: it is the shortest decimal of the float."""
    whole: bool = False
    positive: bool = False
    """Never below 0."""
    nonzero: bool = False
    """Never 0."""
    gaps: Flag = None
    """Where not all between the ends need be possible."""
    dense: bool = False
    """All whole numbers between the ends, and both of these, are possible: nothing else makes gaps."""
    size: pl.Expr | None = None
    """What the rounding error is a share of; None: of the figure itself."""
    gone: pl.Expr | None = None
    """0: there is a value, 1: perhaps none, 2: surely none; None: 0 in every row."""
    core: Num | None = None
    """Without what stands in the place of no value."""
    loose: Flag = None
    value: Fraction | None = None
    """The one figure that it is in all rows."""
    range: tuple[float, float] | None = None
    """What may stand in the place of no value, at most, where this is one of several things."""
    raw: pl.Expr | None = None
    """A fact as given, null where it is not known; then ``every`` is all that is possible."""
    every: Numbers | None = None


@dataclass(frozen=True, slots=True)
class Mask:
    """A member of an enum: a bit for each that is possible, and one more for any other text."""

    bits: pl.Expr
    members: tuple[str, ...]
    known: bool = False
    gone: pl.Expr | None = None
    core: Mask | None = None
    loose: Flag = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """A text; null where it may be any."""

    text: pl.Expr
    nulls: bool = True
    gone: pl.Expr | None = None
    core: Word | None = None
    loose: Flag = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Bag:
    """A set: of enum members as bits that are sure and bits that are possible, of texts as a list or null."""

    sure: pl.Expr
    possible: pl.Expr
    members: tuple[str, ...] | None
    loose: Flag = None


Thing = Truth | Num | Mask | Word | Bag
Any_ = TypeVar("Any_", bound="Thing")


class CannotLower(Exception):  # noqa: N818 - no error: the exact evaluator decides instead
    """The expression has no form in columns."""


_EXPRESSIONS = {
    Truth: ("holds", "loose"),
    Num: ("lo", "lo_open", "hi_open", "gaps", "size", "gone", "loose", "raw"),
    Mask: ("bits", "gone", "loose"),
    Word: ("text", "gone", "loose"),
    Bag: ("sure", "possible", "loose"),
}


def expressions(thing: Thing) -> Iterator[pl.Expr]:
    """Give each expression of a thing."""
    for name in _EXPRESSIONS[type(thing)]:
        each = getattr(thing, name)
        if isinstance(each, pl.Expr):
            yield each
    if isinstance(thing, Num) and not thing.known:
        yield thing.hi
    if isinstance(thing, Num | Mask | Word) and thing.core is not None:
        yield from expressions(thing.core)


def moved(thing: Any_, move: Callable[[pl.Expr], pl.Expr]) -> Any_:
    """Return the thing with each of its expressions moved elsewhere."""
    given = {name: getattr(thing, name) for name in _EXPRESSIONS[type(thing)]}
    changed = {name: move(each) for name, each in given.items() if isinstance(each, pl.Expr)}
    if isinstance(thing, Num):
        changed["hi"] = changed["lo"] if thing.known else move(thing.hi)
    made = replace(thing, **changed)
    if isinstance(made, Num | Mask | Word) and made.core is not None:
        return replace(made, core=moved(made.core, move))
    return made


def any_flag(flags: Iterable[Flag]) -> Flag:
    """Return where one of the flags is set."""
    given = [flag for flag in flags if flag is not None]
    return reduce(lambda a, b: a | b, given) if given else None


def where(flag: Flag, condition: pl.Expr) -> Flag:
    """Return where the flag is set and the condition holds."""
    return None if flag is None else flag & condition


# --- truths --------------------------------------------------------------------------------------


def truth(holds: pl.Expr, loose: Flag = None, *, nulls: bool = True) -> Truth:
    """Return a truth that is loose at most where it is open."""
    return Truth(holds, nulls, where(loose, holds.is_null()) if nulls else None)


def expression(of: Truth) -> pl.Expr:
    """Return a truth as an expression."""
    return of.holds if isinstance(of.holds, pl.Expr) else pl.lit(of.holds, dtype=pl.Boolean)


def negation(of: Truth) -> Truth:
    """``not``."""
    if of.holds is None:
        return of
    return replace(of, holds=~of.holds if isinstance(of.holds, pl.Expr) else not of.holds)


def conjunction(operands: Iterable[Truth]) -> Truth:
    """``and``: false as soon as one operand is."""
    given = [each for each in operands if each.holds is not True]
    if any(each.holds is False for each in given):
        return Truth(False, nulls=False)
    loose = any_flag(each.loose for each in given)
    if all(each.holds is None for each in given):
        return Truth(None, loose=loose) if given else Truth(True, nulls=False)
    if len(given) == 1:
        return given[0]
    holds = reduce(lambda a, b: a & b, (expression(each) for each in given))
    return truth(holds, loose, nulls=any(each.nulls for each in given))


def disjunction(operands: Iterable[Truth]) -> Truth:
    """``or``: true as soon as one operand is."""
    return negation(conjunction(negation(each) for each in operands))


def surely(of: Truth) -> pl.Expr:
    """Return where it is true."""
    return expression(of).fill_null(False) if of.nulls else expression(of)


def perhaps(of: Truth) -> pl.Expr:
    """Return where it is true or open."""
    return expression(of).fill_null(True) if of.nulls else expression(of)
