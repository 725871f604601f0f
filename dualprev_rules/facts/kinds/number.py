"""A number: read exactly, and brought to the unit that the attribute declares."""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from dualprev_rules.facts.document import Figure
from dualprev_rules.facts.kinds.amount import Found, Point
from dualprev_rules.facts.kinds.reading import Refused
from dualprev_rules.facts.quantity import (
    MOST_DIGITS,
    parse_number,
    parse_quantity,
    plain_figure,
    too_long,
    undeclared_unit,
)
from dualprev_rules.facts.shown import shown
from dualprev_rules.facts.units import Unit, conversion, find_unit, nearest_unit

_LARGEST = 10**MOST_DIGITS
_NOTHING: Mapping[str, Any] = {}


def number_in(declared: Unit) -> Point:
    """Return the reader of one number in the unit ``declared``; see ``Point``."""

    def point(raw: Any, unit: str | None) -> Found:
        if isinstance(raw, str):
            return _from_text(raw, unit, declared)
        value = _exact(raw)
        if value is None and _is_long(raw):
            raise Refused("facts.too-many-digits", given=shown(raw), limit=MOST_DIGITS)
        if value is None:
            raise Refused("facts.not-a-number", given=shown(raw))
        if unit is not None:
            value = _convert(value, _unit(unit), declared, raw)
        return value, None, _NOTHING

    return point


def _from_text(raw: str, unit: str | None, declared: Unit) -> Found:
    plain = type(raw) is Figure
    value = parse_number(raw)
    if value is not None:
        note = None if plain else "facts.read-number"
        return (_convert(value, _unit(unit), declared, raw) if unit is not None else value), note, _NOTHING
    amount, found = parse_quantity(raw) or (None, None)
    if amount is None or found is None:
        spelling = undeclared_unit(raw)
        if spelling is not None:
            raise _unknown_unit(spelling, raw)
        if too_long(raw):
            raise Refused("facts.too-many-digits", given=shown(raw), limit=MOST_DIGITS)
        raise Refused("facts.not-a-number", given=shown(raw))
    if unit is not None and _unit(unit) != found:
        raise Refused("facts.two-units", given=shown(raw), unit=shown(unit))
    value = _convert(amount, found, declared, raw)
    if found == declared and plain_figure(raw):
        # A quantity in the declared unit is as plain as a figure.
        return value, None, _NOTHING
    note = "facts.read-number" if value == amount else "facts.read-unit"
    return value, note, {"unit": declared.symbol}


def _unit(spelling: str) -> Unit:
    found = find_unit(spelling)
    if found is None:
        raise _unknown_unit(spelling, spelling)
    return found


def _unknown_unit(spelling: str, given: str) -> Refused:
    near = nearest_unit(spelling[:20])
    among = (near,) if near is not None else ()
    return Refused("facts.unknown-unit", given=shown(given), sought=near, among=among, unit=shown(spelling))


def _convert(value: Fraction, of: Unit, to: Unit, raw: Any) -> Fraction:
    if of.dimension != to.dimension:
        code = "facts.wrong-dimension" if to.symbol else "facts.plain-number"
        raise Refused(code, given=shown(raw), unit=of.symbol, declared=to.symbol)
    factor, offset = conversion(of, to)
    return value * factor + offset


def _exact(raw: Any) -> Fraction | None:
    """Return the exact value of a number of Python's, or of a library's; None where it has none.

    A float is its shortest decimal, at its own width where a library has narrower ones.
    """
    match raw:
        case bool():
            return None
        case int():
            return Fraction(int(raw)) if abs(raw) < _LARGEST else None
        case float():
            return parse_number(float.__repr__(raw))
        case Decimal():
            return parse_number(Decimal.__str__(raw))
        case Fraction():
            small = abs(raw.numerator) < _LARGEST and raw.denominator < _LARGEST
            return raw if small else None
        case _ if isinstance(raw, numbers.Real):
            try:
                return parse_number(str(raw))
            except Exception:  # noqa: BLE001 - a library's class may raise anything
                return None
        case _:
            return None


def _is_long(raw: Any) -> bool:
    """Tell of a number without an exact value here whether it is one of too many digits."""
    match raw:
        case bool():
            return False
        case int() | Fraction():
            return True
        case float() | Decimal():
            return too_long(str(raw))
        case _:
            return False
