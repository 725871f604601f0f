"""Tables for the tests of the analyser: from YAML, and judged point by point by the reference's cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from dualprev_rules.evaluate.decision import matches
from dualprev_rules.facts.possible import Finite, holds
from dualprev_rules.lang.tree import Decide
from dualprev_rules.pack.model import Ruleset
from dualprev_rules.standards import TableFault, TableReport, written
from dualprev_rules.standards.tables import output
from tests.property.build import build

DAY = date(2026, 11, 21)
Point = tuple[Any, ...]
"""A value for each input: a Fraction, member or truth value."""


def made(facts: Mapping[str, Any], table: Mapping[str, Any]) -> tuple[Decide, Ruleset]:
    """Return the checked table, and the ruleset in which it is ``enterprise.answer``."""
    decide = {
        "hit": table.get("hit", "unique"),
        "inputs": [{"name": name, **_declared(table, name)} for name in table["inputs"]],
        "rows": table["rows"],
        **{key: table[key] for key in ("default", "priority") if key in table},
    }
    head = {
        "facts": {"enterprise": {"attributes": {name: facts[name] for name in table["inputs"]}}},
        "definitions": [{"define": "enterprise.answer", "decide": decide}],
    }
    ruleset = build(head).ruleset(DAY)
    node = ruleset.definitions["enterprise", "answer"].body.node
    assert isinstance(node, Decide)
    return node, ruleset


def _declared(table: Mapping[str, Any], name: str) -> dict[str, str]:
    declared = table.get("monotone", {})
    return {"monotone": declared[name]} if name in declared else {}


def hits(table: Decide, point: Point) -> list[int]:
    """Return the rows that match at a point."""
    pieces = [Finite((value,)) if isinstance(value, Fraction) else value for value in point]
    found: list[int] = []
    for number, row in enumerate(table.rows):
        cells = [row.cells.get(column.name) for column in table.inputs]
        if all(cell is None or matches(cell, piece) for cell, piece in zip(cells, pieces, strict=True)):
            found.append(number)
    return found


def answer(table: Decide, hit: Sequence[int]) -> object:
    """Return what a first table says where rows match."""
    row = table.rows[min(hit)] if hit else table.default
    return None if row is None else output(row)


def inside(report: TableReport, fault: TableFault, point: Point) -> bool:
    """Tell whether a point lies in the box of a fault."""
    for axis, runs, value in zip(report.axes, fault.box, point, strict=True):
        pieces = [piece for low, high in runs for piece in axis.pieces[low:high]]
        if not any(
            holds(p, value) if isinstance(value, Fraction) else p == value  # pyright: ignore[reportArgumentType]
            for p in pieces
        ):
            return False
    return True


def said(report: TableReport, fault: TableFault) -> dict[str, Any]:
    """Return a fault as the YAML of the tests says it."""
    if fault.rows:
        return {fault.kind: [row + 1 for row in fault.rows]}
    pairs = zip(report.axes, fault.box, strict=True)
    cells = {axis.input.name: written.cell(axis, runs) for axis, runs in pairs}
    return {fault.kind: {name: text for name, text in cells.items() if text}}
