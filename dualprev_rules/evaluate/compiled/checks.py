"""Checks of plain values: each gives a value as rows hold it, or says that it is not plain."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from dualprev_rules.evaluate.compiled.layout import SMALLEST, bounds
from dualprev_rules.facts.cas import valid_cas
from dualprev_rules.facts.kinds import normal
from dualprev_rules.facts.kinds.choice import choice_of
from dualprev_rules.facts.possible import Interval
from dualprev_rules.facts.schema import Attribute
from dualprev_rules.facts.types import Bool, Date, Enum, Number, SetOf, Text


class Unusual(Exception):  # noqa: N818 - not an error: the ordinary reader is asked
    """Input is not as plain as it might be."""


Check = Callable[[Any], Any]
"""Returns a value as rows hold it; raises Unusual."""


def plain_text(value: Any) -> str:
    """Return a text in its normal form."""
    if value.__class__ is not str or not (value.isascii() or value.isprintable()):
        raise Unusual
    text = normal(value)
    if not text:
        raise Unusual
    return text


def _cas(value: Any) -> str:
    if value.__class__ is not str or not valid_cas(value):
        raise Unusual
    return value


def _truth(value: Any) -> bool:
    if value is not True and value is not False:
        raise Unusual
    return value


def _refused(value: Any) -> Any:
    raise Unusual


def _number(attribute: Attribute) -> Check:
    found = bounds(attribute)
    if found is None:
        return _refused
    low, high, low_open, high_open = found
    whole = isinstance(attribute.type, Number) and attribute.type.whole

    def check(value: Any) -> Any:
        kind = value.__class__
        if (kind is not float and kind is not int) or not low <= value <= high:
            raise Unusual
        if (low_open and value == low) or (high_open and value == high):
            raise Unusual
        if value and -SMALLEST < value < SMALLEST:
            raise Unusual
        if not whole:
            return float(value)
        if kind is float and not value.is_integer():
            raise Unusual
        return int(value)

    return check


def _day(attribute: Attribute) -> Check:
    within = attribute.range
    if not isinstance(within, Interval):
        return _refused
    low = 1 if within.low is None else int(within.low)
    high = date.max.toordinal() if within.high is None else int(within.high)
    if within.low not in (None, low) or within.high not in (None, high):
        return _refused

    def check(value: Any) -> int:
        if value.__class__ is str:
            if len(value) != 10 or value[4] != "-" or value[7] != "-" or not value.isascii():
                raise Unusual
            try:
                value = date.fromisoformat(value)
            except ValueError:
                raise Unusual from None
        elif value.__class__ is not date:
            raise Unusual
        day = value.toordinal()
        if not low <= day <= high or (within.low_open and day == within.low):
            raise Unusual
        if within.high_open and day == within.high:
            raise Unusual
        return day

    return check


def members(attribute: Attribute, of: Enum) -> dict[Any, str]:
    """Return the plain spellings of members: names and labels, and figures where members are figures."""
    found: dict[Any, str] = dict(choice_of(attribute, of).exact)
    figures = {text for text in found if text.isdecimal() and text.isascii() and text == str(int(text))}
    return found | {int(text): found[text] for text in figures}


def _member(attribute: Attribute, of: Enum) -> Check:
    get = members(attribute, of).get

    def check(value: Any) -> str:
        if value.__class__ is not str and value.__class__ is not int:
            raise Unusual
        member = get(value)
        if member is None:
            raise Unusual
        return member

    return check


def _several(attribute: Attribute, of: Enum | Text) -> Check:
    one = _member(attribute, of) if isinstance(of, Enum) else _cas if attribute.check else plain_text

    def check(value: Any) -> frozenset[str]:
        if value.__class__ is not list:
            raise Unusual
        return frozenset([one(each) for each in value])

    return check


def check_of(attribute: Attribute) -> Check:
    """Return the check of an attribute that is no list of records."""
    match attribute.type:
        case Bool():
            return _truth
        case Number():
            return _number(attribute)
        case Date():
            return _day(attribute)
        case Enum() as of:
            return _member(attribute, of)
        case Text():
            return _cas if attribute.check == "cas" else plain_text if attribute.check is None else _refused
        case SetOf(of=of) if not attribute.stated:
            return _several(attribute, of)
        case _:
            return _refused
