"""profile.yaml: how a jurisdiction chooses, names, colours and tightens."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from dualprev_rules.pack.model import Shows
from dualprev_rules.pack.spec.definitions import DefinitionSpec
from dualprev_rules.pack.spec.instruments import Citations, CitationSpec, Holders, InstrumentSpec, StatusText
from dualprev_rules.pack.spec.located import Spec
from dualprev_rules.pack.spec.rules import RuleSpec
from dualprev_rules.pack.spec.scalars import (
    Condition,
    Days,
    Id,
    Mapped,
    Name,
    Sentence,
    Text,
    Version,
    one_of,
)

Basis = Literal["residual", "inherent"]
Aggregate = Literal["worst"]


class SwatchSpec(Spec):
    """A name and a colour: ``hex`` fills, ``ink`` is the text that stands on it."""

    name: Sentence
    colour: Text
    hex: Text | None = None
    ink: Text | None = None


class ListedSpec(Spec):
    """What a document lists: aspects to identify risks by, kinds of measure, triggers."""

    items: tuple[Sentence, ...] = Field(min_length=1)
    cite: Citations = ()
    note: Sentence | None = None


class LevelsSpec(Spec):
    """The levels of control that a document knows, the highest first."""

    items: tuple[Text, ...] = Field(min_length=1)
    cite: Citations = ()


class SectorSpec(Spec):
    """A sector for which a document wants a negative list."""

    label: Sentence
    pack: Id | None = None
    """The pack that holds its prohibitions and restrictions, where there is one."""


class SectorsSpec(Spec):
    """The sectors for which a document wants negative lists."""

    items: tuple[SectorSpec, ...] = Field(min_length=1)
    cite: Citations = ()


class FieldSpec(Spec):
    """A field of a register or card: its heading, and what of the enterprise it shows."""

    label: Sentence
    shows: Annotated[Shows, one_of(Shows)]


class CarrierSpec(Spec):
    """A register, card, board, map or other paper that a document asks for."""

    id: Id
    title: Sentence
    fields: tuple[FieldSpec, ...] = ()
    """Empty where the document names the paper and not its fields."""
    place: Sentence | None = None
    """Where it hangs, or for whom it is."""
    cite: Citations = ()
    status: StatusText = "transcription"
    note: Sentence | None = None


class WeakensSpec(Spec):
    """Why, and by whose authority, a figure is moved the weaker way."""

    reason: Sentence
    authority: Text


class StepsSpec(Spec):
    """Within how many days each step is taken with a hidden hazard, from when it can be."""

    confirm: Days | None = None
    assign: Days | None = None
    rectify: Days | None = None
    """No deadline of treatment is set later than so many days after it is known."""
    review: Days | None = None
    report: Days | None = None
    close_off: Days | None = None


class DeadlinesSpec(Spec):
    """How long hidden hazards wait; cited, or with the reason whose figures they are."""

    general: StepsSpec | None = None
    major: StepsSpec | None = None
    cite: Citations = ()
    because: Sentence | None = None
    weakens: WeakensSpec | None = None


class RaisingSpec(Spec):
    """Which live warnings raise the risk grade of their place; cited, or with the reason whose rule it is."""

    grades: dict[str, Text]
    """Grade of the warning → the risk grade that the place has at least while it is open."""
    cite: Citations = ()
    because: Sentence | None = None


class TailorSpec(Spec):
    """One rule's figures moved, the stricter way only."""

    rule: Id
    set_: dict[str, Condition] = Field(alias="set")
    """Parameter → figure."""
    reason: Sentence
    cite: CitationSpec | None = None
    weakens: WeakensSpec | None = None


class PruneSpec(Spec):
    """A rule that does not apply under the profile: never one of a major hidden hazard or a prohibition."""

    rule: Id
    reason: Sentence
    authority: Text


class MergeSpec(Spec):
    """Rules that ask for the same under the profile: they give one finding."""

    rules: tuple[Id, ...] = Field(min_length=2)
    reason: Sentence


class ProfileSpec(Spec):
    """profile.yaml."""

    profile: Id
    version: Version
    title: Sentence
    extends: Id | None = None
    facts: Mapped | None = None
    """As in facts.yaml: what the profile's own rules read, asked for under this profile alone."""
    duty_holders: Holders = Field(default_factory=dict)
    """``duty_of`` as rules write it → its English."""
    instruments: tuple[InstrumentSpec, ...] = ()
    grades: dict[str, SwatchSpec] = Field(default_factory=dict)
    not_assessed: SwatchSpec | None = None
    graded_by: Citations = ()
    """The clauses that say which grades there are."""
    undecided: Sentence | None = None
    basis: Annotated[Basis, one_of(Basis)] | None = None
    aggregate: Annotated[Aggregate, one_of(Aggregate)] | None = None
    choose: Mapped | None = None
    """Method → variant of its bands, and ``because``."""
    control_levels: dict[str, Text] = Field(default_factory=dict)
    levels: LevelsSpec | None = None
    identify: ListedSpec | None = None
    """The aspects by which risks are to be identified."""
    measure_kinds: ListedSpec | None = None
    change_triggers: ListedSpec | None = None
    """The changes before which risks are assessed again."""
    negative_lists: SectorsSpec | None = None
    """The sectors for which negative lists are wanted."""
    definitions: tuple[DefinitionSpec, ...] = ()
    """As in definitions.yaml."""
    direct_major: tuple[Name, ...] = ()
    """Definitions of ``risk_point`` that make a point a major risk, whatever its factors and measures."""
    warnings_raise: RaisingSpec | None = None
    tailor: tuple[TailorSpec, ...] = ()
    prune: tuple[PruneSpec, ...] = ()
    merge: tuple[MergeSpec, ...] = ()
    rules: tuple[RuleSpec, ...] = ()
    hazard_deadlines: DeadlinesSpec | None = None
    """Within how many days each step is taken with a hidden hazard; none are set where it lacks."""
    registers: tuple[CarrierSpec, ...] = ()
    cards: tuple[CarrierSpec, ...] = ()
    note: Sentence | None = None
