"""Sheets into a tree: rows become records, and a column with the key of the holder puts each in its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, cast

from dualprev_rules.facts.document import MOST_RECORDS, Document, Reported, Trail, follow
from dualprev_rules.facts.kinds import Refused, normal, text_of
from dualprev_rules.facts.plan import Plan, Plans
from dualprev_rules.facts.schema import ROOT
from dualprev_rules.facts.shown import printable, shown
from dualprev_rules.facts.sources.columns import Columns, find_header, read_cell, read_key
from dualprev_rules.facts.sources.sheet import Sheet
from dualprev_rules.problems import DualprevError, Place, Problem, problem

_COMPLETE = frozenset(("本表已填全", "sheet is complete"))
_INCOMPLETE = frozenset(("本表未填全", "sheet is not complete"))
_MOST_NOTES = 200
_MOST_HEADLESS = 200
_YES = frozenset(("是", "yes", "true", "√"))
_NO = frozenset(("否", "no", "false", "×"))


@dataclass(eq=False, slots=True)
class Row:
    """A row that is a record: its values, the keys of its holders by entity, and where it stands."""

    record: dict[str, Any]
    holders: dict[str, tuple[str, str | None]]
    """Entity of a holder → its key, and the list of it that is meant (None: the only one)."""
    sheet: Sheet
    number: int
    columns: Columns
    parent: Row | None = None


@dataclass(slots=True)
class Table:
    """All rows of an entity, and what its sheets say about being complete."""

    plan: Plan
    rows: list[Row] = field(default_factory=list[Row])
    complete: bool | None = None


def assemble(
    sheets: Sequence[Sheet], plans: Plans, name: str, *, whole: bool, notes: Sequence[Problem] = ()
) -> Document:
    """Make one tree of sheets. ``whole``: they are a whole enterprise, and must have its sheet.

    Raises DualprevError where no sheet is the enterprise's, a sheet has no known column, or Excel has made
    dates of what is none.
    """
    made = _Assembly(plans, name)
    for sheet in sheets:
        made.add(sheet)
    if whole and ROOT not in made.tables and not made.errors:
        made.errors.append(problem("facts.no-enterprise", given=name, place=Place(name)))
    if made.errors:
        raise DualprevError(made.errors)
    made.nest()
    return Document(made.tree, name, made.locate, tuple(made.problems), (*notes, *made.notes))


class _Assembly:
    def __init__(self, plans: Plans, name: str) -> None:
        self.plans = plans
        self.name = name
        self.tables: dict[str, Table] = {}
        self.errors: list[Problem] = []
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []
        self.tree: dict[str, Any] = {}
        self._rows: dict[int, Row] = {}
        self._by_key: dict[str, dict[str, list[Row]]] = {}
        self._strays: set[str] = set()
        """The entities of which a row hangs on nothing, or a sheet is misnamed: any list may lack it."""

    def add(self, sheet: Sheet) -> None:
        """Read the rows of one sheet."""
        entity = self.plans.entities.get(sheet.title)
        filled = any(cell is not None for row in sheet.rows for cell in row)
        if entity is None:
            if filled:
                near = self.plans.entities.near(sheet.title)
                if near is not None:
                    self._strays.add(near[1].name)
                self._fault(
                    "facts.unknown-sheet", sheet.place(), printable(sheet.title), near[0] if near else None
                )
            return
        table = self.tables.setdefault(entity.name, Table(self.plans[entity.name]))
        if not filled:
            return
        marked = _completeness(sheet)
        table.complete = marked if marked is not None else table.complete
        rows = [list(_without_marks(cells)) for cells in sheet.rows]
        header = find_header(replace(sheet, rows=rows), table.plan, self.plans)
        if header is None:
            first = next((row for row in rows if any(cell is not None for cell in row)), None)
            if first is not None:
                given = printable("、".join(str(cell) for cell in first if cell is not None))
                self.errors.append(problem("facts.no-known-column", place=sheet.place(), given=given))
            return
        number, columns = header
        self.problems += columns.problems
        self._fill(sheet, rows, number)
        self._headless(sheet, rows, number, columns.width)
        for at in range(number + 1, len(rows)):
            self._read_row(table, sheet, at, rows[at], columns)

    def _fill(self, sheet: Sheet, rows: list[list[Any]], header: int) -> None:
        """Give every row below the header what merged cells say of it."""
        for merged in sheet.merged:
            top, column = merged.first, merged.column
            if top <= header or top >= len(rows) or column >= len(rows[top]) or rows[top][column] is None:
                continue
            filled = False
            for cells in rows[top + 1 : merged.last + 1]:
                if any(cell is not None for cell in cells):
                    cells.extend([None] * (column + 1 - len(cells)))
                    cells[column] = rows[top][column] if cells[column] is None else cells[column]
                    filled = True
            if filled and len(self.notes) < _MOST_NOTES:
                self.notes.append(
                    problem(
                        "facts.read-merged",
                        severity="note",
                        place=sheet.place(top, column),
                        given=printable(str(rows[top][column])),
                        effect="read",
                    )
                )

    def _headless(self, sheet: Sheet, rows: list[list[Any]], header: int, width: int) -> None:
        """Report what stands right of the last header: a stray comma may have moved a whole row."""
        found = 0
        for at in range(header + 1, len(rows)):
            beyond = [cell for cell in rows[at][width:] if cell is not None]
            if beyond and found < _MOST_HEADLESS:
                column = next(c for c in range(width, len(rows[at])) if rows[at][c] is not None)
                given = printable("、".join(str(cell) for cell in beyond))
                self._fault("facts.no-header", sheet.place(at, column), given)
            found += bool(beyond)

    def _read_row(self, table: Table, sheet: Sheet, at: int, cells: list[Any], columns: Columns) -> None:
        if all(cell is None for cell in cells):
            return
        row = Row({}, {}, sheet, at, columns)
        for column, slot in columns.slots.items():
            cell = cells[column] if column < len(cells) else None
            if cell is None:
                continue
            value, fault = read_cell(cell, slot, columns.units.get(column), sheet.place(at, column))
            if fault is not None:
                (self.errors if fault.code == "facts.excel-date" else self.problems).append(fault)
            columns.put(row.record, column, value)
        columns.spoil(row.record, cells)
        if not sheet.cells and any(cell is not None for cell in cells[columns.width :]):
            # A comma that is not quoted, as in 1,234 t, has moved everything after it.
            row.record.update({name: Reported(shown(value)) for name, value in row.record.items()})
            self._strays.add(table.plan.entity.name)
        for column, (entity, listed) in columns.holders.items():
            cell = cells[column] if column < len(cells) else None
            if cell is None:
                continue
            key, fault = read_key(cell, sheet.place(at, column))
            if fault is not None:
                (self.errors if fault.code == "facts.excel-date" else self.problems).append(fault)
            else:
                row.holders[entity] = (key, listed)
        if row.record or row.holders:
            if len(self._rows) >= MOST_RECORDS:
                raise DualprevError(problem("facts.too-many-records", limit=MOST_RECORDS))
            table.rows.append(row)
            self._rows[id(row.record)] = row

    def nest(self) -> None:
        """Put every row into the list of its holder; a row without one stands at the top."""
        order = self._order()
        for entity, table in self.tables.items():
            key = table.plan.key.name if table.plan.key is not None else ""
            by_key = self._by_key[entity] = {}
            for row in table.rows:
                by_key.setdefault(_key(row, key), []).append(row)
        for entity in order:
            for row in self.tables[entity].rows:
                self._place(entity, row, order)
        reached = {id(row) for row in self._reached()}
        for entity, table in self.tables.items():
            for row in table.rows:
                if row.parent is not None and id(row) not in reached:
                    # Rows that hold one another in a circle hang on nothing.
                    self._orphan(entity, row, "facts.holder-circle")
        self._say_complete()
        for entity, table in self.tables.items():
            tops = [row.record for row in table.rows if row.parent is None]
            if tops:
                self.tree[entity] = tops

    def locate(self, trail: Trail) -> Place | None:
        """Return the place of the cell that a trail leads to, or of its row."""
        for end in range(len(trail), 0, -1):
            row = self._rows.get(id(follow(self.tree, trail[:end])))
            if row is not None:
                column = row.columns.of(str(trail[end])) if end < len(trail) else None
                return row.sheet.place(row.number, column)
        return Place(self.name)

    def _fault(self, code: str, place: Place, given: str, nearest: str | None = None, **args: Any) -> None:
        self.problems.append(
            problem(code, place=place, given=given, nearest=nearest, effect="ignored", **args)
        )

    def _order(self) -> list[str]:
        """Return the entities that have a sheet, holders before what they hold."""
        order, waiting = [ROOT], [ROOT]
        while waiting:
            for slot in self.plans[waiting.pop(0)].slots.values():
                if slot.child is not None and slot.child not in order:
                    order.append(slot.child)
                    waiting.append(slot.child)
        return [e for e in order if e in self.tables] + [e for e in self.tables if e not in order]

    def _place(self, entity: str, row: Row, order: list[str]) -> None:
        if entity == ROOT:
            return
        # The lowest holder that is named holds the row; those above it only tell namesakes apart.
        holders = [holder for holder in (*reversed(order), ROOT) if holder in row.holders]
        holders = [holder for holder in holders if _lists(self.plans[holder], entity)]
        if not holders:
            roots = self.tables[ROOT].rows if ROOT in self.tables else []
            if not row.holders and len(roots) == 1 and _lists(self.plans[ROOT], entity):
                self._hold(roots[0], ROOT, entity, row, None)
            elif ROOT in self.tables:
                self._stray("facts.no-holder", entity, row, _given(row))
            return
        holder = holders[0]
        key, listed = row.holders[holder]
        fitting = (
            other
            for other in self._by_key.get(holder, {}).get(key, ())
            if all(_above(other, name, k) for name, (k, _) in row.holders.items() if name != holder)
        )
        found = list(islice(fitting, 2))
        if len(found) == 1:
            self._hold(found[0], holder, entity, row, listed)
        else:
            code = "facts.several-holders" if found else "facts.no-such-holder"
            self._stray(code, entity, row, key, holder)

    def _hold(self, holder: Row, holder_entity: str, entity: str, row: Row, listed: str | None) -> None:
        lists = _lists(self.plans[holder_entity], entity)
        name = listed if listed in lists else lists[0]
        holder.record.setdefault(name, []).append(row.record)
        row.parent = holder

    def _reached(self) -> Iterator[Row]:
        below: dict[int, list[Row]] = {}
        waiting: list[Row] = []
        for table in self.tables.values():
            for row in table.rows:
                (waiting if row.parent is None else below.setdefault(id(row.parent), [])).append(row)
        while waiting:
            row = waiting.pop()
            yield row
            waiting += below.get(id(row), ())

    def _orphan(self, entity: str, row: Row, code: str) -> None:
        assert row.parent is not None
        for held in row.parent.record.values():
            if isinstance(held, list):
                records = cast("list[Any]", held)
                records[:] = [record for record in records if record is not row.record]
        row.parent = None
        self._stray(code, entity, row, _given(row))

    def _stray(self, code: str, entity: str, row: Row, given: str, holder: str | None = None) -> None:
        """Report a row that hangs on nothing; it stays a record by itself."""
        self._strays.add(entity)
        key = self.tables[entity].plan.key
        name = _key(row, key.name) if key is not None else ""
        self.problems.append(
            problem(
                code,
                place=row.sheet.place(row.number, row.columns.holder(holder) if holder else None),
                path=f"{entity}[{name}]" if name else entity,
                given=given,
                effect="incomplete",
                entity=holder or entity,
            )
        )

    def _say_complete(self) -> None:
        """Say of every list what the sheet of its records says, and whether a row may belong to it."""
        for table in self.tables.values():
            for slot in table.plan.slots.values():
                below = self.tables.get(slot.child) if slot.child is not None else None
                if below is None:
                    continue
                stray = [Reported()] if slot.child in self._strays else []
                for row in table.rows:
                    held = row.record.get(slot.name)
                    items: list[Any] = [*(held or []), *stray]
                    if below.complete is not None and (held is not None or below.complete):
                        row.record[slot.name] = {"items": items, "complete": below.complete}
                    elif stray:
                        row.record[slot.name] = items


def _lists(plan: Plan, entity: str) -> list[str]:
    return [slot.name for slot in plan.slots.values() if slot.child == entity]


def _key(row: Row, name: str) -> str:
    try:
        return text_of(row.record[name])[0]
    except (KeyError, Refused):
        return ""


def _above(row: Row, entity: str, key: str) -> bool:
    """Tell whether the holders of a row are not known to contradict: one of ``entity`` has another key."""
    at = row
    while True:
        if entity in at.holders and at.holders[entity][0] != key:
            return False
        if at.parent is None:
            return True
        at = at.parent


def _given(row: Row) -> str:
    return printable("、".join(str(value) for value in list(row.record.values())[:3]))


def _mark(cell: Any) -> bool | None:
    """Return what a cell says about its sheet: complete, not complete, or nothing."""
    if not isinstance(cell, str):
        return None
    text = normal(cell).casefold()
    return True if text in _COMPLETE else (False if text in _INCOMPLETE else None)


def _completeness(sheet: Sheet) -> bool | None:
    """Return what a sheet says about itself; ``本表已填全`` with 否 beside it says that it is not."""
    for cells in sheet.rows:
        for column, cell in enumerate(cells):
            said = _mark(cell)
            if said is not None:
                return said and _answer(cells, column) is not False
    return None


def _answer(cells: list[Any], column: int) -> bool | None:
    """Return the yes or no that stands beside a mark, or None."""
    beside = cells[column + 1] if column + 1 < len(cells) else None
    if isinstance(beside, str):
        word = normal(beside).casefold()
        return True if word in _YES else (False if word in _NO else None)
    return beside if isinstance(beside, bool) else None


def _without_marks(cells: list[Any]) -> list[Any]:
    """Return a row without what it says about its sheet: a record may stand in the same row."""
    marks = [column for column, cell in enumerate(cells) if _mark(cell) is not None]
    if not marks:
        return cells
    answers = [column + 1 for column in marks if _answer(cells, column) is not None]
    return [None if column in (*marks, *answers) else cell for column, cell in enumerate(cells)]
