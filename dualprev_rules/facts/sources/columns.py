"""The header of a sheet: what each column holds, and how its cells are read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from dualprev_rules.facts.document import Figure, Reported, Twice, Unreadable
from dualprev_rules.facts.kinds import normal
from dualprev_rules.facts.plan import Plan, Plans, Slot
from dualprev_rules.facts.shown import figure, printable, shown, visible
from dualprev_rules.facts.sources.sheet import CellError, Percent, Sheet
from dualprev_rules.facts.types import Date, Number
from dualprev_rules.facts.units import find_unit
from dualprev_rules.problems import Place, Problem, problem
from dualprev_rules.problems.denial import opposed

_SOUGHT = 20
"""The header is among so many first rows."""
_LONGEST = 100
"""A header with a unit has at most so many characters."""
_EXPLAINED = 200
"""So many unknown columns are reported: a sheet with more is no table of facts."""
_BREAK = re.compile(r"\s*[\r\n]\s*")
_WITH_UNIT = re.compile(r"(.+?)[(\[/](.+?)[)\]]?")


@dataclass(slots=True)
class Columns:
    """What the columns of a sheet hold, by number from 0."""

    slots: dict[int, Slot] = field(default_factory=dict[int, Slot])
    units: dict[int, str] = field(default_factory=dict[int, str])
    """The unit that stands in a header, such as ``t`` in ``数量(t)``."""
    holders: dict[int, tuple[str, str | None]] = field(default_factory=dict[int, tuple[str, str | None]])
    """Columns with the key of a holder: its entity, and which list of it is meant."""
    unknown: dict[int, Slot | None] = field(default_factory=dict[int, "Slot | None"])
    """Columns that mean nothing, with the attribute that they are most like."""
    problems: list[Problem] = field(default_factory=list[Problem])

    def put(self, record: dict[str, Any], column: int, value: Any) -> None:
        """Put the value of a cell into the record of its row."""
        name = self.slots[column].name
        record[name] = Twice((record[name], value)) if name in record else value

    @property
    def width(self) -> int:
        """How many columns there are up to the last that has a header."""
        return 1 + max((*self.slots, *self.holders, *self.unknown), default=-1)

    def spoil(self, record: dict[str, Any], cells: list[Any]) -> None:
        """Mark what an unknown column may have been meant for: it is not simply absent."""
        for column, slot in self.unknown.items():
            cell = cells[column] if column < len(cells) else None
            if slot is not None and cell is not None and slot.name not in record:
                record[slot.name] = Reported(shown(cell))

    def of(self, name: str) -> int | None:
        """Return the column of an attribute."""
        return next((column for column, slot in self.slots.items() if slot.name == name), None)

    def holder(self, entity: str) -> int | None:
        """Return the column of a holder's key."""
        return next((column for column, (name, _) in self.holders.items() if name == entity), None)


def find_header(sheet: Sheet, plan: Plan, plans: Plans) -> tuple[int, Columns] | None:
    """Return the number of the header row and its columns; None where no row has a known column.

    The header is the row with the most known columns among the first ones: titles may stand above it.
    """
    best: tuple[int, Columns] | None = None
    for number, cells in enumerate(sheet.rows[:_SOUGHT]):
        columns = _columns(cells, plan, plans)
        known = len(columns.slots) + len(columns.holders)
        if known and (best is None or known > len(best[1].slots) + len(best[1].holders)):
            best = number, columns
    if best is not None:
        _explain_unknown(sheet, best[0], plan, best[1])
    return best


def read_cell(cell: Any, slot: Slot, unit: str | None, place: Place) -> tuple[Any, Problem | None]:
    """Return the value of a cell, and what is wrong with it where the whole sheet is in doubt for it."""
    kind = slot.attribute.type
    if isinstance(cell, str) and visible(cell).strip() in ("?", "？"):
        return {"value": None}, None
    if isinstance(kind, Date) and isinstance(cell, date):
        return cell, None
    if isinstance(cell, CellError):
        return Unreadable(cell.code, cell.text), None
    if (fault := _fault(cell, place)) is not None:
        return Reported(), fault
    if isinstance(cell, Percent):
        if not isinstance(kind, Number):
            return cell.number, None
        # Excel holds 0.25 and shows 25 %: what the user sees is what he means.
        return {"value": Figure(figure(Fraction(repr(cell.number)) * 100)), "unit": "%"}, None
    return (cell if unit is None else {"value": cell, "unit": unit}), None


