"""The record of one hidden hazard as it stands: immutable, made by events alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dualprev_rules.control.events import (
    ApplyForReview,
    Assign,
    Audience,
    Cause,
    Document,
    Evaluate,
    Extend,
    FoundIn,
    Rectify,
    Report,
    Review,
)
from dualprev_rules.control.words import Term, term
from dualprev_rules.risk.hidden_hazard import HazardGrade


class State(StrEnum):
    """How far a hidden hazard is; two states are final."""

    SUSPECTED = "suspected"
    REFUTED = "refuted"
    REGISTERED = "registered"
    RECTIFYING = "rectifying"
    AWAITING_REVIEW = "awaiting_review"
    ACCEPTED = "accepted"
    CLOSED_OFF = "closed_off"

    @property
    def term(self) -> Term:
        """The name of the state, and its code in the ministry's exchange."""
        return term("states", self)

    @property
    def final(self) -> bool:
        """True where nothing more can happen."""
        return self in (State.REFUTED, State.CLOSED_OFF)


class Treatment(StrEnum):
    """How a hidden hazard is removed: on the spot (即查即改) or planned (限期整改)."""

    ON_THE_SPOT = "on_the_spot"
    PLANNED = "planned"

    @property
    def term(self) -> Term:
        """The name of the treatment, and its code in the ministry's exchange."""
        return term("treatments", self)


@dataclass(frozen=True, slots=True)
class Deferral:
    """An enterprise's acceptance for now: it hides nothing, and it expires."""

    expires: date
    reason: str
    approver: str


@dataclass(frozen=True, slots=True)
class SupervisedListing:
    """A supervised listing (挂牌督办), opened, extended and lifted by an authority's document alone."""

    opened: Document
    until: date
    extended: tuple[Document, ...] = ()
    lifted: Document | None = None


@dataclass(frozen=True, slots=True)
class HazardRecord:
    """One hidden hazard on the ledger (隐患台账)."""

    id: str
    title: str
    grade: HazardGrade
    state: State
    found_at: datetime
    found_by: str
    found_in: FoundIn
    path: str | None = None
    unit: str | None = None
    rule: str | None = None
    cause: Cause | None = None
    measure: str | None = None
    prohibited: bool = False
    evidence: tuple[str, ...] = ()
    treatment: Treatment | None = None
    assignment: Assign | None = None
    deadline: date | None = None
    """Of the assignment, as extended since."""
    extensions: tuple[Extend, ...] = ()
    extended_from: date | None = None
    """The deadline before the first extension."""
    rectified: Rectify | None = None
    evaluation: Evaluate | None = None
    application: ApplyForReview | None = None
    review: Review | None = None
    reports: tuple[Report, ...] = ()
    listing: SupervisedListing | None = None
    deferral: Deferral | None = None
    eased: bool = False
    """True where a document made a general one of a major one."""
    stopped: bool = False
    """True while operation is stopped because of it."""
    since: datetime | None = None
    """When it came into its state: since then the next step waits."""
    untreated_since: datetime | None = None
    """When it came into the state to which a review that is not passed sends it back."""
    known_at: datetime | None = None
    """When it was found or confirmed to be of its grade: since then a major one is to be reported."""
    last_at: datetime | None = None
    steps: int = 0
    """How many events it has seen."""
    head: str = ""
    """The hash of its last audit record."""

    @property
    def major(self) -> bool:
        """True for a major hidden hazard."""
        return self.grade == "major"

    def covers(self, grade: HazardGrade) -> bool:
        """Tell whether it stands for a finding of a grade: a general one for no major one, unless eased."""
        return self.major or self.eased or grade != "major"

    @property
    def to_report_to(self) -> tuple[Audience, ...]:
        """To whom a major one has still to be reported: the authority and the workers' congress."""
        if not self.major:
            return ()
        told = {report.to for report in self.reports}
        wanted: tuple[Audience, ...] = ("regulator", "workers_congress")
        return tuple(to for to in wanted if to not in told)

    @property
    def listing_proposed(self) -> bool:
        """True where a supervised listing is proposed to the authority: a major one without one."""
        open_ = self.state is not State.SUSPECTED and not self.state.final
        return self.major and self.listing is None and open_

    @property
    def listed(self) -> bool:
        """True while a supervised listing is in force."""
        return self.listing is not None and self.listing.lifted is None
