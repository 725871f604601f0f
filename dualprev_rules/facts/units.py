"""Declared units: what a spelling means, of which dimension it is, and exact factors between units."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from dualprev_rules.facts.unit_table import TABLE
from dualprev_rules.problems import nearest


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure. ``dimension`` holds base keys with their powers, sorted; a plain number has none."""

    symbol: str
    dimension: tuple[tuple[str, int], ...]


NUMBER = Unit("", ())
_IN_WORDS = {
    "metre": "m",
    "meter": "m",
    "kilometre": "km",
    "kilometer": "km",
    "centimetre": "cm",
    "centimeter": "cm",
    "millimetre": "mm",
    "millimeter": "mm",
    "square metre": "m²",
    "square meter": "m²",
    "cubic metre": "m³",
    "cubic meter": "m³",
    "平方": "m²",
    "立方": "m³",
    "litre": "L",
    "liter": "L",
    "gram": "g",
    "kg": "kg",
    "kilogram": "kg",
    "second": "s",
    "minute": "min",
    "pascal": "Pa",
    "kilopascal": "kPa",
    "kpa": "kPa",
    "megapascal": "MPa",
    "mpa": "MPa",
    "celsius": "℃",
    "degree celsius": "℃",
    "摄氏": "℃",
    "兆帕斯卡": "MPa",
    "千帕斯卡": "kPa",
}
"""Units that are written out, or in the wrong case → their spelling."""


def find_unit(spelling: str) -> Unit | None:
    """Return the unit of a declared spelling, or None.

    Full width, raised figures (``m³``), ``^``, spaces and the sign of multiplication count for nothing.

    >>> find_unit("立方米").symbol
    'm³'
    """
    declared = _units()
    return declared.get(spelling) or declared.get(_folded(spelling))


@cache
def spellings() -> tuple[str, ...]:
    """Return every symbol and further spelling, sorted: among them the nearest to a wrong one is sought."""
    return tuple(sorted(_units()))


@cache
def nearest_unit(given: str) -> str | None:
    """Return the declared spelling that is meant by another one, or None.

    Short spellings are told apart by each letter: pounds are no litres.

    >>> nearest_unit("metres"), nearest_unit("Kgs"), nearest_unit("lb")
    ('m', 'kg', None)
    """
    wanted = given.strip().casefold()
    for name in (wanted, wanted.removesuffix("s")):
        if name in _IN_WORDS:
            return _IN_WORDS[name]
    near = nearest(given, spellings())
    if near is None or near.casefold() == wanted:
        return near
    return near if min(len(given), len(near)) > (3 if wanted.isascii() else 2) else None


def conversion(of: Unit, to: Unit) -> tuple[Fraction, Fraction]:
    """Return ``(factor, offset)``: a figure in ``of`` times factor plus offset is the figure in ``to``.

    Raises ValueError where the dimensions differ: nothing converts between them.
    """
    if of.symbol == to.symbol:
        return Fraction(1), Fraction(0)
    if of.dimension != to.dimension:
        raise ValueError(f"{of.symbol} and {to.symbol} are of different dimensions")
    factor, offset = _scale(of.symbol)
    to_factor, to_offset = _scale(to.symbol)
    return factor / to_factor, (offset - to_offset) / to_factor


def coherent(unit: Unit) -> Unit:
    """Return the one unit of the dimension in which products are formed (kg, m, s, Pa, 元 …).

    A dimension without a declared unit gets one named by its base keys.
    """
    found = _coherent().get(unit.dimension)
    return found or Unit("·".join(f"{base}^{power}" for base, power in unit.dimension), unit.dimension)


@dataclass(frozen=True, slots=True)
class _Declared:
    unit: Unit
    scale: str
    spellings: tuple[str, ...]


@cache
def _declared() -> tuple[_Declared, ...]:
    rows: list[_Declared] = []
    for paragraph in TABLE.strip().split("\n\n"):
        heading, *lines = paragraph.split("\n")
        dimension = _powers(heading.partition(":")[2].split())
        for line in lines:
            symbol, scale, *more = (part.strip() for part in line.split("|"))
            rows.append(_Declared(Unit(symbol, dimension), scale, tuple(more[0].split()) if more else ()))
    return tuple(rows)


def _powers(words: Sequence[str]) -> tuple[tuple[str, int], ...]:
    powers: dict[str, int] = {}
    base = ""
    for word in words:
        if word.lstrip("-").isdigit():
            powers[base] = int(word)
        else:
            base = word
            powers[base] = 1
    return tuple(sorted(powers.items()))


@cache
def _units() -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for row in _declared():
        for spelling in (row.unit.symbol, *row.spellings):
            units[spelling] = row.unit
            units[_folded(spelling)] = row.unit
    return units


@cache
def _coherent() -> dict[tuple[tuple[str, int], ...], Unit]:
    units: dict[tuple[tuple[str, int], ...], Unit] = {}
    for row in _declared():
        units.setdefault(row.unit.dimension, row.unit)
    return units


def _folded(spelling: str) -> str:
    return re.sub(r"[\s^]", "", re.sub(r"[.*⋅•∙・]", "·", unicodedata.normalize("NFKC", spelling)))


@cache
def _scale(symbol: str) -> tuple[Fraction, Fraction]:
    """Return factor and offset of a declared unit to the coherent one of its dimension."""
    for row in _declared():
        if row.unit.symbol == symbol:
            factor, _, offset = row.scale.partition(" + ")
            return Fraction(factor), Fraction(offset or 0)
    return Fraction(1), Fraction(0)
