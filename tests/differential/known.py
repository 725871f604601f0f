"""Compare what is found without rows, of facts that are known throughout, with the reference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.compiled import Program
from dualprev_rules.evaluate.compiled.layout import point
from dualprev_rules.evaluate.compiled.plainly import REST
from dualprev_rules.evaluate.compiled.shapes import OFTEN
from dualprev_rules.facts import Facts, Record
from tests.differential.compare import Compared, wanted
from tests.property.knowledge import Knowledge


def without_rows(program: Program, document: Any, facts: Facts) -> Iterator[Compared]:
    """Yield the cases of a document, judged as it is read, and of the same facts, read before.

    None are yielded of what the functions made for its shape give up on, or where there are none.
    """
    for _ in range(OFTEN + REST):
        program.assess(document)
    alone = program.plainly.judge(document)
    if alone is not None:
        yield from _against(program, facts, alone[0])
    rows, odd = program.rows(facts)
    if not odd:
        plain = None
        for _ in range(OFTEN + 1):
            plain = program.plainly.facts(rows)
        if plain is not None:
            run, compact = plain
            found = run(compact)
            if found is not None:
                yield from _against(program, facts, found)


def _against(program: Program, facts: Facts, out: list[Any]) -> Iterator[Compared]:
    """Yield what was found beside what the reference finds: records of an entity stand in their order."""
    reference = Reference(program.ruleset, program.functions)
    records: dict[str, list[Record]] = {entity: [] for entity in program.by_entity}
    for record in facts.records():
        if record.entity.name in records and not record.phantom:
            records[record.entity.name].append(record)
    heads = list(zip(out[::3], out[1::3], out[2::3], strict=True))
    for entity, of in records.items():
        found = [(group, bits) for head, group, bits in heads if head[0] == entity]
        for record, (group, bits) in zip(of, found, strict=True):
            assert {rule.id for rule in group.rules} == {rule.id for rule in program.by_entity[entity]}
            for rule, code in zip(group.rules, group.codes(bits), strict=True):
                yield Compared(rule.id, record.path, code, wanted(reference, rule, record))


def as_sent(knowledge: Knowledge) -> dict[str, Any]:
    """Return facts as a program sends them: figures as numbers, where they have such a form."""
    found = knowledge.document()
    for name, known in knowledge.facts.items():
        if name not in found:
            continue
        if known.attr.kind == "list" and known.complete:
            found[name] = [as_sent(each) for each in known.items]
        elif known.attr.kind in ("number", "whole") and known.form == "value":
            held = point((known.possible or ())[0])
            found[name] = found[name] if held is None else held
    return found
