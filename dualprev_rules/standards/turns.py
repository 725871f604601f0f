"""The days on which what rules say may turn, where they ask the day of the assessment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from dualprev_rules.evaluate.solver import Answer
from dualprev_rules.facts.types import Date
from dualprev_rules.lang.tree import AsOf, Call, Compare, Const, Node, Param, walk
from dualprev_rules.pack.model import Rule, Ruleset
from dualprev_rules.standards.reads import reached

_MOST_DAYS = 8


@dataclass(frozen=True, slots=True)
class Turns:
    """Days to come, and whether nothing turns on any other."""

    days: tuple[date, ...]
    settled: bool

    def said(self, answer: Answer) -> Answer:
        """Return an answer, undecided where it says that nothing is possible and there are other days."""
        if self.settled or answer.is_possible is not False:
            return answer
        return replace(answer, is_possible=None, because="day")


def turns_of(sides: Sequence[tuple[Ruleset, Sequence[Rule]]]) -> Turns:
    """Return the days to come, and those after them, with which rules compare the day of the assessment.

    Nothing else turns only where the day itself is compared, with a day or with a fact; and where a
    function of facts is compared, no day stands beside it.
    """
    nodes = [node for ruleset, rules in sides for node in reached(ruleset, rules)]
    asked = sum(isinstance(node, AsOf) for node in nodes)
    if not asked:
        return Turns((), True)
    beside = [other for node in nodes if isinstance(node, Compare) for other in _beside(node)]
    settled = asked == len(beside)
    every = {day for node in nodes for day in _days(node)}
    if any(isinstance(part, Call) for other in beside for part in walk(other)):
        settled = settled and not every
    now = max(ruleset.as_of for ruleset, _ in sides).toordinal()
    days = sorted({day + more for day in every for more in (0, 1) if day + more > now})
    shown = tuple(date.fromordinal(day) for day in days[:_MOST_DAYS])
    return Turns(shown, settled and len(days) <= _MOST_DAYS)


def _beside(node: Compare) -> list[Node]:
    """Return with what a comparison compares the day, where it does plainly."""
    match node.left, node.right:
        case (AsOf(), other) | (other, AsOf()):
            return [other]
        case _:
            return []


def _days(node: Node) -> list[int]:
    match node:
        case Const(type=Date(), value=Fraction() as value) | Param(type=Date(), value=Fraction() as value):
            return [int(value)]
        case _:
            return []
