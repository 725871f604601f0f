"""The grade of an accident: the worst that its deaths, serious injuries or direct loss reach."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache

from dualprev_rules.problems import Words
from dualprev_rules.risk.taxonomies.taxonomy import read_data

Figure = int | Fraction | Decimal


@dataclass(frozen=True, slots=True)
class AccidentGrade:
    """A grade (1 is the worst) and the least figures that make it; a figure is included (以上)."""

    grade: int
    title: Words
    deaths: int
    serious_injuries: int
    """Acute industrial poisoning counts as one."""
    direct_loss: int
    """In yuan."""

    def reached(self, deaths: Figure, serious_injuries: Figure, direct_loss: Figure) -> bool:
        """Tell whether one of the figures reaches it."""
        return (
            deaths >= self.deaths
            or serious_injuries >= self.serious_injuries
            or direct_loss >= self.direct_loss
        )


@cache
def _grades() -> tuple[AccidentGrade, ...]:
    return tuple(
        AccidentGrade(
            int(entry["grade"]),
            Words(entry["zh"], entry["en"]),
            int(entry["deaths"]),
            int(entry["serious_injuries"]),
            int(entry["direct_loss_yuan"]),
        )
        for entry in read_data("accident_grades.yaml")["grades"]
    )


def accident_grades(
    *, deaths: Figure | None, serious_injuries: Figure | None, direct_loss: Figure | None
) -> tuple[AccidentGrade, ...]:
    """Return the grades that an accident may have, the worst first; one where the figures decide it.

    ``direct_loss`` is in yuan. A figure that is not known is None, never 0: every grade that it may
    still make is returned. Raises ValueError for a figure below 0.

    >>> [grade.grade for grade in accident_grades(deaths=30, serious_injuries=None, direct_loss=None)]
    [1]
    >>> [grade.grade for grade in accident_grades(deaths=3, serious_injuries=None, direct_loss=0)]
    [1, 2, 3]
    """
    figures = (deaths, serious_injuries, direct_loss)
    for figure in figures:
        if figure is not None and (isinstance(figure, bool) or figure < 0):
            raise ValueError(f"{figure!r} is no figure of an accident")
    least = [figure if figure is not None else 0 for figure in figures]
    surely = next(grade for grade in _grades() if grade.reached(*least))
    if None not in figures:
        return (surely,)
    return tuple(grade for grade in _grades() if grade.grade <= surely.grade)
