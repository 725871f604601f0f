"""Facts with their rows, judged when that is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dualprev_rules.evaluate.compiled.layout import Odd, Row
from dualprev_rules.evaluate.compiled.program import Program
from dualprev_rules.evaluate.compiled.runtime import Case
from dualprev_rules.facts.record import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFacts(Facts):
    """Facts as the ordinary reader reads them, and the same as rows."""

    rows: list[Row]
    odd: Odd


class Judged:
    """Facts and their case: each made from the other when first needed.

    Plain input is judged from its rows; the ordinary reader reads it only if somebody looks at a record.
    """

    __slots__ = ("_case", "_facts", "_read", "program")

    def __init__(
        self,
        program: Program,
        facts: Facts | None,
        case: Case | None = None,
        read: Callable[[Any], Facts] | None = None,
    ) -> None:
        self.program = program
        self._facts = facts
        self._case = case
        self._read = read

    @property
    def facts(self) -> Facts:
        """The facts as they were read."""
        if self._facts is None:
            assert self._read is not None
            assert self._case is not None
            self._facts = self._read(self.program.given(self._case.rows))
        return self._facts

    @property
    def case(self) -> Case:
        """The outcome codes."""
        if self._case is None:
            facts = self._facts
            assert facts is not None
            if isinstance(facts, ReadFacts):
                self._case = self.program.judge(facts.rows, facts.odd)
            else:
                self._case = self.program.judge(*self.program.rows(facts))
        return self._case


def with_rows(program: Program, facts: Facts) -> ReadFacts:
    """Return facts with their rows."""
    rows, odd = program.rows(facts)
    read = (facts.schema, facts.roots, facts.problems, facts.notes, facts.source)
    return ReadFacts(*read, rows=rows, odd=odd)
