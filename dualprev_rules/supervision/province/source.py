"""Where the enterprises of a run come from, as one lazy frame: files, and what databases give."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from hashlib import file_digest, sha256
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from dualprev_rules.engine import Engine
from dualprev_rules.facts.plan import Plans
from dualprev_rules.facts.schema import ROOT
from dualprev_rules.problems import DualprevError, problem
from dualprev_rules.supervision.province.texts import sheets, tables

if TYPE_CHECKING:
    import polars as pl

DATABASES = (".duckdb", ".db")
_URL = "://"
_COPIED = (".csv", ".xlsx")


def source_of(given: str | Path, query: str | None) -> dict[str, str | None]:
    """Return what tells a source from another: where it is, the query, and of copied files what they hold.

    Raises DualprevError for a file that cannot be read.
    """
    if _URL in str(given):
        return {"source": _shown(str(given)), "query": query, "content": None}
    path = Path(given)
    content: str | None = None
    try:
        if query is not None or path.suffix.lower() in (*DATABASES, *_COPIED) or path.is_dir():
            found = sha256()
            for file in sorted(path.glob("*.csv")) if path.is_dir() else [path]:
                with file.open("rb") as stream:
                    found.update(file.name.encode() + file_digest(stream, "sha256").digest())
            content = found.hexdigest()
        return {"source": path.resolve().as_posix(), "query": query, "content": content}
    except OSError as fault:
        raise _unreadable(str(given), str(fault)) from fault


def strays_of(snapshot: Path) -> dict[str, list[Any]]:
    """Return the rows that hung on nothing when tables were copied, as ``Tally.problems`` has them."""
    file = snapshot.with_suffix(".json")
    try:
        return json.loads(file.read_text("utf-8")) if file.exists() else {}
    except (OSError, ValueError) as fault:
        raise _unreadable(str(file), str(fault)) from fault


def read_source(
    engine: Engine, given: str | Path, query: str | None, snapshot: Path, *, keep: bool = False
) -> pl.LazyFrame:
    """Return the enterprises, a row each.

    Parquet is read where it stands. All else is written to ``snapshot`` first; with ``keep`` the one that is
    there is read, so that a run that goes on has the same rows. Tables of CSV (a file of enterprises, or a
    folder with a file for each entity), of a workbook and of a database by its URL are put together by their
    keys; what ``query`` gives, of that or of a file of DuckDB, has a row for each enterprise. Raises
    DualprevError for what cannot be read, or has columns that mean nothing.
    """
    polars = _module("polars", "columns")
    write = _writer(polars, engine, str(given), query)
    path = Path(given)
    if write is None or not keep:
        snapshot.with_suffix(".json").unlink(missing_ok=True)
    if write is not None:
        path = snapshot
        if not (keep and snapshot.exists()):
            _written(polars, write, str(given), snapshot)
    try:
        frame: pl.LazyFrame = polars.scan_parquet(path)
        frame.collect_schema()
    except (polars.exceptions.PolarsError, OSError) as fault:
        raise _unreadable(str(given), str(fault)) from fault
    return frame


def _writer(polars: Any, engine: Engine, given: str, query: str | None) -> Callable[[Path], None] | None:
    """Return what writes a source as nested Parquet; None for Parquet itself."""
    if _URL in given:
        _module("sqlalchemy", "sql")
        return lambda part: _of_database(engine, given, query, part)
    path = Path(given)
    if not path.exists():
        raise _unreadable(given, "—")
    kind = path.suffix.lower()
    if query is not None or kind in DATABASES:
        return lambda part: _queried(path, query, part)
    if kind == ".xlsx":
        return lambda part: _nested(engine, sheets(path, ROOT), part)
    if kind == ".csv" or (path.is_dir() and any(path.glob("*.csv"))):
        files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
        names = {file.stem if path.is_dir() else ROOT: file for file in files}
        # Every cell stays text, so that figures are read as they stand.
        return lambda part: _nested(
            engine, {name: polars.scan_csv(file, infer_schema=False) for name, file in names.items()}, part
        )
    return None


def _written(polars: Any, write: Callable[[Path], None], given: str, snapshot: Path) -> None:
    part = snapshot.with_suffix(".part")
    try:
        write(part)
        part.replace(snapshot)
    except polars.exceptions.PolarsError as fault:
        raise _unreadable(_shown(given), str(fault)) from fault
    except OSError as fault:
        raise DualprevError(
            problem("supervision.not-copied", given=_shown(given), to=str(snapshot), reason=_reason(fault))
        ) from fault
    finally:
        part.unlink(missing_ok=True)


def _nested(engine: Engine, frames: Mapping[str, Any], part: Path) -> None:
    result = engine.assess_frame(frames, layout="flat")
    strays = {f"{at}.{name}: {code}": [n, rows] for at, name, code, n, rows in result.strays.rows()}
    if strays:
        part.with_suffix(".json").write_text(json.dumps(strays, ensure_ascii=False), "utf-8")
    result.frame.sink_parquet(part)


def _of_database(engine: Engine, url: str, query: str | None, part: Path) -> None:
    faults = (import_module("sqlalchemy").exc.SQLAlchemyError, ImportError)
    with TemporaryDirectory() as folder:
        try:
            found = tables(url, query, Plans(engine.ruleset.schema), ROOT, Path(folder))
        except faults as fault:
            raise _unreadable(_shown(url), str(fault)) from fault
        _nested(engine, found, part)


def _shown(given: str) -> str:
    """Return a source as it may be shown: of a URL, which may hold a password, what follows it."""
    scheme, url, rest = given.partition(_URL)
    return f"{scheme}{url}{rest.rpartition('@')[2]}"


def _queried(given: Path, query: str | None, part: Path) -> None:
    duckdb = _module("duckdb", "batch")
    if query is None:
        raise DualprevError(problem("supervision.no-query", given=str(given)))
    try:
        with duckdb.connect(str(given), read_only=True) as database:
            database.sql(query).write_parquet(str(part))
    except duckdb.Error as fault:
        raise _unreadable(str(given), str(fault)) from fault


def _module(name: str, extra: str) -> Any:
    try:
        return import_module(name)
    except ImportError as fault:
        raise DualprevError(problem("supervision.no-extra", given=name, extra=extra)) from fault


def _unreadable(given: str, said: str) -> DualprevError:
    return DualprevError(problem("supervision.unreadable", given=given, reason=_reason(said)))


def _reason(said: object) -> str:
    return str(said).split("\n", maxsplit=1)[0][:200]
