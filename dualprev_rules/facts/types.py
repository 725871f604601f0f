"""The types that a value may have."""

from __future__ import annotations

from dataclasses import dataclass

from dualprev_rules.facts.units import NUMBER, Unit


@dataclass(frozen=True, slots=True)
class Bool:
    """True or false."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text, normalised (NFKC, trimmed)."""


@dataclass(frozen=True, slots=True)
class Date:
    """A day, held as its proleptic Gregorian ordinal."""


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number in ``unit``; ``whole`` where only whole numbers make sense."""

    unit: Unit = NUMBER
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Enum:
    """One of ``members``; where ``ordered``, the first is the worst and comparisons go by position."""

    members: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Rec:
    """A record of an entity."""

    entity: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a look-up table."""

    table: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of records."""

    of: Rec


@dataclass(frozen=True, slots=True)
class SetOf:
    """A set of enum members or of texts."""

    of: Enum | Text


Type = Bool | Text | Date | Number | Enum | Rec | Row | ListOf | SetOf
