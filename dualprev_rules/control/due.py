"""What is due with a hidden hazard on a day: overdue, expired, to report, to list, and who must know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from dualprev_rules.control.hazard import HazardRecord, State
from dualprev_rules.risk.level import ControlLevel

What = Literal[
    "confirm",
    "assign",
    "rectify",
    "overdue",
    "review",
    "review_overdue",
    "report",
    "close_off",
    "deferral_expired",
    "listing_overdue",
]


@dataclass(frozen=True, slots=True)
class Escalation:
    """From how many days overdue a level must know. The figures are the enterprise's own."""

    days: int
    level: ControlLevel


@dataclass(frozen=True, slots=True)
class Due:
    """Something that waits for somebody."""

    hazard: str
    what: What
    since: date | None = None
    """The day after which it is late, where there is one."""
    days: int = 0
    """How many days late it is."""
    level: ControlLevel | None = None
    """The highest level that must know, by the escalation."""


def due(hazard: HazardRecord, as_of: date, escalation: Sequence[Escalation] = ()) -> tuple[Due, ...]:
    """Return what is due with a hidden hazard on a day, the late first.

    A deferral hides nothing: what is deferred is still listed by its state, and one that has expired
    is late from its day on. The deadline is that of the review too: what was removed and nobody has
    looked at since is late the day after, and at once where it was removed on the spot. Nothing is due
    once a record is final.
    """
    if hazard.state.final:
        return ()
    found: list[Due] = []
    unfinished = hazard.state in (State.REGISTERED, State.RECTIFYING)
    if hazard.deferral is not None and unfinished and hazard.deferral.expires < as_of:
        found.append(_late(hazard, "deferral_expired", hazard.deferral.expires, as_of, escalation))
    if hazard.deadline is not None and unfinished and hazard.deadline < as_of:
        found.append(_late(hazard, "overdue", hazard.deadline, as_of, escalation))
    reviewed_by = _reviewed_by(hazard)
    if reviewed_by is not None and reviewed_by < as_of:
        found.append(_late(hazard, "review_overdue", reviewed_by, as_of, escalation))
    if hazard.listing is not None and hazard.listed and hazard.listing.until < as_of:
        found.append(_late(hazard, "listing_overdue", hazard.listing.until, as_of, escalation))
    found += [Due(hazard.id, "report") for _ in hazard.to_report_to if hazard.state is not State.SUSPECTED]
    next_step = _NEXT[hazard.state]
    return (*found, Due(hazard.id, next_step, hazard.deadline))


def _reviewed_by(hazard: HazardRecord) -> date | None:
    """Return the last day on which a review is in time; None where none is waited for."""
    if hazard.state is not State.AWAITING_REVIEW or hazard.rectified is None:
        return None
    done = hazard.rectified.at.date()
    return max(done, hazard.deadline) if hazard.deadline is not None else done


def _late(
    hazard: HazardRecord, what: What, since: date, as_of: date, escalation: Sequence[Escalation]
) -> Due:
    days = (as_of - since).days
    reached = [step.level for step in escalation if step.days <= days]
    return Due(hazard.id, what, since, days, min(reached, default=None))


_NEXT: dict[State, What] = {
    State.SUSPECTED: "confirm",
    State.REGISTERED: "assign",
    State.RECTIFYING: "rectify",
    State.AWAITING_REVIEW: "review",
    State.ACCEPTED: "close_off",
}
