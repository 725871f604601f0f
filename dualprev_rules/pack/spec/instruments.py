"""pack.yaml: the pack, and the instruments that it encodes; a citation of one of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from dualprev_rules.pack.model import Status
from dualprev_rules.pack.spec.located import OneOrMany, Spec
from dualprev_rules.pack.spec.scalars import Answer, Day, Flag, Id, Sentence, Text, Version, Whole, one_of

Force = Literal[
    "law",
    "regulation",
    "ministerial_rule",
    "mandatory_standard",
    "recommended_standard",
    "local_standard",
    "group_standard",
    "normative_document",
    "policy_plan",
]
Decides = Literal["true", "guidance", "where_not_covered"]
ClauseOp = Literal["<", "<=", ">", ">="]
Encoded = Literal["full", "partial", "none"]
StatusText = Annotated[Status, one_of(Status)]


class ConfirmationSpec(Spec):
    """Who compared figures with the official text, with which edition and page, when."""

    by: Text
    against: Text
    day: Day
    digest: Text | None = None
    """Of what the rule said then, as ``dualprev pack confirm`` writes it."""


class CitationSpec(Spec):
    """A clause of an instrument."""

    instrument: Id
    clause: Text
    status: StatusText | None = None
    """How well the figure is confirmed; without it, as the instrument's own status says."""
    confirmed: ConfirmationSpec | None = None
    """Who made it ``official``."""
    note: Sentence | None = None


Citations = Annotated[tuple[CitationSpec, ...], OneOrMany()]


class InForceSpec(Spec):
    """From which day an instrument holds, and from which day no longer."""

    from_: Day | None = Field(None, alias="from")
    """The first day in force."""
    replaced_on: Day | None = None
    """The first day on which it no longer holds."""
    confirmed: Flag | None = None
    """Whether the dates, a repeal above all, are confirmed; without it, unless the instrument is recalled."""
    note: Sentence | None = None


class TransitionSpec(Spec):
    """What was there before may follow the old edition for a time."""

    existing_until: Day


class InstrumentSpec(Spec):
    """A law, standard or document."""

    id: Id
    number: Text
    title: Sentence
    issuer: Text
    force: Annotated[Force, one_of(Force)]
    binding: Flag
    """What does not bind is never called a breach of law, and is counted apart."""
    in_force: InForceSpec
    decides: Annotated[Decides, one_of(Decides)] = "true"
    dated_by: Text = "assessment"
    """``assessment``, or the date fact that binds it, such as ``building.design_approved_on``."""
    scope: Text | None = None
    """The yes-or-no fact or definition that says whom it binds, such as ``enterprise.is_producer``."""
    transition: TransitionSpec | None = None
    encoded: Annotated[Encoded, one_of(Encoded)]
    missing: Sentence | None = None
    """What of it is not encoded."""
    supersedes: tuple[Id, ...] = ()
    status: StatusText = "transcription"
    confirmed: ConfirmationSpec | None = None
    """Who made it ``official``."""
    clauses: Whole | None = None
    words: dict[str, Annotated[ClauseOp, one_of(ClauseOp)]] = Field(default_factory=dict)
    """Words of its clauses that mean here another comparison than everywhere: ``{以上: ">"}``."""
    note: Sentence | None = None


class HolderSpec(Spec):
    """A duty holder, whom rules name in Chinese, in other words."""

    en: Text


Holders = dict[str, HolderSpec]


class PackSpec(Spec):
    """pack.yaml."""

    pack: Id
    version: Version
    language: Whole
    """The version of the condition language."""
    title: Sentence
    reads: dict[str, Answer] = Field(default_factory=dict)
    """Further readings of every yes-no fact of the pack, such as 是 and 否."""
    duty_holders: Holders = Field(default_factory=dict)
    """``duty_of`` as rules write it → its English."""
    instruments: tuple[InstrumentSpec, ...] = ()
