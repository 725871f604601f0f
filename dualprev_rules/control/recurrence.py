"""Hidden hazards that come back: in one unit (repeated), or in many (systemic)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from dualprev_rules.control.hazard import HazardRecord, State
from dualprev_rules.risk.persons import plain


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
    """Hidden hazards that belong together, by the rule that they break or, without one, by their title."""

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

    Only records with a unit can be compared: by their rule, or by their title where a person found them
    and named none. One whose cause was not given may be of any cause, and counts with each.
    """
    first = as_of - timedelta(days=policy.days - 1)
    counted = sorted(
        (h for h in history if h.state is not State.REFUTED and first <= h.found_at.date() <= as_of),
        key=lambda h: (h.found_at, h.id),
    )
    same: dict[tuple[str, str], list[HazardRecord]] = {}
    spread: dict[str, list[HazardRecord]] = {}
    for hazard in counted:
        if hazard.unit is None:
            continue
        what = hazard.rule if hazard.rule is not None else plain(hazard.title)
        same.setdefault((what, hazard.unit), []).append(hazard)
        spread.setdefault(what, []).append(hazard)
    repeated = [
        Recurrence("repeated", _called(of), unit, tuple(h.id for h in of), (unit,))
        for (_, unit), hazards in sorted(same.items())
        for of in _by_cause(hazards)
        if len(of) >= policy.repeated
    ]
    systemic = [
        Recurrence("systemic", _called(of), None, tuple(h.id for h in of), units)
        for _, of in sorted(spread.items())
        if len(units := tuple(sorted({str(h.unit) for h in of}))) >= policy.systemic
    ]
    return (*systemic, *repeated)


def _by_cause(hazards: Sequence[HazardRecord]) -> list[list[HazardRecord]]:
    """Return those of each cause, with those of which none was given; only these where none was."""
    causes = sorted({hazard.cause for hazard in hazards if hazard.cause is not None})
    return [[h for h in hazards if h.cause in (cause, None)] for cause in causes] or [list(hazards)]


def _called(hazards: Sequence[HazardRecord]) -> str:
    """Return the rule of hidden hazards that belong together; their title where a person found them."""
    first = hazards[0]
    return first.rule if first.rule is not None else first.title
