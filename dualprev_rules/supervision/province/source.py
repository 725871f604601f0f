"""Where the enterprises of a run come from: Parquet, CSV, or what a query gives, as one lazy frame."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dualprev_rules.engine import Engine
from dualprev_rules.problems import DualprevError, problem

if TYPE_CHECKING:
    import polars as pl

DATABASES = (".duckdb", ".db")


def read_source(engine: Engine, given: Path, query: str | None, snapshot: Path) -> pl.LazyFrame:
    """Return the enterprises, a row each.

    Parquet is read where it stands. CSV, a file of enterprises or a folder with a file for each entity, and
    what ``query`` gives of a database of DuckDB, are written to ``snapshot`` first, unless it is there: a run
    that goes on has the same rows. Raises DualprevError for what cannot be read, or has columns that mean
    nothing.
    """
    polars = _module("polars", "columns")
    if not given.exists():
        raise _unreadable(given, "—")
    if query is not None or given.suffix.lower() in DATABASES:
        if not snapshot.exists():
            _queried(given, query, snapshot)
        given = snapshot
    elif given.suffix.lower() == ".csv" or (given.is_dir() and any(given.glob("*.csv"))):
        if not snapshot.exists():
            _flattened(polars, engine, given, snapshot)
        given = snapshot
    try:
        frame: pl.LazyFrame = polars.scan_parquet(given)
        frame.collect_schema()
    except (polars.exceptions.PolarsError, OSError) as fault:
        raise _unreadable(given, str(fault)) from fault
    return frame


def _flattened(polars: Any, engine: Engine, given: Path, snapshot: Path) -> None:
    """Write CSV as nested Parquet; every cell stays text, so that figures are read as they stand."""
    part = snapshot.with_suffix(".part")
    try:
        if given.is_dir():
            files = {file.stem: polars.scan_csv(file, infer_schema=False) for file in given.glob("*.csv")}
            frame = engine.assess_frame(dict(sorted(files.items())), layout="flat").frame
        else:
            frame = polars.scan_csv(given, infer_schema=False)
        frame.sink_parquet(part)
        part.replace(snapshot)
    except (polars.exceptions.PolarsError, OSError) as fault:
        raise _unreadable(given, str(fault)) from fault
    finally:
        part.unlink(missing_ok=True)


def _queried(given: Path, query: str | None, snapshot: Path) -> None:
    duckdb = _module("duckdb", "batch")
    part = snapshot.with_suffix(".part")
    if query is None:
        raise DualprevError(problem("supervision.no-query", given=str(given)))
    try:
        with duckdb.connect(str(given), read_only=True) as database:
            database.sql(query).write_parquet(str(part))
        part.replace(snapshot)
    except (duckdb.Error, OSError) as fault:
        raise _unreadable(given, str(fault)) from fault
    finally:
        part.unlink(missing_ok=True)


def _module(name: str, extra: str) -> Any:
    try:
        return import_module(name)
    except ImportError as fault:
        raise DualprevError(problem("supervision.no-extra", given=name, extra=extra)) from fault


def _unreadable(path: Path, said: str) -> DualprevError:
    reason = said.split("\n", maxsplit=1)[0][:200]
    return DualprevError(problem("supervision.unreadable", given=str(path), reason=reason))
