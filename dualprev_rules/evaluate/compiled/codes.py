"""Outcome codes of one assessment: a group of rules and its codes for each row, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dualprev_rules.evaluate.compiled.layout import ENTITY, GIVEN, PHANTOM, Odd, Row
from dualprev_rules.evaluate.compiled.rules import (
    COMPLIANT,
    HARMLESS,
    NOT_APPLICABLE,
    PRESUMED,
    UNDETERMINED,
    VIOLATED,
    Group,
)
from dualprev_rules.evaluate.outcome import Outcome
from dualprev_rules.pack.model import Rule

if TYPE_CHECKING:
    from dualprev_rules.evaluate.compiled.program import Program
    from dualprev_rules.evaluate.compiled.runtime import Case


class Codes:
    """What was found: ``out`` holds a row, a group and the codes of its rules, one after the other.

    A rule that stands in no group of a row does not apply to it.
    """

    def __init__(self, program: Program, out: list[Any]) -> None:
        self._program = program
        self._out = out

    def __iter__(self) -> Iterator[tuple[Row, Rule, int]]:
        """Yield the row, rule and code of every outcome, those of groups that do not apply included."""
        seen: dict[int, tuple[Row, dict[str, int]]] = {}
        for row, group, codes in self._parts():
            found = seen.setdefault(id(row), (row, {}))[1]
            found |= zip((rule.id for rule in group.rules), codes, strict=True)
        for row, found in seen.values():
            for rule in self._program.by_entity.get(row[ENTITY], ()):
                yield row, rule, found.get(rule.id, NOT_APPLICABLE)

    def _parts(self) -> Iterator[tuple[Row, Group, tuple[int, ...]]]:
        out = self._out
        return zip(out[::3], out[1::3], out[2::3], strict=True)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many there are, by the names that ``Result.counts`` has."""
        numbers = [0] * 6
        total = judged = major = 0
        seen: Row | None = None
        for row, group, codes in self._parts():
            phantom = row[GIVEN] is PHANTOM
            if row is not seen and not phantom:
                seen = row
                total += len(self._program.by_entity.get(row[ENTITY], ()))
            for code in (UNDETERMINED, PRESUMED, HARMLESS):
                numbers[code] += codes.count(code)
            if phantom:
                continue
            judged += len(codes)
            for code in (NOT_APPLICABLE, COMPLIANT, VIOLATED):
                numbers[code] += codes.count(code)
            major += sum(codes[position] == VIOLATED for position in group.major)
        return {
            "violated": numbers[VIOLATED],
            "presumed": numbers[PRESUMED],
            "undetermined": numbers[UNDETERMINED] + numbers[PRESUMED] + numbers[HARMLESS],
            "harmless": numbers[HARMLESS],
            "compliant": numbers[COMPLIANT],
            "not_applicable": numbers[NOT_APPLICABLE] + total - judged,
            "major": major,
        }

    @property
    def violated(self) -> int:
        """How many are violated."""
        out = self._out
        if len(out) == 3:
            return out[2].count(VIOLATED) if out[0][GIVEN] is not PHANTOM else 0
        return self.counts["violated"]

    def ask(self, case: Case, odd: Odd) -> None:
        """Put the reference's outcomes in the place of those that rest on facts that rows cannot hold."""
        out = self._out
        touches = self._program.touches
        for index in range(0, len(out), 3):
            row, group, codes = out[index : index + 3]
            asked = [i for i, rule in enumerate(group.rules) if touches(rule) & odd]
            if asked:
                record = case.record(row)
                changed = list(codes)
                for i in asked:
                    rule = group.rules[i]
                    if rule.standing != "guidance":
                        changed[i] = code_of(case.reference.outcome(rule, record))
                out[index + 2] = tuple(changed)


def code_of(outcome: Outcome) -> int:
    """Return the code of an outcome."""
    match outcome.code:
        case "violated":
            return VIOLATED
        case "compliant":
            return COMPLIANT
        case "not_applicable":
            return NOT_APPLICABLE
        case _:
            return PRESUMED if outcome.presumed else HARMLESS if outcome.harmless else UNDETERMINED
