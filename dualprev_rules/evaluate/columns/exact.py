"""The exact evaluator's codes of single cells of a document, where columns do not decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dualprev_rules.evaluate.columns.codes import (
    COMPLIANT,
    HARMLESS,
    NOT_APPLICABLE,
    PRESUMED,
    UNDETERMINED,
    VIOLATED,
)
from dualprev_rules.evaluate.compiled import Program
from dualprev_rules.evaluate.compiled.codes import code_of
from dualprev_rules.evaluate.compiled.groups import CODES
from dualprev_rules.evaluate.compiled.layout import ENTITY, NOTHING_ODD, RECORD, Layout, OpenList, Row
from dualprev_rules.facts.record import Facts

_OF_LETTER = {
    "N": NOT_APPLICABLE,
    "V": VIOLATED,
    "C": COMPLIANT,
    "U": UNDETERMINED,
    "P": PRESUMED,
    "H": HARMLESS,
}
_CODES = {code: _OF_LETTER[letter] for letter, code in CODES.items()}

Cell = tuple[str, int, str]
"""A place, which of the records there, and a rule."""


def cell_codes(program: Program, given: Facts | list[Row], cells: Sequence[Cell]) -> list[int]:
    """Return the codes of cells of a document that was read; nothing else of it is judged."""
    rows, odd = (given, NOTHING_ODD) if isinstance(given, list) else program.rows(given)
    case = program.open(rows)
    layouts, rules = program.layouts, program.ruleset.rules
    placed = {place: _at(rows, place, layouts) for place in {place for place, _, _ in cells}}
    found: list[int] = []
    for place, number, name in cells:
        row, rule = placed[place][number], rules[name]
        if odd and program.touches(rule) & odd:
            code = code_of(case.reference.outcome(rule, row[RECORD]))
        else:
            code = program.outcome(rule)(case, row)
        found.append(_CODES[code])
    return found


def _at(rows: Iterable[Row], place: str, layouts: Mapping[str, Layout]) -> list[Row]:
    """Return the rows of the records at a place, in their order."""
    found = list(rows)
    for name in place.split(".") if place else ():
        lists = [row[layouts[row[ENTITY]].slots[name]] for row in found]
        found = [row for held in lists for row in _rows(held)]
    return found


def _rows(held: list[Row] | OpenList | None) -> list[Row]:
    return held.rows if isinstance(held, OpenList) else held or []
