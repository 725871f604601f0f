"""A derived value of each record as far as columns know it: its ends, its members, or true or false."""

from __future__ import annotations

import polars as pl

from dualprev_rules.evaluate.columns.lower import Lowering
from dualprev_rules.evaluate.columns.reading import bits_of
from dualprev_rules.evaluate.columns.tables import Table
from dualprev_rules.evaluate.columns.things import CannotLower, Mask, Num, Thing, Truth, Word, expression
from dualprev_rules.pack.model import Definition

_THERE = pl.lit(0, dtype=pl.UInt8)


def derived(low: Lowering, table: Table, of: Definition) -> pl.DataFrame | None:
    """Return a row for each record of a table; None for a definition that has no form in columns.

    ``absent`` is 0 where there is a value, 1 where perhaps none, 2 where surely none. Where ``sharp`` is
    false the reference may know more than is said here, never anything else.
    """
    try:
        thing = low.define(of.entity, of.name, table, table)
    except CannotLower:
        return None
    gone = None if isinstance(thing, Truth) else getattr(thing, "gone", None)
    loose = pl.lit(False) if thing.loose is None else thing.loose
    about = {"absent": _THERE if gone is None else gone.cast(pl.UInt8), "sharp": ~loose}
    values = _values(_present(thing))
    if values is None:
        return None
    made = table.values({**values, **about})
    # Beside no value there is nothing to say.
    return made.with_columns(pl.when(pl.col("absent") < 2).then(pl.col(name)).alias(name) for name in values)


def _present(thing: Thing) -> Thing:
    if isinstance(thing, Num | Mask | Word) and thing.gone is not None and thing.core is not None:
        return thing.core
    return thing


def _values(thing: Thing) -> dict[str, pl.Expr] | None:
    match thing:
        case Num(lo=lo, hi=hi):
            return {"low": _end(lo), "high": _end(hi)}
        case Mask(bits=bits, members=members):
            bit = bits_of(members)
            each = [pl.when((bits & bit[member]) != 0).then(pl.lit(member)) for member in members]
            every = bits >= (1 << len(members))
            return {"possible": pl.when(~every).then(pl.concat_list(each).list.drop_nulls())}
        case Truth():
            return {"holds": expression(thing)}
        case Word(text=text):
            return {"text": text}
        case _:
            return None


def _end(of: pl.Expr) -> pl.Expr:
    return pl.when(of.is_finite()).then(of)
