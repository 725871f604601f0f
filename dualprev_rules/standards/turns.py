"""The days on which what rules say may turn, where they ask the day of the assessment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from dualprev_rules.evaluate.solver import Answer, Solver
from dualprev_rules.evaluate.solver.days import months_of, shifts
from dualprev_rules.facts.types import Date
from dualprev_rules.lang.tree import AsOf, Call, Column, Compare, Const, Decide, Get, Node, Param
from dualprev_rules.pack.model import Rule, Ruleset
from dualprev_rules.standards.months import days_of_other_months
from dualprev_rules.standards.reads import MOST_COUNTED, reached

_MOST_DAYS = 8
_FEW = 3
"""Days between two that are all asked about."""
_FAR = 732
"""Days after the last that is said, in which all facts have room."""


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
    """Return the days to come with which rules compare the day of the assessment, and days between these.

    Nothing else turns only where the day itself is compared. Where it is compared with facts, days that are
    said leave room between them for every fact that lies there, and nothing shifts or counts days; where
    facts are shifted by months before, no day is said, and nothing else is shifted or counted.
    """
    nodes = [node for ruleset, rules in sides for node in reached(ruleset, rules)]
    asked = sum(isinstance(node, AsOf) for node in nodes)
    if not asked:
        return Turns((), True)
    beside = [other for node in nodes if isinstance(node, Compare) for other in _beside(node)]
    settled = asked == len(beside) and not any(_says_days(node) for node in nodes)
    every = sorted({day for node in nodes for day in _days(node)})
    now = max(ruleset.as_of for ruleset, _ in sides).toordinal()
    if all(isinstance(other, Const | Param) for other in beside):
        days = sorted({day + more for day in every for more in (0, 1) if day + more > now})
    elif every or not any(shifts(other) for other in beside):
        settled = settled and not (every and any(_moves(node) for node in nodes))
        days, roomy = _between(every, now, _room(nodes))
        settled = settled and roomy
    else:
        shifted = [months for other in beside if (months := months_of(other)) is not None]
        settled = settled and len(shifted) == sum(_moves(node) for node in nodes)
        days = days_of_other_months(sorted(set(shifted)), now, _room(nodes))
    shown = tuple(date.fromordinal(day) for day in days[:_MOST_DAYS])
    return Turns(shown, settled and len(days) <= _MOST_DAYS)


def on_other_days(solver: Solver, rules: Sequence[Rule], ask: Callable[[Solver], Answer]) -> bool:
    """Tell whether what is impossible on the day may be possible on a day to come that rules ask for."""
    turns = turns_of([(solver.ruleset, rules)])
    later = (replace(solver, ruleset=replace(solver.ruleset, as_of=day)) for day in turns.days)
    return not turns.settled or any(ask(of).is_possible is not False for of in later)


def _room(nodes: Sequence[Node]) -> int:
    """Return how many days facts may take up between two days, those of lists included."""
    dates = {(node.of, node.name) for node in nodes if isinstance(node, Get) and isinstance(node.type, Date)}
    return (1 + MOST_COUNTED) * len(dates)


def _between(every: Sequence[int], now: int, room: int) -> tuple[list[int], bool]:
    """Return the days to come that are said and one amid each two, and whether there all facts have room.

    Amid two days that lie far enough apart, facts may lie to each other and to it in every way in which
    they may on another day between the two.
    """
    days = [day for day in every if day > now]
    past = [day for day in every if day <= now]
    roomy = True
    starts = [now, *days] if past and now - past[-1] <= room else days
    for start in starts:
        end = next((day for day in days if day > start), start + _FAR)
        inside = range(start + 1, end)
        if len(inside) <= _FEW:
            days = sorted({*days, *inside})
        else:
            days = sorted({*days, inside[len(inside) // 2]})
            roomy = roomy and (len(inside) - 1) // 2 >= room
    return days, roomy


def _moves(node: Node) -> bool:
    """Tell whether a node shifts or counts days."""
    return shifts(node) or (isinstance(node, Call) and node.function == "days_between")


def _says_days(node: Node) -> bool:
    """Tell whether a node compares days row by row, or has them from rows."""
    match node:
        case Decide(inputs=inputs):
            return any(isinstance(column.node.type, Date) for column in inputs)
        case Column(type=Date()):
            return True
        case _:
            return False


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
