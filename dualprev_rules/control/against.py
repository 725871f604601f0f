"""What stands against an event of the life cycle: the states in which it can happen, and what it must say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from datetime import date, timedelta
from typing import Any, get_args

from dualprev_rules.control.events import (
    NAMES,
    ApplyForReview,
    Assign,
    CloseOff,
    Confirm,
    Defer,
    Document,
    Evaluate,
    Event,
    Extend,
    ExtendListing,
    Find,
    LiftListing,
    OpenListing,
    Plan,
    Rectify,
    Refute,
    Regrade,
    Report,
    Resume,
    Review,
)
from dualprev_rules.control.hazard import HazardRecord, State
from dualprev_rules.control.words import term
from dualprev_rules.problems import Problem, Words, problem
from dualprev_rules.risk.deadlines import Deadlines
from dualprev_rules.risk.hidden_hazard import HazardGrade
from dualprev_rules.risk.level import read_level
from dualprev_rules.risk.persons import blank, same_person, shows_nothing

_OPEN = frozenset((State.REGISTERED, State.RECTIFYING, State.AWAITING_REVIEW, State.ACCEPTED))
ALLOWED: Mapping[type[Event], frozenset[State]] = {
    Confirm: frozenset((State.SUSPECTED,)),
    Refute: frozenset((State.SUSPECTED,)),
    Regrade: _OPEN,
    Assign: frozenset((State.REGISTERED, State.RECTIFYING)),
    Extend: frozenset((State.REGISTERED, State.RECTIFYING)),
    Defer: frozenset((State.REGISTERED, State.RECTIFYING)),
    Rectify: frozenset((State.REGISTERED, State.RECTIFYING)),
    Evaluate: frozenset((State.AWAITING_REVIEW,)),
    ApplyForReview: frozenset((State.AWAITING_REVIEW,)),
    Review: frozenset((State.AWAITING_REVIEW,)),
    Report: _OPEN,
    OpenListing: _OPEN,
    ExtendListing: _OPEN,
    LiftListing: _OPEN,
    Resume: frozenset((State.ACCEPTED,)),
    CloseOff: frozenset((State.ACCEPTED,)),
}
"""In which states an event can happen at all."""


def against_finding(event: Find) -> Iterator[Problem]:
    """Yield what stands against opening a record by an event."""
    yield from _common(event)
    yield from _blank(event, "id", "title")
    yield from _grade(event, event.grade, "grade")


def against(hazard: HazardRecord, event: Event) -> Iterator[Problem]:
    """Yield what stands against an event that happens to a hidden hazard."""
    allowed = ALLOWED.get(type(event))
    if allowed is None or hazard.state not in allowed:
        possible = [
            term("events", NAMES[kind]).words for kind, states in ALLOWED.items() if hazard.state in states
        ]
        yield problem(
            "control.not-now",
            path=hazard.id,
            given=NAMES[type(event)],
            event=term("events", NAMES[type(event)]).words,
            state=hazard.state.term.words,
            allowed=Words(
                "、".join(words.zh for words in possible) or "—",
                ", ".join(words.get("en") for words in possible) or "—",
            ),
        )
        return
    yield from _common(event)
    if event.at.tzinfo is not None and hazard.last_at is not None and event.at < hazard.last_at:
        last = hazard.last_at.isoformat()
        yield problem("control.out-of-order", path=hazard.id, given=event.at.isoformat(), wanted=last)
    yield from _AGAINST.get(type(event), _nothing)(hazard, event)


def _common(event: Event) -> Iterator[Problem]:
    yield from _blank(event, "by")
    if event.at.tzinfo is None:
        yield problem("control.no-time-zone", path=f"{_name(event)}.at", given=event.at.isoformat())
    document: Document | None = getattr(event, "document", None)
    if document is not None:
        yield from _blank(document, "authority", "number")
        if document.dated > event.at.date():
            yield problem("control.document-ahead", path="document.dated", given=document.dated.isoformat())


def _blank(of: Event | Plan | Document, *names: str) -> Iterator[Problem]:
    for name in names:
        if blank(getattr(of, name)):
            yield problem("control.blank", path=f"{_name(of)}.{name}")


def _name(of: Event | Plan | Document) -> str:
    return NAMES[type(of)] if isinstance(of, Event) else type(of).__name__.lower()


def _nothing(hazard: HazardRecord, event: Event) -> Iterator[Problem]:
    yield from ()


def _grade(event: Event, given: str, name: str) -> Iterator[Problem]:
    allowed = get_args(HazardGrade)
    if given not in allowed:
        path, near = f"{_name(event)}.{name}", ", ".join(allowed)
        yield problem("control.field-not-one-of", path=path, given=given, nearest=near)


def _against_confirm(hazard: HazardRecord, event: Confirm) -> Iterator[Problem]:
    yield from _blank(event, "reason")


def _against_refute(hazard: HazardRecord, event: Refute) -> Iterator[Problem]:
    yield from _blank(event, "reason")
    if hazard.major and same_person(event.by, hazard.found_by):
        yield problem("control.own-finding", path=hazard.id, given=event.by)


def _against_regrade(hazard: HazardRecord, event: Regrade) -> Iterator[Problem]:
    yield from _blank(event, "reason")
    yield from _grade(event, event.to, "to")
    if event.to == hazard.grade:
        yield problem("control.same-grade", path=hazard.id, given=event.to)
    elif event.to == "general" and event.document is None:
        yield problem("control.regrade-undocumented", path=hazard.id)
    if event.to == "general" and hazard.listed:
        yield problem("control.listed", path=hazard.id)


def _against_assign(hazard: HazardRecord, event: Assign) -> Iterator[Problem]:
    yield from _blank(event, "measures", "funds", "responsible", "contingency")
    if event.deadline < event.at.date():
        yield problem("control.deadline-past", path=hazard.id, given=event.deadline.isoformat())
    if hazard.deadline is not None and event.deadline > hazard.deadline:
        yield problem(
            "control.deadline-moved",
            path=hazard.id,
            given=event.deadline.isoformat(),
            wanted=hazard.deadline.isoformat(),
        )
    if not hazard.major:
        return
    if event.plan is None:
        yield problem("control.no-plan", path=hazard.id)
    else:
        yield from _blank(event.plan, *(item.name for item in fields(Plan)))
    if blank(event.interim) and not event.stopped:
        yield problem("control.no-interim", path=hazard.id)


def beyond(hazard: HazardRecord, event: Event, deadlines: Deadlines) -> Iterator[Problem]:
    """Yield that a deadline or a deferral goes past the last day that a profile or a listing allows."""
    last = last_day(hazard, deadlines)
    match event:
        case Assign(deadline=until) | Defer(expires=until):
            pass
        case _:
            return
    if last is not None and until > last:
        given, wanted = until.isoformat(), last.isoformat()
        yield problem("control.deadline-beyond", path=hazard.id, given=given, wanted=wanted)


def last_day(hazard: HazardRecord, deadlines: Deadlines) -> date | None:
    """Return the last day that a deadline of treatment may be; None where nothing limits it.

    The days of a profile count from when it was known to be of its grade, so that assigning anew gains none.
    """
    days = deadlines.of(hazard.grade, "rectify")
    known = (hazard.known_at or hazard.found_at).date()
    by_profile = [known + timedelta(days=days)] if days is not None else []
    by_authority = [hazard.listing.until] if hazard.listing is not None and hazard.listed else []
    return min((*by_profile, *by_authority), default=None)


def _against_extend(hazard: HazardRecord, event: Extend) -> Iterator[Problem]:
    yield from _blank(event, "reason", "approver", "role")
    yield from _own_approval(hazard, event.approver)
    if same_person(event.approver, event.by):
        yield problem("control.own-extension", path=hazard.id, given=event.approver)
    if stands_above(hazard, event) is False:
        answers = hazard.assignment.level if hazard.assignment is not None else None
        yield problem("control.approver-not-above", path=hazard.id, given=event.level, wanted=answers)
    if hazard.deadline is None:
        yield problem("control.no-deadline", path=hazard.id, given=event.to.isoformat())
    elif event.to <= hazard.deadline:
        wanted = hazard.deadline.isoformat()
        yield problem("control.no-extension", path=hazard.id, given=event.to.isoformat(), wanted=wanted)
    if event.document is None and (hazard.major or hazard.prohibited):
        yield problem("control.extension-undocumented", path=hazard.id)


def stands_above(hazard: HazardRecord, event: Extend) -> bool | None:
    """Return whether the approver is above who answers for the treatment; None where the levels do not say.

    An authority, whose document allows it, is above everybody in the enterprise.
    """
    if event.document is not None:
        return True
    answers = read_level(hazard.assignment.level or "") if hazard.assignment is not None else None
    approves = read_level(event.level or "")
    return None if answers is None or approves is None else approves < answers


def _against_defer(hazard: HazardRecord, event: Defer) -> Iterator[Problem]:
    yield from _blank(event, "reason", "approver")
    yield from _own_approval(hazard, event.approver)
    if any(same_person(event.approver, each) for each in (event.by, hazard.found_by)):
        yield problem("control.own-deferral", path=hazard.id, given=event.approver)
    if hazard.major or hazard.prohibited:
        yield problem("control.no-deferral", path=hazard.id)
    if event.expires <= event.at.date():
        yield problem("control.deadline-past", path=hazard.id, given=event.expires.isoformat())


def _own_approval(hazard: HazardRecord, approver: str) -> Iterator[Problem]:
    """Yield that whoever answers for the treatment approves its delay."""
    if hazard.assignment is not None and same_person(approver, hazard.assignment.responsible):
        yield problem("control.own-approval", path=hazard.id, given=approver)


def _against_rectify(hazard: HazardRecord, event: Rectify) -> Iterator[Problem]:
    yield from _blank(event, "what")
    if hazard.state is State.REGISTERED and hazard.major:
        yield problem("control.major-unplanned", path=hazard.id)
    if all(map(shows_nothing, event.evidence)):
        yield problem("control.no-evidence", path=hazard.id)
    if hazard.state is State.REGISTERED and all(map(shows_nothing, (*hazard.evidence, *event.before))):
        yield problem("control.no-evidence-before", path=hazard.id)


def _against_evaluate(hazard: HazardRecord, event: Evaluate) -> Iterator[Problem]:
    if not hazard.major:
        yield problem("control.major-only", path=hazard.id)
    yield from _another(hazard, event)


def _against_application(hazard: HazardRecord, event: ApplyForReview) -> Iterator[Problem]:
    if not hazard.major:
        yield problem("control.major-only", path=hazard.id)
    elif hazard.evaluation is None:
        yield problem("control.not-evaluated", path=hazard.id)


def _against_review(hazard: HazardRecord, event: Review) -> Iterator[Problem]:
    yield from _another(hazard, event)
    if hazard.major and hazard.evaluation is None:
        yield problem("control.not-evaluated", path=hazard.id)
    if hazard.major and hazard.application is None:
        yield problem("control.not-applied", path=hazard.id)


def _another(hazard: HazardRecord, event: Event) -> Iterator[Problem]:
    did = hazard.rectified.by if hazard.rectified is not None else None
    answers = hazard.assignment.responsible if hazard.assignment is not None else None
    if any(same_person(event.by, name) for name in (did, answers) if name is not None):
        yield problem("control.same-person", path=hazard.id, given=event.by)


def _against_report(hazard: HazardRecord, event: Report) -> Iterator[Problem]:
    if not hazard.major:
        yield problem("control.major-only", path=hazard.id)


def _against_listing(hazard: HazardRecord, event: OpenListing) -> Iterator[Problem]:
    if not hazard.major:
        yield problem("control.major-only", path=hazard.id)
    if hazard.listed:
        yield problem("control.listed", path=hazard.id)
    yield from _until_past(hazard, event)


def _until_past(hazard: HazardRecord, event: OpenListing | ExtendListing) -> Iterator[Problem]:
    if event.until < event.at.date():
        yield problem("control.deadline-past", path=hazard.id, given=event.until.isoformat())


def _against_listed(hazard: HazardRecord, event: ExtendListing | LiftListing) -> Iterator[Problem]:
    if hazard.listing is None or not hazard.listed:
        yield problem("control.not-listed", path=hazard.id)
    elif isinstance(event, ExtendListing):
        yield from _until_past(hazard, event)
        if event.until <= hazard.listing.until:
            given, wanted = event.until.isoformat(), hazard.listing.until.isoformat()
            yield problem("control.no-extension", path=hazard.id, given=given, wanted=wanted)


def _against_resume(hazard: HazardRecord, event: Resume) -> Iterator[Problem]:
    if not hazard.stopped:
        yield problem("control.not-stopped", path=hazard.id)


def _against_close(hazard: HazardRecord, event: CloseOff) -> Iterator[Problem]:
    for to in hazard.to_report_to:
        yield problem("control.not-reported", path=hazard.id, given=to, audience=term("audiences", to).words)
    if hazard.listed:
        yield problem("control.listed", path=hazard.id)
    if hazard.stopped:
        yield problem("control.stopped", path=hazard.id)


_AGAINST: Mapping[type[Event], Callable[[HazardRecord, Any], Iterator[Problem]]] = {
    Confirm: _against_confirm,
    Refute: _against_refute,
    Regrade: _against_regrade,
    Assign: _against_assign,
    Extend: _against_extend,
    Defer: _against_defer,
    Rectify: _against_rectify,
    Evaluate: _against_evaluate,
    ApplyForReview: _against_application,
    Review: _against_review,
    Report: _against_report,
    OpenListing: _against_listing,
    ExtendListing: _against_listed,
    LiftListing: _against_listed,
    Resume: _against_resume,
    CloseOff: _against_close,
}
