"""profile.yaml: how a jurisdiction chooses, names, colours and tightens."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from dualprev_rules.pack.spec.instruments import CitationSpec, InstrumentSpec
from dualprev_rules.pack.spec.located import Spec
from dualprev_rules.pack.spec.rules import RuleSpec
from dualprev_rules.pack.spec.scalars import Anything, Condition, Id, Mapped, Sentence, Text, one_of

Basis = Literal["residual", "inherent"]
Aggregate = Literal["worst"]


class SwatchSpec(Spec):
    """A name and a colour: ``hex`` fills, ``ink`` is the text that stands on it."""

    name: Sentence
    colour: Text
    hex: Text | None = None
    ink: Text | None = None


class WeakensSpec(Spec):
    """Why, and by whose authority, a figure is moved the weaker way."""

    reason: Sentence
    authority: Text


class TailorSpec(Spec):
    """One rule's figures moved, the stricter way only."""

    rule: Id
    set_: dict[str, Condition] = Field(alias="set")
    """Parameter → figure."""
    reason: Sentence
    cite: CitationSpec | None = None
    weakens: WeakensSpec | None = None


class ProfileSpec(Spec):
    """profile.yaml."""

    profile: Id
    version: Text
    title: Sentence
    extends: Id | None = None
    instruments: tuple[InstrumentSpec, ...] = ()
    grades: dict[str, SwatchSpec] = Field(default_factory=dict)
    not_assessed: SwatchSpec | None = None
    undecided: Sentence | None = None
    basis: Annotated[Basis, one_of(Basis)] | None = None
    aggregate: Annotated[Aggregate, one_of(Aggregate)] | None = None
    choose: Mapped | None = None
    """Method → variant of its bands, and ``because``."""
    control_levels: dict[str, Text] = Field(default_factory=dict)
    measure_kinds: Anything | None = None
    tailor: tuple[TailorSpec, ...] = ()
    rules: tuple[RuleSpec, ...] = ()
    registers: Anything | None = None
    cards: Anything | None = None
    classes: Anything | None = None
    inspections: Anything | None = None
    indicators: Anything | None = None
    note: Sentence | None = None
