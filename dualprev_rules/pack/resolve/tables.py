"""Look-up tables: columns read by their types, rows found by their keys."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from dualprev_rules.facts.kinds import normal
from dualprev_rules.facts.possible import EVERY_NUMBER, Numbers, holds
from dualprev_rules.facts.quantity import parse_quantity
from dualprev_rules.facts.types import Bool, Date, Enum, Number, Text, Type
from dualprev_rules.facts.units import conversion
from dualprev_rules.lang import TableShape
from dualprev_rules.lang.describe import describe
from dualprev_rules.pack.model import Table, TableRow
from dualprev_rules.pack.resolve import called
from dualprev_rules.pack.resolve.faults import Faults
from dualprev_rules.pack.resolve.instruments import Editions, Holding, State
from dualprev_rules.pack.resolve.rows import OF_ROWS, check_rows, check_several
from dualprev_rules.pack.resolve.scopes import Scopes
from dualprev_rules.pack.resolve.types import declared_range, typed
from dualprev_rules.pack.source import Map, Scalar, Seq, Tree
from dualprev_rules.pack.spec import TableSpec
from dualprev_rules.problems import Words


def key_form(text: str) -> str:
    """Return the form in which keys are compared: NFKC, trimmed, without case."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


@dataclass(frozen=True, slots=True)
class ChosenTable:
    """The table that holds of an id on the day, with its columns read."""

    spec: TableSpec
    entity: str | None
    """The entity whose facts the conditions of its rows ask."""
    rows: Seq
    pack: str
    holding: Holding
    columns: Mapping[str, Type]
    ranges: Mapping[str, Numbers]

    @property
    def searched(self) -> frozenset[str]:
        """The columns that keys search."""
        return frozenset(column for columns in self.spec.key.values() for column in columns)

    def shape(self) -> TableShape:
        """Return what conditions must know of it."""
        return TableShape(self.columns, self.ranges, tuple(self.spec.key), self.spec.row_key, self.entity)


def choose_tables(
    declared: Iterable[tuple[str, TableSpec, Seq]], editions: Editions, scopes: Scopes
) -> dict[str, ChosenTable]:
    """Return the table of each id that holds on the day; one of another day where no other is there."""
    chosen: dict[str, ChosenTable] = {}
    seen: dict[str, list[TableSpec]] = {}
    faults = scopes.faults
    for pack, spec, rows in declared:
        others = seen.setdefault(spec.table, [])
        if any(editions.overlap(spec.cite, other.cite) for other in others):
            first = others[0].at("table")
            faults.note("pack.duplicate-id", spec.at("table"), given=spec.table, nearest=str(first))
            continue
        others.append(spec)
        if not spec.key:
            faults.mark_broken(spec.table)
            continue
        if not spec.cite:
            faults.note("pack.no-citation", spec.at("table"), given=spec.table)
        entity = scopes.entity(spec.for_, spec.at("for")) if spec.for_ is not None else None
        if entity != spec.for_:
            faults.mark_broken(spec.table)
        holding = editions.holding(spec.cite)
        holding = holding or editions.dormant(spec.cite)
        before = chosen.get(spec.table)
        if holding is None or (before is not None and _weaker(holding, before.holding)):
            continue
        columns, ranges = _columns(spec, faults)
        chosen[spec.table] = ChosenTable(spec, entity, rows, pack, holding, columns, ranges)
    return chosen


def _weaker(one: Holding, other: Holding) -> bool:
    order: tuple[State, ...] = ("in_force", "stand_in", "dormant")
    return order.index(one.state) >= order.index(other.state)


def _columns(spec: TableSpec, faults: Faults) -> tuple[dict[str, Type], dict[str, Numbers]]:
    columns: dict[str, Type] = {}
    ranges: dict[str, Numbers] = {}
    for name, column in spec.columns.items():
        if name in OF_ROWS and name != "note":
            key = spec.written("columns")
            place = key.at_key(name) if isinstance(key, Map) else spec.at("columns")
            faults.note("pack.reserved-column", place, given=name, nearest=f"{name}_")
        declared = typed(column, faults)
        if declared is None and column.type is not None:
            faults.mark_broken(name)
            continue
        kind = declared.type if declared is not None else Text()
        columns[name] = kind
        ranges[name] = (
            declared_range(column, kind, faults) if isinstance(kind, Number | Date) else EVERY_NUMBER
        )
    return columns, ranges


