"""What is loaded: packs resolved for one day, every condition a checked tree.

Evaluators, engine, reports and the workbench read these; nothing here knows a file format.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from dualprev_rules.facts.possible import Numbers
from dualprev_rules.facts.schema import Schema
from dualprev_rules.facts.types import Type
from dualprev_rules.lang.tree import Monotone, Node
from dualprev_rules.problems import Place, Problem, Words

if TYPE_CHECKING:
    from dualprev_rules.pack.live import LiveRule

RuleKind = Literal[
    "major_hidden_hazard", "element", "check", "prohibition", "restriction", "requirement", "data_check"
]
RULE_KINDS: tuple[RuleKind, ...] = (
    "major_hidden_hazard",
    "element",
    "check",
    "prohibition",
    "restriction",
    "requirement",
    "data_check",
)
Status = Literal["official", "transcription", "recalled"]
Standing = Literal["decides", "beyond", "covered", "guidance"]
Shows = Literal[
    "name",
    "number",
    "place",
    "post",
    "grade",
    "category",
    "hazard_factors",
    "consequences",
    "measures",
    "calls",
    "emergency",
    "duties",
    "procedures",
    "control_level",
    "department",
    "owner",
    "report_phone",
    "signs",
    "major_hazard_installations",
    "hidden_hazards",
    "state",
    "deadline",
]
"""What a field of a register or card can show."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A law, standard or document: its edition, when it is in force, how much of it is encoded."""

    id: str
    number: str
    title: Words
    issuer: str
    force: str
    binding: bool
    start: date | None
    """The first day in force; None: always has been, as far as is known."""
    end: date | None
    """The first day no longer in force."""
    confirmed: bool
    """Whether the dates (a repeal above all) are confirmed."""
    note: Words | None
    decides: Literal["true", "guidance", "where_not_covered"]
    dated_by: str
    """``assessment``, or the date fact that binds it, as ``entity.attribute``."""
    encoded: Literal["full", "partial", "none"]
    missing: Words | None
    """What of it is not encoded."""
    supersedes: tuple[str, ...]
    clauses: int | None
    pack: str
    existing_until: date | None = None
    """Transition: what was there before may follow the old edition until this day."""
    status: Status = "transcription"
    scope: str | None = None
    """The yes-or-no fact or definition that says whom it binds, as ``entity.name``; None: everyone."""
    words: Mapping[str, str] = field(default_factory=dict[str, str])
    """Word of its clauses → the comparison that it means in this instrument."""

    def in_force(self, day: date) -> bool:
        """Tell whether the instrument holds on ``day`` (the end excluded)."""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class Citation:
    """A clause of an instrument, and how well its figure is confirmed."""

    instrument: str
    clause: str
    status: Status = "transcription"
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class Expression:
    """A condition as written, where it stands, and its checked tree."""

    text: str
    node: Node
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure of a rule that stands once; ``stricter`` says which way a profile may move it."""

    name: str
    value: Fraction | str | bool
    type: Type
    stricter: Literal["lower", "higher"] | None
    label: Words | None
    cite: Citation | None
    shown: str
    """Value and unit as the pack writes them."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A derived fact of an entity; a ``classification`` is a status with duties, never a violation."""

    entity: str
    name: str
    type: Type
    body: Expression
    when: Expression | None
    """Where false, the definition does not apply and there is no value."""
    classification: bool
    range: Numbers
    label: Words
    citations: tuple[Citation, ...]
    pack: str
    not_encoded: str | None = None
    """The id of the instrument in force on the day whose text is not encoded: there is no value."""
    member_labels: Mapping[str, Words] = field(default_factory=dict[str, Words])
    """Member of an enum that it declares → label."""
    monotone: Mapping[str, Monotone] = field(default_factory=dict[str, Monotone])
    """Fact (``entity.name``) → what is declared of the definition where it rises; evaluation does not ask."""

    @property
    def id(self) -> str:
        """How the definition is called: ``entity.name``."""
        return f"{self.entity}.{self.name}"


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: its cells by column (texts of a key column as a tuple), and its condition."""

    cells: Mapping[str, Any]
    when: Expression | None
    no: str
    clause: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A look-up table. ``keys``: name of the key → columns searched; ``row_key`` picks a row itself."""

    id: str
    title: Words
    citations: tuple[Citation, ...]
    keys: Mapping[str, tuple[str, ...]]
    row_key: str | None
    columns: Mapping[str, Type]
    ranges: Mapping[str, Numbers]
    rows: tuple[TableRow, ...]
    on_tie: Literal["min", "max"] | None
    entity: str | None
    """The entity whose facts the rows' conditions ask."""
    index: Mapping[str, Mapping[str, tuple[int, ...]]]
    """Key name (``row_key`` too) → normalised text → positions of rows."""
    pack: str
    not_encoded: str | None = None
    labels: Mapping[str, Words] = field(default_factory=dict[str, Words])
    """Column → what it is called, where it says."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One determination: when it applies, what violates it, what excuses it, and all it cites."""

    id: str
    kind: RuleKind
    pack: str
    title: Words
    entity: str
    citations: tuple[Citation, ...]
    duty_of: Words
    decided_by: Literal["facts", "inspector", "mixed"]
    applies: Expression | None
    violated: Expression
    unless: Expression | None
    unless_because: Words | None = None
    part: str | None = None
    tags: frozenset[str] = frozenset()
    object: str | None = None
    applies_to: str | None = None
    grace_until: date | None = None
    replacement: Words | None = None
    parameters: Mapping[str, Parameter] = field(default_factory=dict[str, Parameter])
    message: Words | None = None
    placeholders: Mapping[str, Expression] = field(default_factory=dict[str, Expression])
    """What stands in braces in the message → its expression."""
    measures: tuple[str, ...] = ()
    evidence: tuple[Words, ...] = ()
    liability: Citation | None = None
    corresponds_to: tuple[str, ...] = ()
    may: Literal["over_report", "under_report"] | None = None
    because: Words | None = None
    """Why the encoding is narrower or wider than the clause, or rests on one yes-or-no fact."""
    dated: Expression | None = None
    """Guard of an instrument that binds by a date fact or within a scope, or that yields within one."""
    standing: Standing = "decides"
    not_encoded: str | None = None
    """The id of the instrument in force on the day in whose place this rule is shown as guidance."""
    binding: bool = True
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor of a grading method: its name in the formula and the scores it may have."""

    name: str
    label: Words
    scores: tuple[tuple[Fraction, Words], ...]
    within: Numbers
    """What it may be: its scores, or for a continuous one all between the ends of its scale."""
    if_absent: Fraction | None = None
    """What it is where it is not given; None: unknown."""
    monotone: Monotone = "rising"
    """Whether more of it is more dangerous, or safer (``falling``)."""


@dataclass(frozen=True, slots=True)
class Level:
    """A level of bands that are not the four risk grades."""

    id: str
    label: Words
    grade: int | None
    """The risk grade that the source gives the level; None where it gives none."""


@dataclass(frozen=True, slots=True)
class Bands:
    """One variant of the bands of a method: result of the formula → risk grade 1 to 4, or level."""

    id: str
    title: Words
    decide: Expression
    citations: tuple[Citation, ...]
    levels: Mapping[str, Level] = field(default_factory=dict[str, "Level"])
    """Worst first; empty where the bands give risk grades themselves."""
    source: Words | None = None
    """Where the figures come from, where no instrument prints them."""
    status: Status = "transcription"


@dataclass(frozen=True, slots=True)
class GradingMethod:
    """A grading method as data: factors, formula over them, bands."""

    id: str
    title: Words
    factors: Mapping[str, Factor]
    result: str
    formula: Expression
    bands: Mapping[str, Bands]
    default_bands: str | None
    """None for a method without bands: it gives a figure and no level."""
    citations: tuple[Citation, ...]
    pack: str
    source: Words | None = None
    status: Status = "transcription"


@dataclass(frozen=True, slots=True)
class Measure:
    """A control measure, its kind in the hierarchy, and its code in each vocabulary."""

    id: str
    title: Words
    kind: str
    codes: Mapping[str, str]
    pack: str


@dataclass(frozen=True, slots=True)
class Case:
    """A case of a pack's tests: facts as written, the day, and what is expected."""

    name: str
    as_of: date
    profile: str
    facts: Any
    expect: Mapping[str, Any]
    place: Place
    pack: str
    confirmed: bool = True
    """False of a case that was generated and that nobody has looked at: it tests nothing yet."""


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One item: the control whose failure it finds, what is asked, and the fact it settles."""

    id: str
    measure: str
    ask: Words
    method: Words | None
    accept: Words | None
    settles: str | None
    answers: Mapping[str, str]
    feeds: tuple[str, ...]
    if_found: Words | None
    evidence: tuple[str, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Checklist:
    """A checklist for an object, a level and a kind of inspection, with its frequency."""

    id: str
    title: Words
    object: str
    level: str
    inspection: str
    every: Any
    items: tuple[ChecklistItem, ...]
    pack: str


@dataclass(frozen=True, slots=True)
class PackInfo:
    """A pack as loaded: version and content hash."""

    id: str
    version: str
    title: Words
    hash: str


@dataclass(frozen=True, slots=True)
class Ruleset:
    """Everything that holds on one day: what the evaluators read. Immutable."""

    as_of: date
    schema: Schema
    packs: tuple[PackInfo, ...]
    instruments: Mapping[str, Instrument]
    definitions: Mapping[tuple[str, str], Definition]
    """By (entity, name), in an order in which each stands after those it needs."""
    tables: Mapping[str, Table]
    rules: Mapping[str, Rule]
    """By id, in checklist order. Rules that do not hold on the day are not here."""
    methods: Mapping[str, GradingMethod]
    measures: Mapping[str, Measure]
    checklists: Mapping[str, Checklist]
    order: tuple[str, ...] = ()
    """Ids of definitions (``entity.name``) and rules, each after what it rests on."""
    warnings: tuple[Problem, ...] = ()
    """What authors should look at; nothing of it keeps the packs from being used."""
    live: Mapping[str, LiveRule] = field(default_factory=dict[str, "LiveRule"])
    """Warnings from live readings, by id."""
