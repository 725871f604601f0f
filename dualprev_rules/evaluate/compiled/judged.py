"""Facts with their rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dualprev_rules.evaluate.compiled.layout import Odd, Row
from dualprev_rules.evaluate.compiled.plainly import Plain
from dualprev_rules.evaluate.compiled.program import Program
from dualprev_rules.evaluate.compiled.runtime import Case
from dualprev_rules.facts.record import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFacts(Facts):
    """Facts as the ordinary reader reads them, and the same as rows."""

    rows: list[Row]
    odd: Odd
    plain: Plain | None
    """The same as a function of their shape judges them; None where they have none."""


def judge_known(facts: Facts) -> list[Any] | None:
    """Return the outcome codes of facts that a function of their shape judges; None of any other."""
    plain = facts.plain if type(facts) is ReadFacts else None
    return None if plain is None else plain[0](plain[1])


def judge(program: Program, facts: Facts) -> Case:
    """Return the outcome codes of facts that were read."""
    if isinstance(facts, ReadFacts):
        return program.judge(facts.rows, facts.odd)
    return program.judge(*program.rows(facts))


def with_rows(program: Program, facts: Facts) -> ReadFacts:
    """Return facts with their rows."""
    rows, odd = program.rows(facts)
    read = (facts.schema, facts.roots, facts.problems, facts.notes, facts.source)
    return ReadFacts(*read, rows=rows, odd=odd, plain=None if odd else program.plainly.facts(rows))
