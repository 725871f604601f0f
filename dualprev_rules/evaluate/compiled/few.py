"""Judge a few rows without making code for them: what is judged once costs less than a function would.

Rules are judged by the closures of ``exact`` until so many records of an entity were seen that a function
made for them pays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from dualprev_rules.evaluate.compiled.groups import (
    COMPLIANT,
    HARMLESS,
    MOST_RULES,
    NOT_APPLICABLE,
    PRESUMED,
    UNDETERMINED,
    VIOLATED,
    group,
)
from dualprev_rules.evaluate.compiled.layout import ENTITY, Row
from dualprev_rules.evaluate.compiled.rules import judge
from dualprev_rules.evaluate.compiled.runtime import Case
from dualprev_rules.pack.model import Rule

if TYPE_CHECKING:
    from dualprev_rules.evaluate.compiled.program import Program

Judge = Callable[[Row, Case, list[Any]], None]
Outcome = Callable[[Case, Row], int]
FEW = 16
"""How many records of an entity are judged before a function is made for them."""


class Judges(dict[str, Judge]):
    """What judges a record and all under it, by entity, made when first needed."""

    def __init__(self, program: Program, few: int) -> None:
        super().__init__()
        self._program = program
        self._few = few

    def __missing__(self, entity: str) -> Judge:
        made: Judge = FirstRows(self._program, entity, self._few) if self._few else self.compiled(entity)
        self[entity] = made
        return made

    def compiled(self, entity: str) -> Judge:
        """Return the function made for an entity."""
        made = self[entity] = judge(self._program, entity, self._program.by_entity.get(entity, ()))
        return made


class FirstRows:
    """Judges the first few records of an entity, and hands the others to the function made for them."""

    def __init__(self, program: Program, entity: str, few: int) -> None:
        self._program = program
        self._entity = entity
        self._left = few
        rules = program.by_entity.get(entity, ())
        parts = [rules[at : at + MOST_RULES] for at in range(0, len(rules), MOST_RULES)]
        self._groups = [(group(part, first=not at), self._outcomes(part)) for at, part in enumerate(parts)]

    def __call__(self, row: Row, case: Case, out: list[Any]) -> None:
        """Append the outcomes of a record, and of those under it."""
        judges = self._program.judges
        if self._left <= 0:
            # A list that is being gone through still holds this one.
            then = judges[self._entity]
            (judges.compiled(self._entity) if then is self else then)(row, case, out)
            return
        self._left -= 1
        for of, outcomes in self._groups:
            out += (row, of, tuple([outcome(case, row) for outcome in outcomes]))
        for slot, attribute in self._program.below[row[ENTITY]]:
            held = row[slot]
            if held.__class__ is list:
                for child in held:
                    judges[child[ENTITY]](child, case, out)
            else:
                case.rest(row, slot, attribute, out)

    def _outcomes(self, rules: Sequence[Rule]) -> list[Outcome]:
        return [self._program.outcome(rule) for rule in rules]


def outcome(program: Program, rule: Rule) -> Outcome:
    """Return the closure of a rule's outcome code (semantics, *Classifications and rules*)."""
    if rule.standing == "guidance":
        return lambda case, row: UNDETERMINED
    truth = program.exact.truth
    applies = truth([part for part in (rule.dated, rule.applies) if part is not None])
    violated = truth([rule.violated])
    unless = truth([rule.unless]) if rule.unless is not None else None

    def run(case: Case, row: Row) -> int:
        env = {"self": row}
        applied = applies(case, env)
        if applied is False:
            return NOT_APPLICABLE
        broken = violated(case, env)
        if broken is False:
            return COMPLIANT if applied else HARMLESS
        excused = False if unless is None else unless(case, env)
        if excused:
            return NOT_APPLICABLE if broken else HARMLESS
        if not broken or not applied:
            return UNDETERMINED
        return VIOLATED if excused is False else PRESUMED

    return run
