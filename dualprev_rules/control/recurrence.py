"""Hidden hazards that come back: in one unit (repeated), or in many (systemic)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from dualprev_rules.control.hazard import HazardRecord, State


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurrencePolicy:
    """From how many, within how many days, hidden hazards count as repeated or systemic.

    No national document fixes the figures: they are the enterprise's, or its profile's.
    """

    repeated: int
    """Of one rule and one cause in one unit; 2 or more."""
    systemic: int
    """Units in which one rule is broken; 2 or more."""
    days: int
    """The window up to the day asked for, that day included."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Hidden hazards that belong together, by the rule that they break."""

    kind: Literal["repeated", "systemic"]
    rule: str
    unit: str | None
    """None for a systemic one."""
    hazards: tuple[str, ...]
    """Their ids, the oldest first."""
    units: tuple[str, ...]


def recurring(
    history: Iterable[HazardRecord], as_of: date, policy: RecurrencePolicy
) -> tuple[Recurrence, ...]:
    """Return what recurred in the window that ends with ``as_of``; those refuted do not count.

    Only records with a rule and a unit can be compared. Those whose cause was not given are compared
    with each other, not with those of a known cause.
    """
    first = as_of - timedelta(days=policy.days - 1)
    counted = sorted(
        (h for h in history if h.state is not State.REFUTED and first <= h.found_at.date() <= as_of),
        key=lambda h: (h.found_at, h.id),
    )
    same: dict[tuple[str, str, str], list[HazardRecord]] = {}
    spread: dict[str, list[HazardRecord]] = {}
    for hazard in counted:
        if hazard.rule is None or hazard.unit is None:
            continue
        same.setdefault((hazard.rule, hazard.unit, hazard.cause or ""), []).append(hazard)
        spread.setdefault(hazard.rule, []).append(hazard)
    repeated = [
        Recurrence("repeated", rule, unit, tuple(h.id for h in of), (unit,))
        for (rule, unit, _), of in sorted(same.items())
        if len(of) >= policy.repeated
    ]
    systemic = [
        Recurrence("systemic", rule, None, tuple(h.id for h in of), units)
        for rule, of in sorted(spread.items())
        if len(units := tuple(sorted({str(h.unit) for h in of}))) >= policy.systemic
    ]
    return (*systemic, *repeated)
