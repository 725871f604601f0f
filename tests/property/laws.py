"""What learning more may do to a value or an outcome: never widen it, never change what was decided."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from dualprev_rules.evaluate import Outcome
from dualprev_rules.evaluate.values import present
from dualprev_rules.facts.possible import EVERY_TEXT, Absent, Finite, Interval, Items, Members, Numbers, Value


def within(after: Value, before: Value) -> bool:
    """Tell whether a value allows nothing that it did not allow before more was learned."""
    if before.absent is not Absent.POSSIBLY and after.absent is not before.absent:
        return False
    if after.absent is not Absent.SURELY and not among(after.possible, before.possible):
        return False
    return not after.absent or among(present(after), present(before))


def among(after: Any, before: Any) -> bool:
    """Tell whether all that is possible after was possible before."""
    if isinstance(after, Finite | Interval):
        return _numbers(after, before)
    if isinstance(after, Members):
        sure = before.sure <= after.sure
        return sure and (before.possible is EVERY_TEXT or _texts(after.possible, before.possible))
    if isinstance(after, Items):
        return _items(after, before)
    if isinstance(after, tuple):
        return not before or ({_path(a) for a in after} <= {_path(b) for b in before} and bool(after))
    return _texts(after, before)


def _texts(after: Any, before: Any) -> bool:
    return before is EVERY_TEXT or (after is not EVERY_TEXT and after <= before)


def _path(thing: Any) -> str:
    return getattr(thing, "path", None) or thing.no


def _items(after: Items, before: Items) -> bool:
    known = {record.path for record in after.records}
    if not {record.path for record in before.records} <= known:
        return False
    return not before.complete or (after.complete and len(known) == len(before.records))


def _numbers(after: Numbers, before: Numbers) -> bool:
    if isinstance(before, Finite):
        return isinstance(after, Finite) and set(after.values) <= set(before.values)
    if isinstance(after, Finite):
        return all(_holds(before, v) for v in after.values)
    if before.whole and not after.whole:
        return False
    low = before.low is None or (
        after.low is not None
        and (after.low > before.low or (after.low == before.low and (after.low_open or not before.low_open)))
    )
    high = before.high is None or (
        after.high is not None
        and (
            after.high < before.high
            or (after.high == before.high and (after.high_open or not before.high_open))
        )
    )
    return low and high


def _holds(of: Interval, value: Fraction) -> bool:
    if of.whole and value.denominator != 1:
        return False
    low = of.low is None or of.low < value or (of.low == value and not of.low_open)
    return low and (of.high is None or value < of.high or (value == of.high and not of.high_open))


def outcome_within(after: Outcome, before: Outcome) -> bool:
    """Tell whether an outcome allows nothing that it did not allow before."""
    return after.possible <= before.possible


def unchanged(after: Value, before: Value) -> bool:
    """Tell whether a value is the same, whatever left it open."""
    return after.absent is before.absent and (
        after.possible == before.possible
        or (among(after.possible, before.possible) and among(before.possible, after.possible))
    )
