"""From a nested frame to tables, one for each place, and back to documents for the exact evaluator."""

from __future__ import annotations

from typing import Any

import polars as pl

from dualprev_rules.evaluate.columns.shape import Shape
from dualprev_rules.evaluate.columns.tables import UP, Branch, Table, ends_of
from dualprev_rules.evaluate.columns.things import ALWAYS, Flag


def tables_of(frame: pl.DataFrame, shape: Shape, *, stated: bool) -> list[Table]:
    """Return the tables of a frame, the top one first, each before those under it."""
    found: list[Table] = []
    rows = pl.int_range(frame.height, dtype=pl.UInt32, eager=True)
    _table(frame, rows, shape, None, "", found, stated=stated)
    return found


def _table(
    frame: pl.DataFrame,
    up: pl.Series,
    shape: Shape,
    parent: Table | None,
    place: str,
    found: list[Table],
    *,
    stated: bool,
    ends: pl.Series | None = None,
) -> Table:
    given = pl.DataFrame([up.alias(UP), *(frame[name].alias(of) for of, name in shape.facts.items())])
    # A float is its shortest decimal at its own width.
    narrow = [name for name, kind in given.schema.items() if kind == pl.Float32]
    given = given.with_columns(pl.col(name).cast(pl.String).cast(pl.Float64) for name in narrow)
    table = Table(shape.plan.entity, place, parent, given, ends)
    found.append(table)
    known: dict[str, pl.Series] = {}
    for attribute, (name, under) in shape.lists.items():
        column = frame[name]
        complete = column.is_not_null()
        child = None
        if under is not None:
            records, holders = _records(column)
            counts = column.list.len().fill_null(0)
            whole = records.is_not_null()
            if not whole.all():
                # What is no record leaves the list open.
                broken = holders.filter(~whole).unique()
                complete = complete.scatter(broken, False)
                lost = holders.filter(~whole).value_counts()
                records, holders = records.filter(whole), holders.filter(whole)
                fewer = counts.gather(lost[UP]).cast(pl.Int64) - lost["count"].cast(pl.Int64)
                counts = counts.cast(pl.Int64).scatter(lost[UP], fewer)
            if records.len():
                at = f"{place}.{attribute}" if place else attribute
                inner = records.struct.unnest()
                child = _table(inner, holders, under, table, at, found, stated=stated, ends=ends_of(counts))
        known[attribute] = complete
        table.lists[attribute] = Branch(child, None, column.is_not_null(), complete)
    _open_lists(table, known, stated=stated)
    return table


def _records(column: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return the records of lists, and the row of each one's holder."""
    rows = pl.DataFrame({UP: pl.int_range(column.len(), dtype=pl.UInt32, eager=True), "of": column})
    exploded = rows.filter(pl.col("of").list.len() > 0).explode("of")
    return exploded["of"], exploded[UP]


def _open_lists(table: Table, known: dict[str, pl.Series], *, stated: bool) -> None:
    """Say of every list of the entity where more records may belong to it."""
    groups: dict[str, pl.Series] = {}
    for attribute in table.entity.lists():
        if attribute.either is not None and attribute.name in known and not (stated or attribute.stated):
            own = known[attribute.name]
            before = groups.get(attribute.either)
            groups[attribute.either] = own if before is None else before | own
    for attribute in table.entity.lists():
        branch = table.lists.get(attribute.name)
        if branch is None:
            branch = table.lists[attribute.name] = Branch(None, None)
            if attribute.absent_is_none:
                continue
        complete = known.get(attribute.name)
        if branch.complete is not None and (stated or attribute.stated):
            complete = None
        given = branch.given
        others = groups.get(attribute.either) if attribute.either is not None else None
        if others is not None:
            # Of lists that go together one is given: those that are not are taken as empty.
            empty = others if given is None else others & ~given
            complete = empty if complete is None else complete | empty
        branch.open = _open(table, complete)


def _open(table: Table, complete: pl.Series | None) -> Flag:
    if complete is None or not complete.any():
        return ALWAYS
    return None if complete.all() else table.put(~complete)


def documents(tables: list[Table], rows: pl.Series) -> list[dict[str, Any]]:
    """Return rows of the top table as nested documents, each fact as it was given."""
    return _documents(tables[0], rows)


def _documents(table: Table, rows: pl.Series) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = table.given[rows].drop(UP).to_dicts()
    if not made:
        made = [{} for _ in range(rows.len())]
    places = {row: index for index, row in enumerate(rows.to_list())}
    for name, branch in table.lists.items():
        if branch.given is None:
            continue
        assert branch.complete is not None
        given, complete = branch.given.gather(rows).to_list(), branch.complete.gather(rows).to_list()
        held: list[list[dict[str, Any]]] = [[] for _ in made]
        if branch.table is not None:
            up = branch.table.given[UP]
            under = up.is_in(rows.implode()).arg_true()
            for row, document in zip(
                up.gather(under).to_list(), _documents(branch.table, under), strict=True
            ):
                held[places[row]].append(document)
        for index, document in enumerate(made):
            if not given[index]:
                document[name] = None
            elif complete[index]:
                document[name] = held[index]
            else:
                document[name] = {"items": held[index], "complete": False}
    return made