def read_key(cell: Any, place: Place) -> tuple[str, Problem | None]:
    """Return the key of a holder, and what is wrong with its cell."""
    fault = _fault(cell, place)
    if fault is not None:
        return "", fault
    held = cell.number if isinstance(cell, Percent) else cell
    return normal(held if isinstance(held, str) else shown(held)), None


def _columns(cells: list[Any], plan: Plan, plans: Plans) -> Columns:
    columns = Columns()
    for column, cell in enumerate(cells):
        if not isinstance(cell, str) or not (text := _heading(cell)):
            continue
        slot = plan.names.get(text)
        if slot is not None and slot.child is None:
            columns.slots[column] = slot
        elif (holder := _holder(text, plan, plans)) is not None:
            columns.holders[column] = holder
        elif (with_unit := _slot_with_unit(text, plan)) is not None:
            columns.slots[column], columns.units[column] = with_unit
        else:
            columns.unknown[column] = None
    return columns


def _heading(cell: str) -> str:
    """Return the text of a header: without the mark of a wanted column, broken lines joined."""
    return normal(_BREAK.sub(_joint, cell.strip())).rstrip("*").strip()


def _joint(broken: re.Match[str]) -> str:
    """Return what joins two lines of a header: a space between English words, nothing in Chinese."""
    before, after = broken.string[broken.start() - 1], broken.string[broken.end()]
    return " " if before.isascii() and before.isalnum() and after.isascii() and after.isalnum() else ""


def _explain_unknown(sheet: Sheet, number: int, plan: Plan, columns: Columns) -> None:
    """Report the columns that mean nothing, and find what each may have been meant for."""
    for column in list(columns.unknown)[:_EXPLAINED]:
        text = printable(str(sheet.rows[number][column]))
        like, columns.unknown[column] = plan.names.near(text) or (None, None)
        place = sheet.place(number, column)
        near = like if like is not None and not opposed(text, like) else None
        columns.problems.append(
            problem("facts.unknown-column", place=place, given=text, nearest=near, effect="ignored")
        )


def _holder(text: str, plan: Plan, plans: Plans) -> tuple[str, str | None] | None:
    """Return the entity whose key a column holds: it is named after it, its list, or its key's label."""
    name, _, listed = text.partition(".")
    above = [e for e in plans.schema.entities if plan.entity.name in plans.schema.descend(e)]
    entity = plans.entities.get(name)
    if entity is not None and entity.name in above:
        slot = plans[entity.name].names.get(listed) if listed else None
        if not listed or (slot is not None and slot.child == plan.entity.name):
            return entity.name, slot.name if slot is not None else None
    keys = [(e, plans[e].key) for e in above]
    found = [
        e
        for e, key in keys
        if key is not None and text in (normal(key.attribute.label.zh), normal(key.attribute.label.en))
    ]
    return (found[0], None) if len(found) == 1 else None


def _slot_with_unit(text: str, plan: Plan) -> tuple[Slot, str] | None:
    """Read a header like ``数量(t)``."""
    parts = _WITH_UNIT.fullmatch(text) if len(text) <= _LONGEST else None
    if parts is None:
        return None
    slot = plan.names.get(parts[1])
    if slot is None or not isinstance(slot.attribute.type, Number) or find_unit(parts[2]) is None:
        return None
    return slot, parts[2]


def _fault(cell: Any, place: Place) -> Problem | None:
    """Return what is wrong with a cell of a column that holds no dates."""
    if isinstance(cell, CellError):
        return problem(cell.code, place=place, given=cell.text, effect="unknown")
    if isinstance(cell, datetime) and cell.time() == time():
        return problem("facts.excel-date", place=place, given=cell.date().isoformat())
    if isinstance(cell, (date, time, timedelta)):
        return problem("facts.excel-date", place=place, given=str(cell))
    return None
