"""The life cycle of a hidden hazard: an event in, the next record and its audit record out.

Pure functions over immutable records. An event that is not allowed raises DualprevError with every
reason, and changes nothing. Two ways lead to closing off, and both pass a review by another person:

* on the spot: registered → awaiting review → accepted → closed off; general ones only, with
  evidence before and after;
* planned: registered → rectifying → awaiting review → accepted → closed off; a review that is not
  passed returns it to rectifying.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from dualprev_rules.control import audit
from dualprev_rules.control.against import against, against_finding, beyond
from dualprev_rules.control.audit import AuditRecord
from dualprev_rules.control.events import (
    NAMES,
    ApplyForReview,
    Assign,
    CloseOff,
    Confirm,
    Defer,
    Evaluate,
    Event,
    Extend,
    ExtendListing,
    Find,
    LiftListing,
    OpenListing,
    Rectify,
    Refute,
    Regrade,
    Report,
    Resume,
    Review,
)
from dualprev_rules.control.hazard import Deferral, HazardRecord, State, SupervisedListing, Treatment
from dualprev_rules.control.reading import read_event
from dualprev_rules.problems import DualprevError, problem
from dualprev_rules.risk.deadlines import NONE_SET, Deadlines


def register(event: Find) -> tuple[HazardRecord, AuditRecord]:
    """Open the record of a hidden hazard; raises DualprevError where the event is not whole."""
    faults = list(against_finding(event))
    if faults:
        raise DualprevError(faults)
    found = HazardRecord(
        id=event.id,
        title=event.title,
        grade=event.grade,
        state=State.SUSPECTED if event.suspected else State.REGISTERED,
        found_at=event.at,
        found_by=event.by,
        found_in=event.found_in,
        path=event.path,
        unit=event.unit,
        rule=event.rule,
        cause=event.cause,
        measure=event.measure,
        prohibited=event.prohibited,
        evidence=event.evidence,
        since=event.at,
        known_at=event.at,
    )
    return _recorded(found, event)


def apply(
    hazard: HazardRecord, event: Event, deadlines: Deadlines = NONE_SET
) -> tuple[HazardRecord, AuditRecord]:
    """Let an event happen to a hidden hazard: return the next record, and the audit record to store.

    ``deadlines`` are those of a profile, past which none may be set; what is recorded already is not held
    to them. Raises DualprevError with every reason why it cannot happen; ``hazard`` is as it was.
    """
    faults = [*against(hazard, event), *beyond(hazard, event, deadlines)]
    if faults:
        raise DualprevError(faults)
    after = _AFTER[type(event)](hazard, event)
    if after.state is not hazard.state:
        # What a review sends back waits since it first did: treating it in vain gains no time.
        back = isinstance(event, Evaluate | Review) and not event.passed
        after = replace(after, since=hazard.untreated_since if back else event.at)
    if isinstance(event, Confirm | Regrade):
        after = replace(after, known_at=event.at)
    return _recorded(after, event)


def replay(trail: Iterable[AuditRecord], head: str | None = None) -> HazardRecord:
    """Return the record that a trail leads to; raises DualprevError where the trail is not whole."""
    records = list(trail)
    faults = audit.verify(records, head)
    if faults or not records:
        raise DualprevError(faults or problem("control.no-trail"))
    first, *later = [read_event(each.event) for each in records]
    if not isinstance(first, Find):
        raise DualprevError(
            problem("control.starts-otherwise", path=records[0].hazard, given=NAMES[type(first)])
        )
    hazard, _ = register(first)
    for event in later:
        hazard, _ = apply(hazard, event)
    # What was stored before an event had another field keeps the hash that it was stored with.
    return replace(hazard, head=records[-1].hash)


def _recorded(hazard: HazardRecord, event: Event) -> tuple[HazardRecord, AuditRecord]:
    number = hazard.steps + 1
    made = audit.record(hazard.id, number, event, hazard.head)
    return replace(hazard, last_at=event.at, steps=number, head=made.hash), made


# --- what an event leaves behind --------------------------------------------------------------------


def _returned(hazard: HazardRecord, state: State) -> HazardRecord:
    """Return the record with treatment to be done again; what was done stands in the audit trail."""
    return replace(hazard, state=state, rectified=None, evaluation=None, application=None, review=None)


def _after_regrade(hazard: HazardRecord, event: Regrade) -> HazardRecord:
    regraded = replace(hazard, grade=event.to, eased=event.to == "general")
    if event.to == "general":
        return regraded
    # A major one is always planned: what was assigned or done as a general one does not carry it. Its
    # deadline holds: a later one for the plan is an extension, by an authority's document.
    again = _returned(regraded, State.REGISTERED)
    return replace(again, treatment=None, assignment=None, deferral=None)


def _after_assign(hazard: HazardRecord, event: Assign) -> HazardRecord:
    return replace(
        hazard,
        state=State.RECTIFYING,
        treatment=Treatment.PLANNED,
        assignment=event,
        deadline=event.deadline,
        stopped=hazard.stopped or event.stopped,
    )


def _after_extend(hazard: HazardRecord, event: Extend) -> HazardRecord:
    first = hazard.extended_from or hazard.deadline
    return replace(hazard, deadline=event.to, extensions=(*hazard.extensions, event), extended_from=first)


def _after_rectify(hazard: HazardRecord, event: Rectify) -> HazardRecord:
    treatment = Treatment.ON_THE_SPOT if hazard.state is State.REGISTERED else hazard.treatment
    return replace(
        hazard,
        state=State.AWAITING_REVIEW,
        treatment=treatment,
        rectified=event,
        untreated_since=hazard.since,
    )


def _after_evaluate(hazard: HazardRecord, event: Evaluate) -> HazardRecord:
    if not event.passed:
        return _returned(hazard, State.RECTIFYING)
    return replace(hazard, evaluation=event)


def _after_review(hazard: HazardRecord, event: Review) -> HazardRecord:
    if event.passed:
        return replace(hazard, state=State.ACCEPTED, review=event, deferral=None)
    planned = hazard.treatment is Treatment.PLANNED
    return _returned(hazard, State.RECTIFYING if planned else State.REGISTERED)


def _after_listing(hazard: HazardRecord, event: ExtendListing | LiftListing) -> HazardRecord:
    listing = hazard.listing
    assert listing is not None
    if isinstance(event, LiftListing):
        return replace(hazard, listing=replace(listing, lifted=event.document))
    extended = (*listing.extended, event.document)
    return replace(hazard, listing=replace(listing, until=event.until, extended=extended))


_AFTER: Mapping[type[Event], Callable[[HazardRecord, Any], HazardRecord]] = {
    Confirm: lambda hazard, _: replace(hazard, state=State.REGISTERED),
    Refute: lambda hazard, _: replace(hazard, state=State.REFUTED),
    Regrade: _after_regrade,
    Assign: _after_assign,
    Extend: _after_extend,
    Defer: lambda hazard, event: replace(
        hazard, deferral=Deferral(event.expires, event.reason, event.approver)
    ),
    Rectify: _after_rectify,
    Evaluate: _after_evaluate,
    ApplyForReview: lambda hazard, event: replace(hazard, application=event),
    Review: _after_review,
    Report: lambda hazard, event: replace(hazard, reports=(*hazard.reports, event)),
    OpenListing: lambda hazard, event: replace(
        hazard, listing=SupervisedListing(event.document, event.until)
    ),
    ExtendListing: _after_listing,
    LiftListing: _after_listing,
    Resume: lambda hazard, _: replace(hazard, stopped=False),
    CloseOff: lambda hazard, _: replace(hazard, state=State.CLOSED_OFF),
}
