"""Compare the compiled evaluator with the reference: every rule, on every record that it is about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.compiled import Case, Program, code_of, outcomes
from dualprev_rules.evaluate.compiled.groups import UNDETERMINED
from dualprev_rules.evaluate.compiled.layout import RECORD
from dualprev_rules.facts import Facts, Record
from dualprev_rules.pack.model import Rule


class Compared(NamedTuple):
    """One case: what was found of a rule and a record, and what the reference finds."""

    rule: str
    path: str
    found: int
    wanted: int


def compared(program: Program, facts: Facts) -> Iterator[Compared]:
    """Yield the cases of one set of facts, those of records that a list may yet hold included."""
    yield from against(program, facts, program.judge(*program.rows(facts)))


def against(program: Program, facts: Facts, case: Case) -> Iterator[Compared]:
    """Yield what a judged case found beside what the reference finds on the same facts."""
    reference = Reference(program.ruleset, program.functions)
    records = [record for record in facts.records() if record.entity.name in program.by_entity]
    for out, phantom in ((case, False), (case.open, True)):
        pairs = (
            (record, rule)
            for record in records
            if record.phantom is phantom
            for rule in program.by_entity[record.entity.name]
        )
        for (record, rule), (row, same, code) in zip(pairs, outcomes(case, out), strict=True):
            assert rule is same
            assert phantom or row[RECORD] in (None, record)
            yield Compared(rule.id, record.path, code, wanted(reference, rule, record))


def wanted(reference: Reference, rule: Rule, record: Record) -> int:
    if rule.standing == "guidance":
        return UNDETERMINED
    return code_of(reference.outcome(rule, record))
