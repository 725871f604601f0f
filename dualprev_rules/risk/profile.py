"""A profile: how a jurisdiction names, colours, chooses and controls. Colour comes from nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dualprev_rules.pack.model import Bands, Citation, GradingMethod, Shows, Status
from dualprev_rules.problems import Words
from dualprev_rules.risk.deadlines import NONE_SET, Deadlines
from dualprev_rules.risk.grades import RiskGrade
from dualprev_rules.risk.level import ControlLevel
from dualprev_rules.risk.raising import NO_RAISING, Raising

Basis = Literal["residual", "inherent"]
Aggregate = Literal["worst"]


@dataclass(frozen=True, slots=True)
class Swatch:
    """A name and a colour: ``hex`` fills, ``ink`` is the text that stands on it."""

    name: Words
    colour: str
    hex: str
    ink: str


@dataclass(frozen=True, slots=True)
class Shown:
    """How a grade is shown: never by its colour alone."""

    swatch: Swatch
    label: Words
    hatched: bool
    """True while the grade is not decided: the colour is that of the worst that it may be."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What a document lists, with its place in the document."""

    items: tuple[Words, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Pruned:
    """A rule that the profile leaves out, why and by whose authority."""

    rule: str
    reason: Words
    authority: str


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector for which a document wants a negative list, and the pack that holds it, if any."""

    label: Words
    pack: str | None


@dataclass(frozen=True, slots=True)
class Sectors:
    """The sectors that a document names, with its place in the document."""

    items: tuple[Sector, ...] = ()
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class CarrierField:
    """A field of a register or card: its heading, and what of the enterprise it shows."""

    label: Words
    shows: Shows


@dataclass(frozen=True, slots=True)
class Carrier:
    """A register, card, board or map that a document asks for; without fields it names none."""

    id: str
    title: Words
    fields: tuple[CarrierField, ...]
    place: Words | None
    citations: tuple[Citation, ...]
    status: Status
    note: Words | None


@dataclass(frozen=True, slots=True)
class Profile:
    """A jurisdiction's way of grading (地方口径)."""

    id: str
    version: str
    title: Words
    grades: Mapping[int, Swatch]
    """By grade, 1 to 4; 1 is the worst."""
    graded_by: tuple[Citation, ...]
    """The clauses that say which grades there are; none where no document does."""
    not_assessed: Swatch
    undecided: Words
    """Template over the names of the mildest (``best``) and the worst grade (``worst``)."""
    basis: Basis
    """The grade that counts."""
    aggregate: Aggregate
    """How the grade of a place follows from those in it."""
    choose: Mapping[str, str]
    """Method → variant of its bands."""
    choose_because: Words | None
    control_levels: Mapping[int, ControlLevel]
    """The highest level that must act on a grade; all below act too."""
    levels: tuple[ControlLevel, ...]
    """The levels of control that there are, the highest first."""
    identify: Listed
    """The aspects by which risks are to be identified."""
    measure_kinds: Listed
    change_triggers: Listed
    """The changes before which risks are to be assessed again."""
    registers: Mapping[str, Carrier]
    cards: Mapping[str, Carrier]
    pruned: tuple[Pruned, ...] = ()
    """The rules that it leaves out."""
    negative_lists: Sectors = Sectors()
    """The sectors for which negative lists are wanted."""
    direct_major: tuple[str, ...] = ()
    """Definitions of a risk point that make it a major risk, whatever its factors and measures."""
    hazard_deadlines: Deadlines = NONE_SET
    """Within how many days each step is taken with a hidden hazard."""
    warnings_raise: Raising = NO_RAISING
    """Which risk grade a live warning of a grade raises its place to."""
    hash: str = ""

    def bands_of(self, method: GradingMethod) -> Bands | None:
        """Return the variant of a method's bands that the profile uses: its choice, or the default.

        None for a method that has no bands.
        """
        chosen = self.choose.get(method.id, method.default_bands)
        return method.bands[chosen] if chosen is not None else None

    def show(self, grade: RiskGrade | None, assessed: bool = True) -> Shown:
        """Return how to show a grade: an open one hatched in the colour of the worst that it may be.

        What was not assessed is neither of the four colours, whatever it may turn out to be.
        """
        if grade is None or (not assessed and grade.level is None):
            return Shown(self.not_assessed, self.not_assessed.name, False)
        worst = self.grades[grade.at_worst]
        if grade.level is not None:
            return Shown(worst, worst.name, False)
        best = self.grades[grade.at_best].name
        names = {"zh": (best.zh, worst.name.zh), "en": (best.get("en"), worst.name.get("en"))}
        zh, en = (
            self.undecided.get(lang).format(best=names[lang][0], worst=names[lang][1])
            for lang in ("zh", "en")
        )
        return Shown(worst, Words(zh, en), True)

    def control_level(self, grade: RiskGrade) -> ControlLevel:
        """Return the highest level that must act; an open grade asks for that of the worst it may be."""
        return self.control_levels[grade.at_worst]

    def acting(self, grade: RiskGrade) -> tuple[ControlLevel, ...]:
        """Return every level that must act on a grade, the highest first, each with its own person."""
        highest = self.control_level(grade)
        return tuple(level for level in self.levels if level >= highest)
