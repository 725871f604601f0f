"""Values of the exact evaluator as things that are the same in every row."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import polars as pl

from dualprev_rules.evaluate.columns import numbers, unite
from dualprev_rules.evaluate.columns.reading import MOST_MEMBERS, bits, bits_of
from dualprev_rules.evaluate.columns.things import ALWAYS, CannotLower, Mask, Thing, Truth, Word
from dualprev_rules.facts.possible import EVERY_NUMBER, EVERY_TEXT, Absent, Finite, Interval, Value
from dualprev_rules.facts.types import Bool, Enum, Type


def constant(value: bool | Fraction | str, of: Type) -> Thing:
    """Return what stands in an expression."""
    if isinstance(value, bool):
        return Truth(value, nulls=False)
    if isinstance(value, Fraction):
        return numbers.constant(value)
    if isinstance(of, Enum) and len(of.members) <= MOST_MEMBERS and value in of.members:
        return Mask(bits(bits_of(of.members)[value], of.members), of.members, known=True, value=value)
    return Word(pl.lit(value), nulls=False, value=value)


def of_value(value: Value, of: Type) -> Thing:
    """Return a value that does not rest on any fact; raises CannotLower for one with gaps."""
    if value.absent is Absent.SURELY:
        within: Any = value.within if isinstance(value.within, Finite | Interval) else EVERY_NUMBER
        return unite.gone_everywhere(unite.ranged(of, within))
    if value.absent is not Absent.NEVER:
        raise CannotLower
    match value.possible:
        case Finite((figure,)):
            return numbers.constant(figure)
        case Finite() | Interval() as possible:
            return replace(numbers.within(possible), gaps=ALWAYS)
        case _ if isinstance(of, Bool):
            truths: Any = value.possible
            return Truth(next(iter(truths)) if len(truths) == 1 else None)
        case _ if isinstance(of, Enum) and value.possible is not EVERY_TEXT:
            bit = bits_of(of.members)
            texts: Any = value.possible
            return Mask(bits(sum(bit[text] for text in texts), of.members), of.members)
        case _:
            raise CannotLower
