"""Exact reading of figures: our own grammar, because a determination may hang on the last digit."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from dualprev_rules.facts.shown import visible
from dualprev_rules.facts.units import Unit, find_unit

MOST_DIGITS = 40
MOST_CHARACTERS = 200

_FIGURE = r"""
    (?P<sign>[+-])?
    (?:
        (?P<p>[0-9]+) / (?P<q>[0-9]+)
      | (?:(?P<grouped>[1-9][0-9]{0,2}(?:,[0-9]{3})+) | (?P<whole>[0-9]+))? (?:\.(?P<decimals>[0-9]+))?
        (?:[eE](?P<exponent>[+-]?[0-9]{1,2})(?![0-9]))?
    )
"""
_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_NUMBER = re.compile(_FIGURE, re.VERBOSE)
_QUANTITY = re.compile(_FIGURE + r"(?![0-9.,]|[eE][+-]?[0-9]) \s* (?P<unit>.*)", re.VERBOSE | re.DOTALL)

# Full width folds to ASCII, and nothing else does: ``10²`` must not become 102.
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x2212: 0x2D}


_LONG_POWER = re.compile(r"[+-]?[0-9.]+[eE][+-]?[0-9]{3}")
_UNUSUAL = re.compile("[０-９．，／＋－−]")


def plain_figure(text: str) -> bool:
    """Tell whether the figures of a text are written in ASCII signs."""
    return text.isascii() or (_UNUSUAL.search(text) is None and visible(text) == text)


def _folded(text: str) -> str:
    """Return a figure in ASCII signs, without space around it."""
    return text.strip() if text.isascii() else visible(text).translate(_WIDE).strip()


def parse_number(text: str) -> Fraction | None:
    """Read a figure exactly, or return None where the text is none.

    A sign, digits (full width too, ``,`` only between groups of three), decimals or ``p/q``, an exponent of
    at most two digits; at most 40 digits.

    >>> parse_number("1,000.5"), parse_number("２/３"), parse_number("1 000")
    (Fraction(2001, 2), Fraction(2, 3), None)
    """
    if len(text) <= MOST_DIGITS and _PLAIN.fullmatch(text):
        # What nearly every figure is, read the fast way; a Decimal of a text is exact.
        return Fraction(Decimal(text))
    if len(text) > MOST_CHARACTERS:
        return None
    found = _NUMBER.fullmatch(_folded(text))
    return None if found is None else _exact(found)


def parse_quantity(text: str) -> tuple[Fraction, Unit | None] | None:
    """Read a figure and the unit behind it (None: a bare figure), or return None.

    >>> parse_quantity("1.6 兆帕")
    (Fraction(8, 5), Unit(symbol='MPa', dimension=(('length', -1), ('mass', 1), ('time', -2))))
    """
    parts = _parts(text)
    if parts is None:
        return None
    value, spelling = parts
    if not spelling:
        return value, None
    unit = find_unit(spelling)
    return None if unit is None else (value, unit)


def too_long(text: str) -> bool:
    """Tell of a text that is no figure whether it has more digits than are read, written out or not.

    >>> too_long("1e200"), too_long("7" * 41 + " t"), too_long("1 000")
    (True, True, False)
    """
    start = _folded(text[:MOST_CHARACTERS])
    return sum(sign.isdigit() for sign in start) > MOST_DIGITS or _LONG_POWER.match(start) is not None


def undeclared_unit(text: str) -> str | None:
    """Return what stands behind a figure like a unit and is none that is declared, or None."""
    parts = _parts(text)
    if parts is None or not parts[1] or not (parts[1][0].isalpha() or parts[1][0] in "%‰°"):
        return None
    return parts[1] if find_unit(parts[1]) is None else None


def _parts(text: str) -> tuple[Fraction, str] | None:
    if len(text) > MOST_CHARACTERS:
        return None
    found = _QUANTITY.fullmatch(_folded(text))
    if found is None or (value := _exact(found)) is None:
        return None
    return value, found["unit"].strip()


def _exact(found: re.Match[str]) -> Fraction | None:
    sign = -1 if found["sign"] == "-" else 1
    if found["p"] is not None:
        p, q = found["p"], found["q"]
        if len(p) + len(q) > MOST_DIGITS or not int(q):
            return None
        return Fraction(sign * int(p), int(q))
    whole, decimals = found["whole"] or (found["grouped"] or "").replace(",", ""), found["decimals"] or ""
    digits = whole + decimals
    if not digits or len(digits) > MOST_DIGITS:
        return None
    power = int(found["exponent"] or 0) - len(decimals)
    value = sign * int(digits)
    return Fraction(value * 10**power) if power >= 0 else Fraction(value, 10**-power)
