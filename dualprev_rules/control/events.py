"""What can happen to a hidden hazard: immutable events, each with its time and its person.

The caller's own system stores them; nothing here reads a clock. Every ``at`` has a time zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from dualprev_rules.risk.hidden_hazard import HazardGrade

Cause = Literal["person", "thing", "management"]
FoundIn = Literal[
    "daily",
    "comprehensive",
    "specialist",
    "seasonal",
    "holiday",
    "accident_elsewhere",
    "before_restart",
    "outside_expert",
    "failed_measure",
    "other",
]
Audience = Literal["regulator", "workers_congress"]
LevelName = Literal["company", "department", "workshop", "team", "post"]
"""A level of control by its name, the highest first."""
_NOTHING_ELSE: Any = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A paper that decides: who issued it, its number and its date."""

    __pydantic_config__ = _NOTHING_ELSE

    authority: str
    number: str
    dated: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The treatment plan of a major hidden hazard (治理方案六项)."""

    __pydantic_config__ = _NOTHING_ELSE

    aims: str
    methods: str
    means: str
    people: str
    timing: str
    precautions: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened at a time, by a person."""

    __pydantic_config__ = _NOTHING_ELSE

    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Find(Event):
    """A hidden hazard was found (登记); ``suspected`` where a warning or an anonymous word is all there is.

    ``path`` and ``unit`` are those of the facts, ``rule`` the rule that it breaks; a ``prohibited``
    one breaks a prohibition, which an enterprise cannot defer.
    """

    id: str
    title: str
    grade: HazardGrade
    found_in: FoundIn = "other"
    path: str | None = None
    unit: str | None = None
    rule: str | None = None
    cause: Cause | None = None
    measure: str | None = None
    """The control measure whose failure it is."""
    prohibited: bool = False
    suspected: bool = False
    evidence: tuple[str, ...] = ()
    """Names of photos or papers that show the state before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(Event):
    """A person has looked: a suspected hidden hazard is one."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refute(Event):
    """A person has looked: a suspected hidden hazard is none. The record stays."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrade(Event):
    """The grade changes; from major to general only with an authority's or expert's document."""

    to: HazardGrade
    reason: str
    document: Document | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign(Event):
    """Treatment is ordered with the five particulars (五落实); a major one with its plan as well.

    Until a major one is treated either ``interim`` measures hold or operation is ``stopped``.
    """

    measures: str
    funds: str
    deadline: date
    responsible: str
    contingency: str
    plan: Plan | None = None
    interim: str = ""
    stopped: bool = False
    level: LevelName | None = None
    """At which level of control whoever is responsible stands; None where nobody has said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend(Event):
    """The deadline moves: a superior approves it, and of a major one an authority's document."""

    to: date
    reason: str
    approver: str
    role: str
    """What makes the approver one: the post."""
    document: Document | None = None
    level: LevelName | None = None
    """At which level of control the approver stands; None where nobody has said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Defer(Event):
    """A general hidden hazard is accepted for now; it stays on the list, and the deferral expires."""

    expires: date
    reason: str
    approver: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rectify(Event):
    """The hazard was removed; ``evidence`` shows the state after, ``before`` the state before."""

    what: str
    evidence: tuple[str, ...]
    before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluate(Event):
    """The treatment of a major one was evaluated, by others than those who did it."""

    passed: bool
    remarks: str = ""
    document: Document | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyForReview(Event):
    """The review of a major one was applied for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(Event):
    """Another person has looked again (复查验收): accepted, or returned."""

    passed: bool
    remarks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Event):
    """A major one was reported (双报告)."""

    to: Audience
    document: Document | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenListing(Event):
    """An authority puts it under supervised listing (挂牌督办)."""

    document: Document
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendListing(Event):
    """The authority moves the date of the listing."""

    document: Document
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftListing(Event):
    """The authority lifts the listing (解除挂牌)."""

    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(Event):
    """The authority approves that what was stopped runs again."""

    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseOff(Event):
    """The record is closed off (销号)."""

    remarks: str = ""


KINDS: dict[str, type[Event]] = {
    "find": Find,
    "confirm": Confirm,
    "refute": Refute,
    "regrade": Regrade,
    "assign": Assign,
    "extend": Extend,
    "defer": Defer,
    "rectify": Rectify,
    "evaluate": Evaluate,
    "apply_for_review": ApplyForReview,
    "review": Review,
    "report": Report,
    "open_listing": OpenListing,
    "extend_listing": ExtendListing,
    "lift_listing": LiftListing,
    "resume": Resume,
    "close_off": CloseOff,
}
"""Every kind of event by the name under which it is stored."""
NAMES = {kind: name for name, kind in KINDS.items()}
