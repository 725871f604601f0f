"""How long a hidden hazard may wait for its next step, by a profile; nothing where nobody has said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from dualprev_rules.pack.model import Citation
from dualprev_rules.problems import Problem, Words, problem
from dualprev_rules.risk.hidden_hazard import HazardGrade

if TYPE_CHECKING:
    from dualprev_rules.pack.spec.profiles import DeadlinesSpec

Step = Literal["confirm", "assign", "rectify", "review", "report", "close_off"]


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Days until a step is late, by grade and step. Whoever extends a profile may only shorten them.

    Treatment has the deadline of its assignment: those of ``rectify`` bound it, from when the hidden hazard
    is known.
    """

    days: Mapping[tuple[HazardGrade, Step], int] = field(default_factory=dict[tuple[HazardGrade, Step], int])
    because: Words | None = None
    citations: tuple[Citation, ...] = ()

    def of(self, grade: HazardGrade, step: Step) -> int | None:
        """Return the days within which a step is taken; None where none are set."""
        return self.days.get((grade, step))


NONE_SET = Deadlines()


def deadlines_of(
    specs: Sequence[DeadlinesSpec], citations: tuple[Citation, ...], problems: list[Problem]
) -> Deadlines:
    """Return the days of a chain of profiles, the nearest last; what is wrong is added to ``problems``."""
    days: dict[tuple[HazardGrade, Step], int] = {}
    for spec in specs:
        if spec.because is None and not spec.cite:
            problems.append(problem("risk.deadlines-unfounded", place=spec.at()))
        for grade in get_args(HazardGrade):
            for step in get_args(Step):
                given = getattr(getattr(spec, grade), step, None)
                if given is None:
                    continue
                held = days.get((grade, step), given)
                if given > held and spec.weakens is None:
                    place = getattr(spec, grade).at(step)
                    problems.append(
                        problem("risk.deadline-later", place=place, given=str(given), wanted=str(held))
                    )
                days[grade, step] = given
    return Deadlines(days, specs[-1].because if specs else None, citations)
