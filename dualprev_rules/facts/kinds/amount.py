"""Numbers and days: exact points, and the intervals and sets that are partly known."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, cast

from dualprev_rules.facts.kinds.reading import Reading, Refused
from dualprev_rules.facts.possible import EVERY_NUMBER, Finite, Numbers, finite, holds, interval, meet
from dualprev_rules.facts.shown import shown

Found = tuple[Fraction, str | None, Mapping[str, Any]]
"""A value in the declared unit, and the code and arguments of a note."""

Point = Callable[[Any, str | None], Found]
"""Reads one point, given perhaps with a unit beside it; raises Refused."""

_BOUND = re.compile(r"\s*(<=|>=|<|>|≤|≥|＜|＞|≦|≧)\s*=?(.*)", re.DOTALL)


class Amount:
    """Reader of an attribute whose values lie on a line; ``within`` is the declared range."""

    def __init__(self, point: Point, within: Numbers, whole: bool) -> None:
        self.point = point
        self.within = within
        self.whole = whole
        self.holds = _inside(within)

    def read(self, raw: Any, unit: str | None) -> Reading:
        """Read a point, or a text like ``<0.5``."""
        if isinstance(raw, str) and (bound := _BOUND.fullmatch(raw)):
            return self._bound(bound, unit)
        value, note, args = self._exact(raw, unit)
        return Reading(Finite((value,)), note, args)

    def partly(self, limits: Mapping[str, Any], unit: str | None) -> Reading:
        """Read what is partly known; a figure out of range that was named puts the range in doubt."""
        if len(limits) == 1 and "one_of" in limits:
            values = [self._exact(value, unit)[0] for value in _list(limits["one_of"], "one_of")]
            if not values:
                raise Refused("facts.empty-range", given="one_of: []")
            return Reading(finite(values))
        if len(limits) == 1 and "between" in limits:
            ends = _list(limits["between"], "between")
            if len(ends) != 2:
                raise Refused("facts.partly", given=f"between: {shown(ends)}")
            low, high = (self._point(end, unit) for end in ends)
            made = self._interval(low, high)
            shown_as = f"{shown(ends[0])}..{shown(ends[1])}"
            if not (_reaches(self.within, low) and _reaches(self.within, high)):
                raise _out_of_range(self.within, given=shown_as)
            return Reading(self._met(made, shown_as))
        if set(limits) <= {"at_least", "at_most"}:
            given = {name: self._point(value, unit) for name, value in limits.items()}
            shown_as = ", ".join(f"{name}: {shown(value)}" for name, value in limits.items())
            made = self._interval(given.get("at_least"), given.get("at_most"))
            return Reading(self._met(made, shown_as))
        raise Refused("facts.partly", given="{" + ", ".join(limits) + "}")

    def _bound(self, bound: re.Match[str], unit: str | None) -> Reading:
        sign, text = bound.groups()
        is_open = sign in "<>＜＞" and not bound[0].strip()[1:].lstrip().startswith("=")
        try:
            value, _, args = self.point(text, unit)
        except Refused as refused:
            refused.given = shown(bound[0].strip())
            raise
        if sign in ("<", "<=", "≤", "＜", "≦"):
            made = self._interval(None, value, False, is_open)
        else:
            made = self._interval(value, None, is_open, False)
        return Reading(self._met(made, bound[0].strip()), None, args)

    def _exact(self, raw: Any, unit: str | None) -> Found:
        found = self.point(raw, unit)
        value = found[0]
        if self.whole and value.denominator != 1:
            raise Refused("facts.not-whole", given=shown(raw), doubt=True)
        if not self.holds(value):
            raise _out_of_range(self.within, given=shown(raw))
        return found

    def _point(self, raw: Any, unit: str | None) -> Fraction:
        return self.point(raw, unit)[0]

    def _interval(
        self, low: Fraction | None, high: Fraction | None, low_open: bool = False, high_open: bool = False
    ) -> Numbers:
        made = interval(low, high, low_open, high_open, self.whole)
        if made is None:
            raise Refused("facts.empty-range")
        return made

    def _met(self, made: Numbers, given: str) -> Numbers:
        met = meet(made, self.within)
        if met is None:
            raise _out_of_range(self.within, given=given)
        return met


def _inside(within: Numbers) -> Callable[[Fraction], bool]:
    """Return the test whether a number is within a range; the usual ranges are tested on whole numbers."""
    if within == EVERY_NUMBER:
        return lambda value: True
    if within == interval(Fraction(0), None):
        return lambda value: value.numerator >= 0
    return lambda value: holds(within, value)


def _reaches(within: Numbers, end: Fraction) -> bool:
    """Tell whether an end lies in the range, or is the end that the range itself leaves out."""
    return (within.low is None or end >= within.low) and (within.high is None or end <= within.high)


def _list(raw: Any, part: str) -> list[Any]:
    if not isinstance(raw, list):
        raise Refused("facts.partly", given=f"{part}: {shown(raw)}")
    return cast("list[Any]", raw)


def _out_of_range(within: Numbers, given: str) -> Refused:
    return Refused("facts.out-of-range", given=given, doubt=True, within=within)
