"""Compare columns with the reference: every rule, on every record of the rows of a frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import polars as pl

from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.columns import NAMES, Codes, cell_codes, judge, shape_of
from dualprev_rules.evaluate.columns.codes import UNDETERMINED, code_of_outcome
from dualprev_rules.evaluate.compiled import FEW, Program, outcomes
from dualprev_rules.evaluate.compiled import judge as judge_facts
from dualprev_rules.evaluate.compiled.groups import CODES
from dualprev_rules.evaluate.compiled.layout import RECORD
from dualprev_rules.facts import Facts, Record, read_facts
from dualprev_rules.facts.plan import Plans
from dualprev_rules.facts.reading import Lists
from dualprev_rules.pack.model import Rule, Ruleset


class Compared(NamedTuple):
    """One cell: what columns, the compiled evaluator and the reference find of a rule and a record."""

    row: int
    place: str
    rule: str
    found: str
    compiled: str
    wanted: str


def by_entity(ruleset: Ruleset) -> dict[str, tuple[Rule, ...]]:
    """Return the rules that are judged."""
    found: dict[str, tuple[Rule, ...]] = {}
    for rule in ruleset.rules.values():
        if rule.standing != "covered":
            found[rule.entity] = (*found.get(rule.entity, ()), rule)
    return found


def judged(
    frame: pl.DataFrame, ruleset: Ruleset, *, lists: Lists = "assumed", entity: str = "enterprise"
) -> Codes:
    """Judge a frame by columns."""
    plans = Plans(ruleset.schema)
    faults: list[Any] = []
    shape = shape_of(dict(frame.schema), plans[entity], plans, "", faults)
    assert not faults, [str(fault) for fault in faults]

    program = Program(ruleset, {}, FEW)

    def exactly(document: dict[str, Any], cells: Any) -> list[int]:
        given = {entity: document}
        rows = program.read(given) if lists == "assumed" else None
        if rows is None:
            return cell_codes(
                program, read_facts(given, ruleset.schema, as_of=ruleset.as_of, lists=lists), cells
            )
        return cell_codes(program, rows, cells)

    return judge(frame, shape, ruleset, by_entity(ruleset), exactly, stated=lists == "stated")


def compared(
    frame: pl.DataFrame,
    documents: list[dict[str, Any]],
    ruleset: Ruleset,
    codes: Codes,
    *,
    lists: Lists = "assumed",
    entity: str = "enterprise",
) -> Iterator[Compared]:
    """Yield every cell; ``documents`` are the rows as the reference is to read them."""
    rules = by_entity(ruleset)
    program = Program(ruleset, {}, FEW)
    at: dict[str, int] = {}
    for row, document in enumerate(documents):
        facts = read_facts({entity: document}, ruleset.schema, as_of=ruleset.as_of, lists=lists)
        reference = Reference(ruleset)
        compiled, first = compiled_codes(program, facts), dict(at)
        for place, record in placed(facts):
            number = at[place] = at.get(place, -1) + 1
            codes_of = compiled[place][number - first.get(place, -1) - 1]
            for rule in rules.get(record.entity.name, ()):
                found = codes.codes[place][rule.id][number]
                wanted = UNDETERMINED
                if rule.standing != "guidance":
                    wanted = code_of_outcome(reference.outcome(rule, record))
                names = (NAMES[code] for code in (found, codes_of[rule.id], wanted))
                yield Compared(row, place, rule.id, *names)
    for place, each in codes.codes.items():
        assert at.get(place, -1) + 1 == each.height


_OF_LETTER = {"N": 0, "V": 1, "C": 2, "U": 3, "P": 4, "H": 5}
_CODES = {code: _OF_LETTER[letter] for letter, code in CODES.items()}


def compiled_codes(program: Program, facts: Facts) -> dict[str, list[dict[str, int]]]:
    """Return the compiled evaluator's codes by place, of each record there in its order."""
    case = judge_facts(program, facts)
    by_record: dict[int, dict[str, int]] = {}
    for row, rule, code in outcomes(case, case):
        by_record.setdefault(id(row[RECORD]), {})[rule.id] = _CODES[code]
    found: dict[str, list[dict[str, int]]] = {}
    for place, record in placed(facts):
        found.setdefault(place, []).append(by_record.get(id(record), {}))
    return found


def placed(facts: Facts) -> Iterator[tuple[str, Record]]:
    """Yield the records given, each with its place."""

    def below(record: Record, at: str) -> Iterator[tuple[str, Record]]:
        yield at, record
        for attribute in record.entity.lists():
            items: Any = record.value(attribute.name).possible
            for each in items.records:
                yield from below(each, f"{at}.{attribute.name}" if at else attribute.name)

    for root in facts.roots:
        yield from below(root, "")


def plain(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document without what a column cannot say: what is known in part is not known."""
    made: dict[str, Any] = {}
    for name, raw in given.items():
        value = raw
        if isinstance(value, Mapping) and "items" in value:
            value = value["items"]
        if isinstance(value, Mapping):
            value = value.get("value")
        if isinstance(value, list):
            value = [plain(each) if isinstance(each, Mapping) else each for each in value]
        made[name] = value
    return made
