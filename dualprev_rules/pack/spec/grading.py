"""grading.yaml: grading methods as data."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from dualprev_rules.lang.tree import Monotone
from dualprev_rules.pack.spec.definitions import DecisionSpec
from dualprev_rules.pack.spec.instruments import Citations, StatusText
from dualprev_rules.pack.spec.located import Spec
from dualprev_rules.pack.spec.scalars import Condition, Figure, Flag, Id, Name, Sentence, one_of


class ScoreSpec(Spec):
    """A score and what it means."""

    score: Figure
    meaning: Sentence


class FactorSpec(Spec):
    """A factor with its scale: its scores, or for a measured figure its range."""

    label: Sentence
    scores: tuple[ScoreSpec, ...] = ()
    continuous: Flag = False
    """Any number between the lowest and the highest score is allowed."""
    min_: Figure | None = Field(default=None, alias="min")
    max_: Figure | None = Field(default=None, alias="max")
    above: Figure | None = None
    """Instead of ``min`` where the figure itself is impossible: no layer never fails."""
    whole: Flag = False
    """Only whole numbers are allowed: persons, pieces."""
    monotone: Annotated[Monotone, one_of(Monotone)] = "rising"
    """``falling``: the more of it the safer, as of points for safety."""
    if_absent: Figure | None = None
    """What a factor that is not given is: a protection layer that is not named is not there."""


class LevelSpec(Spec):
    """A level of bands that are not the four risk grades, and the grade that its source gives it."""

    level: Id
    label: Sentence
    grade: Figure | None = None


class BandsSpec(Spec):
    """One variant of the bands of a method."""

    variant: Id
    title: Sentence
    decide: DecisionSpec
    levels: tuple[LevelSpec, ...] = ()
    """Worst first; ``then`` names them. Without levels ``then`` is a risk grade, 1 to 4."""
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
    bands: tuple[BandsSpec, ...] = ()
    """None where no source divides the result into levels: the method then gives a figure alone."""
    default: Id | None = None
    cite: Citations = ()
    source: Sentence | None = None
    status: StatusText = "transcription"
    note: Sentence | None = None
