"""Proofs by z3 over every site there may be: a fifth evaluator of the checked tree.

The question is always asked over fully known facts: each fact that is read has a value within its declared
range, and each list is complete, with up to so many records besides the one asked about. What is found
possible comes with facts, and is only said where the reference, given them, says the same; what is found
impossible is so for lists of that length. Anything else is undecided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dualprev_rules.evaluate.reference import Reference
from dualprev_rules.evaluate.solver.backend import Bit, all_of, any_of, no, z3
from dualprev_rules.evaluate.solver.translate import Translation
from dualprev_rules.evaluate.solver.witness import Document, asked, document
from dualprev_rules.evaluate.solver.world import Ghost, UnsupportedError, World, top_of, ways
from dualprev_rules.facts.reading import Reader
from dualprev_rules.facts.record import Facts, Record
from dualprev_rules.lang.scope import Function
from dualprev_rules.pack.model import Rule, Ruleset

MOST_RECORDS = 3
"""So many records a list holds besides the one asked about, unless told otherwise."""
_SHORT = 1

Where = Callable[[Translation, Ghost], Bit]
"""What is asked of the record, as a condition of the solver."""
Confirms = Callable[[Reference, Record], bool]
"""Whether the reference says so, too."""
Question = tuple[Where, Confirms]


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether there are facts of which something holds."""

    is_possible: bool | None
    """None: undecided."""
    witness: Document | None = None
    """The facts, where it is possible; a record of the entity asked about stands first in each list."""
    path: str = ""
    """The record in the witness."""
    because: str = ""
    """What kept it undecided: ``time``, ``unconfirmed``, or the part that the solver has no form for."""
    over_lists: bool = False
    """Whether lists were asked about, so that it rests on how many records they may hold."""


@dataclass(slots=True)
class Solver:
    """Asks for facts under which rules of a ruleset say something."""

    ruleset: Ruleset
    functions: Mapping[str, Function] = field(default_factory=dict[str, Function])
    records: int = MOST_RECORDS
    milliseconds: int = 2000
    """For each question."""
    witnesses: Counter[bool] = field(default_factory=Counter[bool])
    """How many witnesses the reference confirmed, and how many it did not."""
    model: Any = field(default=None, init=False)
    """The model of the witness that is being confirmed."""
    world: World = field(init=False)
    """The world of that model."""
    _reader: Reader = field(init=False)

    def __post_init__(self) -> None:
        z3()
        self._reader = Reader(self.ruleset.schema)

    def ask(self, entity: str, where: Where, confirms: Confirms) -> Answer:
        """Return whether some record of an entity, wherever it may stand, meets a condition."""
        return self.ask_each(entity, [(where, confirms)])[0]

    def ask_each(self, entity: str, questions: Sequence[Question]) -> list[Answer]:
        """Ask several questions about records of one entity, which share what they have in common.

        Facts are sought with short lists first; what is not possible with these is asked of longer ones.
        """
        short = min(_SHORT, self.records)
        answers = self._ask_each(entity, questions, short)
        # What short lists leave no time for, longer ones do not either.
        left = [
            at
            for at, answer in enumerate(answers)
            if not answer.is_possible and answer.because != "time" and answer.over_lists
        ]
        if left and short < self.records:
            longer = self._ask_each(entity, [questions[at] for at in left], self.records)
            for at, answer in zip(left, longer, strict=True):
                answers[at] = answer
        return answers

    def _ask_each(self, entity: str, questions: Sequence[Question], records: int) -> list[Answer]:
        answers = [Answer(False) for _ in questions]
        seen: set[tuple[Any, ...]] = set()
        climbed: set[str | None] = set()
        for way in ways(self.ruleset.schema, entity):
            above = [name for _, name in way][:-1]
            if self._sees(above, climbed) in seen or all(a.is_possible for a in answers):
                continue
            top = top_of(self.ruleset.schema, entity)
            world = World(self.ruleset.schema, way, records, self.ruleset.as_of, top)
            to = Translation(self.ruleset, world)
            for at, question in enumerate(questions):
                if answers[at].is_possible:
                    continue
                try:
                    answer = self._ask(to, *question)
                except UnsupportedError as part:
                    answer = Answer(None, because=str(part))
                # What is impossible here may have been open, or be possible, elsewhere.
                over = world.listed or answers[at].over_lists
                if answer.is_possible is not False:
                    answers[at] = answer
                answers[at] = replace(answers[at], over_lists=over)
            climbed |= world.climbed
            seen.add(self._sees(above, climbed))
        return answers

    def with_records(self, records: int) -> Solver:
        """Return a solver that lets lists hold so many records, where that is more; it counts on."""
        return replace(self, records=records) if records > self.records else self

    def read(self, answer: Answer) -> tuple[Facts, Record]:
        """Return the facts of a witness, and the record in it that was asked about."""
        assert answer.witness is not None
        facts = self._reader.read(answer.witness, as_of=self.ruleset.as_of)
        return facts, next(record for record in facts.records() if record.path == answer.path)

    @staticmethod
    def _sees(above: list[str], climbed: set[str | None]) -> tuple[Any, ...]:
        """Return what of the records above a condition can tell apart."""
        return tuple(
            (name or "") in above if name is not None else (above[-1] if above else "")
            for name in sorted(climbed, key=str)
        )

    def _ask(self, to: Translation, where: Where, confirms: Confirms) -> Answer:
        world = to.world
        condition = where(to, world.asked)
        if condition is False:
            return Answer(False)
        solver = z3().Solver()
        solver.set("timeout", self.milliseconds)
        bound = [part for part in (*world.bound, *world.checks(), condition) if part is not True]
        if any(part is False for part in bound):
            return Answer(False)
        solver.add(*bound)
        # First what a reader would rather see, then anything at all.
        sure, plain = z3().Bool("sure"), z3().Bool("plain")
        solver.add(any_of(no(sure), all_of(*world.sure)), any_of(no(plain), all_of(*world.plain)))
        found, blocked = "", set[str]()
        for wanted in ([sure, plain], [sure], []):
            if blocked and blocked <= {str(each) for each in wanted}:
                continue
            found = str(solver.check(*wanted))
            if found == "sat":
                answer = self._confirmed(world, solver.model(), confirms)
                if answer is not None:
                    return answer
            elif found == "unsat":
                blocked = {str(each) for each in solver.unsat_core()}
                if not blocked:
                    return Answer(False)
        return Answer(None, because="unconfirmed" if found == "sat" else "time")

    def _confirmed(self, world: World, model: Any, confirms: Confirms) -> Answer | None:
        self.world, self.model = world, model
        facts = document(world, model)
        read = self._reader.read(facts, as_of=self.ruleset.as_of)
        record = asked(world, read)
        if read.problems or not confirms(Reference(self.ruleset, self.functions), record):
            self.witnesses[False] += 1
            return None
        self.witnesses[True] += 1
        return Answer(True, facts, record.path)


