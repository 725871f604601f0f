"""What is loaded of ``monitoring/``: warnings from live readings, every condition a checked tree."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from dualprev_rules.pack.model import Citation, Expression
from dualprev_rules.problems import Words

SECOND = 1_000_000
"""Times are whole microseconds."""
SCALE = 10**9
"""A rate works in whole billionths of the sensor's unit."""
REACH = 4 * SCALE
"""A rate's values lie within so many units, so that sums of them fit 64 bits."""


@dataclass(frozen=True, slots=True)
class Held:
    """The alarm condition holds for ``time`` without a break."""

    time: int


@dataclass(frozen=True, slots=True)
class Count:
    """The alarm condition holds at ``hits`` of the last ``of`` readings."""

    hits: int
    of: int


@dataclass(frozen=True, slots=True)
class Rate:
    """The value changes by ``change`` billionths or more (below 0: a fall) in at most ``within``."""

    change: int
    within: int


@dataclass(frozen=True, slots=True)
class Silence:
    """No readable value for ``time``."""

    time: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two sensors of the fact differ by ``by`` or more for ``time`` without a break."""

    by: Fraction
    time: int


Form = Held | Count | Rate | Silence | Disagreement


@dataclass(frozen=True, slots=True)
class LiveRule:
    """A warning from live readings, as ``docs/live.md`` says what it means."""

    id: str
    title: Words
    pack: str
    entity: str
    sensor: str
    """The attribute that the sensor measures."""
    form: Form
    place: Expression | None
    alarm: Expression | None
    restore: Expression | None
    grade: int | None
    act: Words | None
    escalate: int | None
    """The time after which it is escalated where nobody has acknowledged it."""
    rule: str | None
    citations: tuple[Citation, ...]
    note: Words | None = None
