"""Compare the compiled evaluator with the reference: every rule, on every record that it is about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.compiled import Program, code_of
from dualprev_rules.evaluate.compiled.layout import RECORD
from dualprev_rules.evaluate.compiled.rules import UNDETERMINED
from dualprev_rules.facts import Facts


class Compared(NamedTuple):
    """One case: what was found of a rule and a record, and what the reference finds."""

    rule: str
    path: str
    found: int
    wanted: int


def compared(program: Program, facts: Facts) -> Iterator[Compared]:
    """Yield the cases of one set of facts."""
    reference = Reference(program.ruleset, program.functions)
    rows, odd = program.rows(facts)
    for row, rule, code in program.judge(rows, odd, _not_read):
        record: Any = row[RECORD]
        outcome = reference.outcome(rule, record)
        wanted = UNDETERMINED if rule.standing == "guidance" else code_of(outcome)
        yield Compared(rule.id, record.path, code, wanted)


def _not_read(row: Any, record: Any) -> None:
    raise AssertionError(row)