def violated(rule: Rule) -> Question:
    """Return the question whether a rule can be violated."""
    return (lambda to, record: to.outcome(rule, record)[1]), _says(rule, "violated")


def kept(rule: Rule) -> Question:
    """Return the question whether a rule can be complied with, or not apply."""
    return (lambda to, record: no(to.outcome(rule, record)[1])), _says(rule, "compliant", "not_applicable")


def complied(rule: Rule) -> Question:
    """Return the question whether a rule can apply and not be violated; a proven exception counts."""
    codes = ("compliant", "not_applicable") if rule.unless is not None else ("compliant",)

    def where(to: Translation, record: Ghost) -> Bit:
        applies, violated = to.outcome(rule, record)
        return all_of(applies, no(violated))

    return where, _says(rule, *codes)


def applicable(rule: Rule) -> Question:
    """Return the question whether a rule can apply."""
    return (lambda to, record: to.outcome(rule, record)[0]), _says(rule, "compliant", "violated")


def violated_alone(rule: Rule, other: Rule) -> Question:
    """Return the question whether a rule can be violated where another, of it or of one above, is not."""
    alone, without = _says(rule, "violated"), _says(other, "compliant", "not_applicable")

    def where(to: Translation, record: Ghost) -> Bit:
        return all_of(to.outcome(rule, record)[1], no(_outcome(to, other, record)[1]))

    def confirms(reference: Reference, record: Record) -> bool:
        return alone(reference, record) and (_about(other, record) is None or without(reference, record))

    return where, confirms


def kept_beside(kept: Sequence[Rule], *beside: Rule) -> Question:
    """Return the question whether rules can apply and be kept where others apply.

    Each is about the record asked about, or one above it.
    """
    confirms = [_says(rule, "compliant") for rule in kept]
    confirms += [_says(rule, "compliant", "violated") for rule in beside]

    def where(to: Translation, record: Ghost) -> Bit:
        said = [_outcome(to, rule, record) for rule in kept]
        beside_them = [_outcome(to, rule, record)[0] for rule in beside]
        return all_of(*beside_them, *(all_of(applies, no(violated)) for applies, violated in said))

    return where, lambda reference, record: all(says(reference, record) for says in confirms)


def _outcome(to: Translation, rule: Rule, record: Ghost) -> tuple[Bit, Bit]:
    """Return what a rule says of the record asked about, or of the one above it that it is about."""
    if rule.entity == record.entity.name:
        return to.outcome(rule, record)
    to.world.climbed.add(rule.entity)
    about = record.above(rule.entity)
    return to.outcome(rule, about) if about is not None else (False, False)


def _about(rule: Rule, record: Record) -> Record | None:
    return record if rule.entity == record.entity.name else record.ancestor(rule.entity)


def _says(rule: Rule, *codes: str) -> Confirms:
    def says(reference: Reference, record: Record) -> bool:
        about = _about(rule, record)
        return about is not None and reference.outcome(rule, about).code in codes

    return says


__all__ = [
    "MOST_RECORDS",
    "Answer",
    "Confirms",
    "Question",
    "Solver",
    "Translation",
    "Where",
    "applicable",
    "complied",
    "kept",
    "kept_beside",
    "violated",
    "violated_alone",
]
