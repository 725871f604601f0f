"""The exact evaluator's codes of one document, where columns do not decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dualprev_rules.evaluate.columns.codes import (
    COMPLIANT,
    HARMLESS,
    NOT_APPLICABLE,
    PRESUMED,
    UNDETERMINED,
    VIOLATED,
)
from dualprev_rules.evaluate.compiled import Program, judge, outcomes
from dualprev_rules.evaluate.compiled.groups import CODES
from dualprev_rules.evaluate.compiled.layout import RECORD
from dualprev_rules.facts.record import Facts, Record

_OF_LETTER = {
    "N": NOT_APPLICABLE,
    "V": VIOLATED,
    "C": COMPLIANT,
    "U": UNDETERMINED,
    "P": PRESUMED,
    "H": HARMLESS,
}
_CODES = {code: _OF_LETTER[letter] for letter, code in CODES.items()}

Placed = Mapping[str, list[Mapping[str, int]]]
"""Place → rule → code, of each record there in its order."""


def placed_codes(program: Program, facts: Facts) -> Placed:
    """Return the codes of facts by place; the compiled evaluator asks the reference where it must itself."""
    case = judge(program, facts)
    by_record: dict[int, dict[str, int]] = {}
    for row, rule, code in outcomes(case, case):
        by_record.setdefault(id(row[RECORD]), {})[rule.id] = _CODES[code]
    found: dict[str, list[Mapping[str, int]]] = {}

    def place(record: Record, at: str) -> None:
        found.setdefault(at, []).append(by_record.get(id(record), {}))
        for attribute in record.entity.lists():
            items: Any = record.value(attribute.name).possible
            for each in items.records:
                place(each, f"{at}.{attribute.name}" if at else attribute.name)

    for root in facts.roots:
        place(root, "")
    return found
