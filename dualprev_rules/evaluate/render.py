"""Values as JSON: exact numbers as text, open ones by what is still possible."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any, cast

from dualprev_rules.facts.possible import (
    EVERY_TEXT,
    Absent,
    Finite,
    Interval,
    Items,
    Members,
    Value,
)
from dualprev_rules.facts.types import Date, Number, Type
from dualprev_rules.facts.units import coherent


def number(value: Fraction) -> str:
    """Return a finite decimal where there is one, else ``p/q``.

    >>> number(Fraction(1, 8)), number(Fraction(2, 3))
    ('0.125', '2/3')
    """
    rest, places = value.denominator, 0
    for prime in (2, 5):
        count = 0
        while rest % prime == 0:
            rest //= prime
            count += 1
        places = max(places, count)
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    if not places:
        return str(value.numerator)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def render(value: Value, kind: Type) -> Any:
    """Return a value as JSON: null for *no value*, the thing itself, or ``{"values": …}``, ``{"low": …}``."""
    if value.possible.__class__ is frozenset and len(value.possible) == 1 and not value.absent:
        return next(iter(value.possible))  # what nearly every condition is, and cheap
    if value.absent is Absent.SURELY:
        # What no encoded text says is not known; what does not apply is null.
        return _possible(value.within, kind) if not_encoded(value) else None
    shown = _possible(value.possible, kind)
    if value.absent is Absent.POSSIBLY:
        return {**(shown if isinstance(shown, dict) else {"values": [shown]}), "or_none": True}
    return shown


def unit_name(kind: Number) -> str:
    """Return the unit that a figure is shown with; a product of units is in the one that they are formed in.

    >>> from dualprev_rules.facts.units import Unit
    >>> unit_name(Number(Unit("=mass^1", (("mass", 1),))))
    'kg'
    """
    unit = kind.unit
    return coherent(unit).symbol if unit.symbol.startswith("=") else unit.symbol


def not_encoded(value: Value) -> bool:
    """Return whether there is no value because the text in force on the day is not encoded."""
    return any(cause.reason == "not_encoded" for cause in value.causes)


def _possible(possible: Any, kind: Type) -> Any:
    match possible:
        case Finite(values):
            shown = [_figure(v, kind) for v in values]
            return shown[0] if len(shown) == 1 else {"values": shown}
        case Interval():
            return {
                "low": None if possible.low is None else _figure(possible.low, kind),
                "high": None if possible.high is None else _figure(possible.high, kind),
                "low_open": possible.low_open,
                "high_open": possible.high_open,
            }
        case Members(sure, may):
            if sure == may:
                return sorted(sure)
            return {"sure": sorted(sure), "possible": sorted(may) if isinstance(may, frozenset) else None}
        case Items():
            count = len(possible.records)
            return count if possible.complete else {"at_least": count}
        case frozenset():
            members = sorted(cast("frozenset[Any]", possible), key=str)
            return members[0] if len(members) == 1 else {"values": members}
        case tuple():
            things = cast("tuple[Any, ...]", possible)
            names = [getattr(thing, "path", None) or getattr(thing, "no", "") for thing in things]
            return names[0] if len(names) == 1 else {"values": names}
        case _ if possible is EVERY_TEXT:
            return {"values": None}
        case _:
            return None


def _figure(value: Fraction, kind: Type) -> str:
    if isinstance(kind, Date):
        return date.fromordinal(int(value)).isoformat()
    return number(value)
