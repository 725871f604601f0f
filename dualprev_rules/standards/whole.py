"""Two sides as wholes: whatever violates a rule of one violates some rule of the other, too.

A rule of one side that several of the other stand for together is covered by them. Only rules that read
one of its facts can stand for it: those about the same record, and about the records above it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.solver import Answer, Question, Solver, Translation
from dualprev_rules.evaluate.solver.backend import Bit, all_of, no
from dualprev_rules.evaluate.solver.world import Ghost
from dualprev_rules.facts.record import Facts, Record
from dualprev_rules.pack.model import Rule, Ruleset
from dualprev_rules.problems import Problem
from dualprev_rules.standards.beside import weaker_beside
from dualprev_rules.standards.reads import (
    MOST_COUNTED,
    above,
    longest_list,
    open_beyond,
    read_by_rules,
    rests_on_length,
)
from dualprev_rules.standards.turns import turns_of


@dataclass(frozen=True, slots=True)
class Covered:
    """A rule, those of the other side that may stand for it, and whether they always do."""

    rule: Rule
    by: tuple[str, ...]
    escape: Answer
    """Facts that violate the rule and nothing of the other side that reads its facts."""
    day: date | None = None
    """The day of that, where it is not that of the comparison."""
    beside: tuple[Problem, ...] = ()
    """In what those that would stand for it are weaker beside what violates them."""

    @property
    def holds(self) -> bool | None:
        """Whether the other side is violated whenever the rule is; None: undecided."""
        return None if self.escape.is_possible is None else not self.escape.is_possible


def covered(
    of: Ruleset,
    rules: Collection[Rule],
    by: Ruleset,
    others: Collection[Rule],
    solver: Solver,
    *,
    weighed: bool = False,
) -> list[Covered]:
    """Return for each rule of one side whether the rules of the other side stand for it.

    Where they are ``weighed``, none stands for it that is weaker beside what violates it: it is undecided
    where it takes such a one.
    """
    reads = {other.id: read_by_rules(by, [other]) for other in others}
    found: list[Covered] = []
    for rule in rules:
        read = read_by_rules(of, [rule])
        over = above(of, rule.entity)
        every = [other for other in others if reads[other.id] & read]
        near = [other for other in every if other.entity == rule.entity or other.entity in over]
        answer, on = _escape(of, rule, by, near, every, solver)
        beside: tuple[Problem, ...] = ()
        if weighed and answer.is_possible is False:
            faults = {other.id: tuple(weaker_beside(by, other, of, rule)) for other in near}
            equals = [other for other in near if not faults[other.id]]
            if len(equals) < len(near):
                without, _ = _escape(of, rule, by, equals, equals, solver)
                if without.is_possible is not False:
                    answer = replace(answer, is_possible=None, because="beside")
                    beside = tuple(fault for of_one in faults.values() for fault in of_one)
        found.append(Covered(rule, tuple(each.id for each in near), answer, on, beside))
    return found


def _escape(
    of: Ruleset, rule: Rule, by: Ruleset, near: Sequence[Rule], every: Sequence[Rule], solver: Solver
) -> tuple[Answer, date | None]:
    """Return facts that violate a rule and none of others, and the day where it is another."""
    longest = longest_list((of, [rule]), (by, near))
    at = solver.with_records(min(longest, MOST_COUNTED))
    answer, on = _asked(at, of, rule, by, near, every), None
    turns = turns_of([(of, [rule]), (by, near)])
    for day in turns.days:
        if answer.is_possible:
            break
        now = replace(of, as_of=day)
        beside = now if by is of else replace(by, as_of=day)
        more = _asked(replace(at, ruleset=now), now, rule, beside, near, every)
        if more.is_possible is not False:
            answer, on = more, day
    answer = turns.said(answer)
    if longest > MOST_COUNTED or rests_on_length(of, [rule]) or rests_on_length(by, near):
        answer = open_beyond(answer)
    return answer, on


def _asked(
    at: Solver, of: Ruleset, rule: Rule, by: Ruleset, near: Sequence[Rule], every: Sequence[Rule]
) -> Answer:
    answer = at.ask(rule.entity, *_escapes(of, rule, by, near, every))
    if answer.because != "unconfirmed":
        return answer
    # What may rest on a row that there is not, is asked again so that it does not.
    return at.ask(rule.entity, *_escapes(of, rule, by, near, every, surely=True))


def _site(record: Record, ruleset: Ruleset) -> Iterator[Record]:
    """Return every record of the site in which a record stands."""
    while record.parent is not None:
        record = record.parent
    return (each for each in Facts(ruleset.schema, (record,)).records() if not each.phantom)


def _escapes(
    of: Ruleset,
    rule: Rule,
    by: Ruleset,
    others: Sequence[Rule],
    every: Sequence[Rule],
    *,
    surely: bool = False,
) -> Question:
    """Return the question whether a rule can be violated where none of the others is.

    It is confirmed where ``every`` rule that reads one of its facts is kept in all of the site.
    """

    def where(to: Translation, record: Ghost) -> Bit:
        here = to if of is to.ruleset else Translation(of, to.world)
        there = to if by is to.ruleset else Translation(by, to.world)
        kept: list[Bit] = []
        for other in others:
            about = record if other.entity == rule.entity else record.above(other.entity)
            if other.entity != rule.entity:
                to.world.climbed.add(other.entity)
            if about is not None:
                kept.append(no(there.outcome(other, about)[1]))
        breach = here.outcome(rule, record)[1]
        return all_of(to.world.surely(breach) if surely else breach, *kept)

    def confirms(reference: Reference, record: Record) -> bool:
        here, there = Reference(of, reference.functions), Reference(by, reference.functions)
        if here.outcome(rule, record).code != "violated":
            return False
        return not any(
            other.entity == each.entity.name and there.outcome(other, each).code == "violated"
            for each in _site(record, by)
            for other in every
        )

    return where, confirms
