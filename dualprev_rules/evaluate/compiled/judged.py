"""Facts with their rows."""

from __future__ import annotations

from dataclasses import dataclass

from dualprev_rules.evaluate.compiled.layout import Odd, Row
from dualprev_rules.evaluate.compiled.program import Program
from dualprev_rules.evaluate.compiled.runtime import Case
from dualprev_rules.facts.record import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFacts(Facts):
    """Facts as the ordinary reader reads them, and the same as rows."""

    rows: list[Row]
    odd: Odd


def judge(program: Program, facts: Facts) -> Case:
    """Return the outcome codes of facts that were read."""
    if isinstance(facts, ReadFacts):
        return program.judge(facts.rows, facts.odd)
    return program.judge(*program.rows(facts))


def with_rows(program: Program, facts: Facts) -> ReadFacts:
    """Return facts with their rows."""
    rows, odd = program.rows(facts)
    read = (facts.schema, facts.roots, facts.problems, facts.notes, facts.source)
    return ReadFacts(*read, rows=rows, odd=odd)
