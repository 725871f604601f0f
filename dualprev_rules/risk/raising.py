"""Whether an open live warning raises the risk grade of its place, by a profile; none does by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dualprev_rules.pack.model import Citation
from dualprev_rules.problems import Problem, Words, problem
from dualprev_rules.risk.grades import GRADES

if TYPE_CHECKING:
    from dualprev_rules.pack.spec.profiles import RaisingSpec


@dataclass(frozen=True, slots=True)
class Raising:
    """The risk grade that a place has at least while a warning is open there."""

    grades: Mapping[int, int] = field(default_factory=dict[int, int])
    """Grade of the warning → risk grade; nothing where no profile says so."""
    because: Words | None = None
    citations: tuple[Citation, ...] = ()

    def of(self, warning: int | None) -> int | None:
        """Return the risk grade that a warning of a grade raises to; None where it raises none."""
        return self.grades.get(warning) if warning is not None else None


NO_RAISING = Raising()


def raising_of(
    specs: Sequence[RaisingSpec], citations: tuple[Citation, ...], problems: list[Problem]
) -> Raising:
    """Return what a chain of profiles says, the nearest last; what is wrong is added to ``problems``.

    Who extends a profile may only raise further: the worse of two grades counts.
    """
    grades: dict[int, int] = {}
    known = {str(grade): grade for grade in GRADES}
    for spec in specs:
        if spec.because is None and not spec.cite:
            problems.append(problem("risk.raising-unfounded", place=spec.at()))
        for warning, grade in spec.grades.items():
            wrong = [each for each in (warning, grade) if each not in known]
            if wrong:
                problems.append(problem("risk.profile-grade", place=spec.at("grades"), given=wrong[0]))
            else:
                of = known[warning]
                grades[of] = min(known[grade], grades.get(of, known[grade]))
    return Raising(dict(sorted(grades.items())), specs[-1].because if specs else None, citations)
