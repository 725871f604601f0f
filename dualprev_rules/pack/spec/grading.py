"""grading.yaml: grading methods as data."""

from __future__ import annotations

from pydantic import Field

from dualprev_rules.pack.spec.definitions import DecisionSpec
from dualprev_rules.pack.spec.instruments import Citations, StatusText
from dualprev_rules.pack.spec.located import Spec
from dualprev_rules.pack.spec.scalars import Condition, Figure, Flag, Id, Name, Sentence


class ScoreSpec(Spec):
    """A score and what it means."""

    score: Figure
    meaning: Sentence


class FactorSpec(Spec):
    """A factor with its scale."""

    label: Sentence
    scores: tuple[ScoreSpec, ...] = Field(min_length=1)
    continuous: Flag = False
    """Any number between the lowest and the highest score is allowed."""


class BandsSpec(Spec):
    """One variant of the bands of a method."""

    variant: Id
    title: Sentence
    decide: DecisionSpec
    cite: Citations = ()
    source: Sentence | None = None
    status: StatusText = "transcription"
    note: Sentence | None = None


class MethodSpec(Spec):
    """A grading method: factors, formula, bands."""

    method: Id
    title: Sentence
    factors: dict[str, FactorSpec]
    result: Name
    formula: Condition
    bands: tuple[BandsSpec, ...]
    default: Id
    cite: Citations = ()
    source: Sentence | None = None
    status: StatusText = "transcription"
    note: Sentence | None = None
