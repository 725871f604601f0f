"""What is due with a hidden hazard on a day: overdue, expired, to report, to list, and who must know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from dualprev_rules.control.against import last_day, stands_above
from dualprev_rules.control.events import Audience
from dualprev_rules.control.hazard import HazardRecord, State
from dualprev_rules.risk.deadlines import NONE_SET, Deadlines, Step
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
    "deadline_beyond",
    "approver",
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
    """The last day on which it is in time; None where nobody has set any."""
    days: int = 0
    """How many days late it is."""
    level: ControlLevel | None = None
    """The highest level that must know, by the escalation."""
    waited: int = 0
    """How many days it has waited, late or not."""
    to: Audience | None = None
    """To whom it is to be reported."""


def due(
    hazard: HazardRecord,
    as_of: date,
    escalation: Sequence[Escalation] = (),
    deadlines: Deadlines = NONE_SET,
) -> tuple[Due, ...]:
    """Return what is due with a hidden hazard on a day, the late first.

    ``deadlines`` are those of the profile. A step for which none is set has no ``since``: it is never
    late, and ``undated`` lists it. A deferral hides nothing: what is deferred is still listed by its state,
    and one that has expired is late from its day on. The deadline is that of the review too: what was
    removed and nobody has looked at since is late the day after, and at once where it was removed on the
    spot. Nothing is due once a record is final.
    """
    if hazard.state.final:
        return ()
    found = [_timed(each, as_of, escalation) for each in _waiting(hazard, as_of, deadlines)]
    return tuple(sorted(found, key=lambda each: each.days == 0))


def undated(waiting: Iterable[Due]) -> tuple[Due, ...]:
    """Return what waits without any deadline, what has waited longest first."""
    return tuple(sorted((each for each in waiting if each.since is None), key=lambda each: -each.waited))


def _waiting(hazard: HazardRecord, as_of: date, deadlines: Deadlines) -> Iterator[Due]:
    """Yield what waits, with its last day in time where there is one."""
    name, begun = hazard.id, (hazard.since or hazard.found_at).date()
    waited = (as_of - begun).days
    unfinished = hazard.state in (State.REGISTERED, State.RECTIFYING)
    if hazard.deferral is not None and unfinished and hazard.deferral.expires < as_of:
        yield Due(name, "deferral_expired", hazard.deferral.expires)
    if hazard.deadline is not None and unfinished and hazard.deadline < as_of:
        yield Due(name, "overdue", hazard.deadline)
    reviewed_by = _reviewed_by(hazard, begun, deadlines)
    if reviewed_by is not None and reviewed_by < as_of:
        yield Due(name, "review_overdue", reviewed_by)
    yield from _doubted(hazard, as_of, deadlines)
    if hazard.listing is not None and hazard.listed and hazard.listing.until < as_of:
        yield Due(name, "listing_overdue", hazard.listing.until)
    for to in hazard.to_report_to if hazard.state is not State.SUSPECTED else ():
        known = (hazard.known_at or hazard.found_at).date()
        until = _until(known, hazard, "report", deadlines)
        yield Due(name, "report", until, waited=(as_of - known).days, to=to)
    match hazard.state:
        case State.RECTIFYING:
            yield Due(name, "rectify", hazard.deadline, waited=waited)
        case State.AWAITING_REVIEW:
            yield Due(name, "review", reviewed_by, waited=waited)
        case State.REGISTERED:
            accepted = hazard.deferral.expires if hazard.deferral is not None else None
            until = accepted or _until(begun, hazard, "assign", deadlines) or hazard.deadline
            yield Due(name, "assign", until, waited=waited)
        case state:
            step: Step = "confirm" if state is State.SUSPECTED else "close_off"
            yield Due(name, step, _until(begun, hazard, step, deadlines), waited=waited)


def _doubted(hazard: HazardRecord, as_of: date, deadlines: Deadlines) -> Iterator[Due]:
    """Yield what somebody has to look at: a deadline or deferral too late, an approver who may not be one."""
    last, assigned = last_day(hazard, deadlines), hazard.extended_from or hazard.deadline
    deferred = hazard.deferral.expires if hazard.deferral is not None else None
    if last is not None and any(day is not None and day > last for day in (assigned, deferred)):
        yield Due(hazard.id, "deadline_beyond", last)
    for each in hazard.extensions[-1:]:
        if stands_above(hazard, each) is None:
            yield Due(hazard.id, "approver", waited=(as_of - each.at.date()).days)


def _timed(each: Due, as_of: date, escalation: Sequence[Escalation]) -> Due:
    """Return something that waits with how late it is, and who must know; a review overdue says so itself."""
    if each.since is None or each.since >= as_of or each.what in ("rectify", "review"):
        return each
    days = (as_of - each.since).days
    reached = [step.level for step in escalation if step.days <= days]
    return replace(each, days=days, level=min(reached, default=None))


def _until(begun: date, hazard: HazardRecord, step: Step, deadlines: Deadlines) -> date | None:
    days = deadlines.of(hazard.grade, step)
    return begun + timedelta(days=days) if days is not None else None


def _reviewed_by(hazard: HazardRecord, begun: date, deadlines: Deadlines) -> date | None:
    """Return the last day on which a review is in time; None where none is waited for."""
    if hazard.state is not State.AWAITING_REVIEW:
        return None
    stated = _until(begun, hazard, "review", deadlines)
    return stated or max(begun, hazard.deadline or begun)
