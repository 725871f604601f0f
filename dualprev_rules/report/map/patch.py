"""How a grade is drawn: a fill, and beside it a sign and words, so that colour is never all that tells."""

from __future__ import annotations

from dataclasses import dataclass

from dualprev_rules.problems import Words
from dualprev_rules.risk.grades import RiskGrade
from dualprev_rules.risk.point import RiskPoint
from dualprev_rules.risk.profile import Basis, Profile

BASES: tuple[Basis, ...] = ("residual", "inherent")


@dataclass(frozen=True, slots=True)
class Patch:
    """How a grade is drawn: a fill, the ink upon it, and the words that stand beside the colour."""

    key: str
    """``g1`` to ``g4``, hatched ``h1`` to ``h4``, ``none`` for what was not assessed."""
    fill: str
    ink: str
    label: Words
    sign: str
    """What stands in the zone itself: the number of the grade, or a question mark."""


def patch(profile: Profile, grade: RiskGrade | None) -> Patch:
    """Return how a grade is drawn: grey where there is none."""
    shown = profile.show(grade)
    if grade is None:
        return Patch("none", shown.swatch.hex, shown.swatch.ink, shown.label, "–")
    if grade.level is None:
        key = f"h{grade.at_worst}"
        return Patch(key, f"url(#{key})", shown.swatch.ink, shown.label, f"{grade.at_worst}?")
    return Patch(f"g{grade.level}", shown.swatch.hex, shown.swatch.ink, shown.label, str(grade.level))


def patch_of(point: RiskPoint, profile: Profile, basis: Basis) -> Patch:
    """Return how a risk point is drawn."""
    return patch(profile, point.grade(basis) if point.assessed(basis) else None)