def build_table(chosen: ChosenTable, scopes: Scopes) -> Table:
    """Return the table with its rows read and indexed; cells at fault are noted."""
    spec = chosen.spec
    rows: list[TableRow] = []
    written: list[Map] = []
    numbers: dict[str, int] = {}
    for tree in chosen.rows:
        assert isinstance(tree, Map)
        row = _row(tree, chosen, scopes)
        no = tree.text("no")
        if no is not None and key_form(no) in numbers:
            scopes.faults.note("pack.duplicate-row", tree.place("no"), given=no, line=numbers[key_form(no)])
        elif no is not None:
            numbers[key_form(no)] = tree.place("no").line or 0
        rows.append(row)
        written.append(tree)
    check_rows(spec, chosen.columns, list(zip(written, rows, strict=True)), scopes.faults)
    index = {key: _index(_texts_of(columns, row) for row in rows) for key, columns in spec.key.items()}
    if spec.row_key is not None:
        index[spec.row_key] = _index([row.no] if row.no else [] for row in rows)
    return Table(
        id=spec.table,
        title=spec.title or Words(spec.table, spec.table),
        citations=chosen.holding.citations,
        keys={key: tuple(columns) for key, columns in spec.key.items()},
        row_key=spec.row_key,
        columns=chosen.columns,
        ranges=chosen.ranges,
        rows=tuple(rows),
        on_tie=spec.on_tie,
        entity=chosen.entity,
        index=index,
        pack=chosen.pack,
        not_encoded=chosen.holding.not_encoded,
        labels={name: column.label for name, column in spec.columns.items() if column.label is not None},
    )


def _texts_of(columns: Iterable[str], row: TableRow) -> list[str]:
    return [text for column in columns for text in row.cells.get(column) or ()]


def _index(rows: Iterable[Iterable[str]]) -> dict[str, tuple[int, ...]]:
    """Return the positions of the rows that each text finds."""
    found: dict[str, list[int]] = {}
    for at, texts in enumerate(rows):
        for text in sorted({key_form(text) for text in texts}):
            found.setdefault(text, []).append(at)
    return {text: tuple(positions) for text, positions in found.items()}


def _row(tree: Map, chosen: ChosenTable, scopes: Scopes) -> TableRow:
    faults, searched = scopes.faults, chosen.searched
    cells: dict[str, Any] = {}
    for name, cell in tree.items():
        if name in searched:
            cells[name] = _texts(cell, faults)
            check_several(cell, faults)
        elif name in OF_ROWS and name not in chosen.columns:
            continue
        elif name in chosen.columns:
            cells[name] = _cell(cell, chosen.columns[name], chosen.ranges[name], faults)
        else:
            names = [*chosen.columns, *searched, *OF_ROWS]
            faults.unknown("pack.unknown-column", name, names, tree.at_key(name), _labels(chosen.spec))
    when = tree.get("when")
    condition = None
    if isinstance(when, Scalar) and not when.empty:
        if chosen.spec.for_ is None:
            faults.note("pack.missing-key", chosen.spec.at("table"), given="for", nearest="for: …")
        elif chosen.entity is None:
            scopes.check_form(when)
        else:
            condition = scopes.compile(when, scopes.of(chosen.entity), Bool())
    elif when is not None:
        faults.note("pack.text-wanted", tree.at_key("when"), given="when")
    return TableRow(cells, condition, tree.text("no") or "", tree.text("clause"))


def _labels(spec: TableSpec) -> called.Called:
    labelled = ((name, column.label) for name, column in spec.columns.items())
    return {name: (label.zh, label.en) for name, label in labelled if label is not None}


def _texts(cell: Tree, faults: Faults) -> tuple[str, ...]:
    """Return the texts of a key column: one or a list; in CSV several are parted by ``|``."""
    if isinstance(cell, Scalar):
        parts = cell.text.split("|") if cell.style == "cell" else [cell.text]
        return tuple(normal(part) for part in parts if part.strip())
    if isinstance(cell, Map):
        faults.note("pack.list-wanted", cell.place(), given="")
        return ()
    for item in cell:
        if not isinstance(item, Scalar):
            faults.note("pack.text-wanted", item.place(), given="")
    return tuple(normal(item.text) for item in cell if isinstance(item, Scalar))


def _cell(cell: Tree, kind: Type, within: Numbers, faults: Faults) -> Any:
    """Return the value of a cell, None where it is blank or at fault."""
    if not isinstance(cell, Scalar):
        faults.note("pack.text-wanted", cell.place(), given="")
        return None
    text = cell.text.strip()
    if not text:
        return None
    value = _value(text, kind)
    if value is None:
        faults.note("pack.not-of-column", cell.place(), given=text, wanted=describe(kind))
    elif isinstance(value, Fraction) and not holds(within, value):
        faults.note("pack.out-of-column", cell.place(), given=text)
    return value


def _value(text: str, kind: Type) -> Any:
    match kind:
        case Number(unit=unit):
            quantity = parse_quantity(text)
            if quantity is None:
                return None
            value, given = quantity
            if given is None or given == unit:
                return value
            if given.dimension != unit.dimension:
                return None
            factor, offset = conversion(given, unit)
            return value * factor + offset
        case Bool():
            return {"true": True, "false": False}.get(text)
        case Enum(members=members):
            return text if text in members else None
        case Date():
            try:
                return Fraction(date.fromisoformat(text).toordinal())
            except ValueError:
                return None
        case _:
            return normal(text)
