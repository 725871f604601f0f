"""Sheets of a workbook and tables of a database as frames in which every cell is text, as it stands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dualprev_rules.facts.document import MOST_BYTES
from dualprev_rules.facts.plan import Plans
from dualprev_rules.facts.sources.sheet import CellError, Percent, Sheet, letters
from dualprev_rules.facts.sources.xlsx import read_sheets
from dualprev_rules.problems import DualprevError, problem

if TYPE_CHECKING:
    import polars as pl

_AT_ONCE = 10_000
_TRUTHS: Mapping[Any, bool] = {0: False, 1: True}


def sheets(given: Path, entity: str) -> dict[str, pl.LazyFrame]:
    """Return the sheets of a workbook by name; a single one is the table of ``entity``."""
    if given.stat().st_size > MOST_BYTES:
        raise DualprevError(problem("supervision.workbook-large", given=str(given), limit=MOST_BYTES >> 20))
    found = [sheet for sheet in read_sheets(given.read_bytes(), str(given)) if any(map(_filled, sheet.rows))]
    return {entity if len(found) == 1 else sheet.title: _frame(sheet) for sheet in found}


def _filled(row: Iterable[Any]) -> bool:
    return any(cell is not None for cell in row)


def _frame(sheet: Sheet) -> pl.LazyFrame:
    import polars as pl

    rows = sheet.rows
    width = max(map(len, rows))
    for row in rows:
        row.extend([None] * (width - len(row)))
    for merged in sheet.merged:
        for row in rows[merged.first + 1 : merged.last + 1]:
            row[merged.column] = rows[merged.first][merged.column]
    heads, *rest = filter(_filled, rows)
    kept = [row for row in rest if _filled(row)]
    columns = {
        letters(place) if heads[place] is None else str(heads[place]): [_text(row[place]) for row in kept]
        for place in range(width)
        if heads[place] is not None or any(row[place] is not None for row in kept)
    }
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)).lazy()


def tables(url: str, query: str | None, plans: Plans, entity: str, folder: Path) -> dict[str, pl.LazyFrame]:
    """Return what a query gives as the table of ``entity``, or each table that is named after an entity.

    They are written into ``folder``, so that no more than a few rows are held. Raises SQLAlchemyError,
    ImportError where the driver of the database is not installed, OSError.
    """
    import polars as pl

    sqlalchemy: Any = import_module("sqlalchemy")
    found: dict[str, pl.LazyFrame] = {}
    database = sqlalchemy.create_engine(_existing(sqlalchemy.make_url(url)))
    try:
        with database.connect() as connection:
            known = sqlalchemy.inspect(connection)
            if query is not None:
                statements = {entity: (sqlalchemy.text(query), frozenset[str]())}
            else:
                every = sorted({*known.get_table_names(), *known.get_view_names()})
                names = [name for name in every if plans.entities.get(name) is not None]
                whole = sqlalchemy.select(sqlalchemy.text("*"))
                statements = {
                    name: (whole.select_from(sqlalchemy.table(name)), _booleans(sqlalchemy, known, name))
                    for name in names
                }
            for number, (name, (statement, booleans)) in enumerate(statements.items()):
                file = folder / f"{number}.parquet"
                result = connection.execution_options(stream_results=True).execute(statement)
                _write(file, list(result.keys()), booleans, result.partitions(_AT_ONCE))
                found[name] = pl.scan_parquet(file)
    finally:
        database.dispose()
    return found


def _existing(url: Any) -> Any:
    """Refuse a file that is not there: SQLite would make an empty one."""
    if url.get_backend_name() == "sqlite" and url.database and not url.query.get("uri"):
        Path(url.database).stat()
    return url


def _booleans(sqlalchemy: Any, known: Any, table: str) -> frozenset[str]:
    """Return the columns that are declared as truths: some databases keep them as 0 and 1."""
    columns: list[dict[str, Any]] = known.get_columns(table)
    return frozenset(each["name"] for each in columns if isinstance(each["type"], sqlalchemy.Boolean))


def _write(
    file: Path,
    names: Sequence[str],
    booleans: frozenset[str],
    parts: Iterator[Iterable[Sequence[Any]]],
) -> None:
    arrow: Any = import_module("pyarrow")
    parquet: Any = import_module("pyarrow.parquet")
    text = arrow.string()
    schema = arrow.schema([(name, text) for name in names])
    with parquet.ParquetWriter(file, schema) as writer:
        for part in parts:
            columns = zip(names, zip(*part, strict=True), strict=True)
            made = [
                arrow.array(
                    [_text(_TRUTHS.get(cell, cell) if name in booleans else cell) for cell in column], text
                )
                for name, column in columns
            ]
            writer.write_table(arrow.table(made, schema=schema))


def _text(value: Any) -> str | None:
    """Return the text of a cell, so that it is read as one of CSV is; figures keep all their digits."""
    match value:
        case None | str():
            return value
        case bool():
            return "true" if value else "false"
        case float() | Decimal():
            figure = Decimal(repr(value)) if isinstance(value, float) else value
            return f"{figure:f}"
        case Percent():
            return f"{Decimal(repr(value.number)) * 100:f}%"
        case CellError():
            return value.text
        case datetime() if value.timetz() == time():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case Mapping() | list():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)
