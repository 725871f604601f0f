"""Exchange tables as files: one JSON or CSV file a table in one folder."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, cast

from dualprev_rules.problems import DualprevError, nearest, problem
from dualprev_rules.supervision.exchange.table import Row, Tables, exchange_tables
from dualprev_rules.supervision.files import read_csv, read_tree

Form = Literal["json", "csv"]


def table_files(tables: Tables, folder: Path, form: Form) -> dict[Path, bytes]:
    """Return what to write into a folder; a table without rows is a file without rows."""
    found: dict[Path, bytes] = {}
    for name, table in exchange_tables().items():
        if name not in tables:
            continue
        rows = [{field: row[field] for field in table.fields if field in row} for row in tables[name]]
        if form == "json":
            text = json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
            found[folder / f"{name}.json"] = text.encode()
        else:
            out = io.StringIO()
            writer = csv.DictWriter(out, [*table.fields], lineterminator="\r\n")
            writer.writeheader()
            writer.writerows(rows)
            found[folder / f"{name}.csv"] = out.getvalue().encode("utf-8-sig")
    return found


def read_tables(folder: Path) -> Tables:
    """Read the tables of a folder, JSON or CSV; raises DualprevError where there is none."""
    tables: Tables = {}
    known = exchange_tables()
    try:
        held = sorted(file for file in folder.iterdir() if file.suffix in (".json", ".csv"))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DualprevError(problem("supervision.unreadable", given=str(folder), reason=reason)) from error
    strange = [file.name for file in held if file.stem not in known]
    if strange:
        raise DualprevError(
            [
                problem("supervision.exchange-table", given=name, nearest=nearest(name, known))
                for name in strange
            ]
        )
    for name in known:
        for suffix in ("json", "csv"):
            file = folder / f"{name}.{suffix}"
            if file.is_file():
                if name in tables:
                    raise DualprevError(problem("supervision.exchange-two-files", given=name))
                tables[name] = _rows(file)
    if not tables:
        raise DualprevError(problem("supervision.exchange-none", given=str(folder)))
    return tables


def read_more(path: Path) -> dict[str, Row]:
    """Read fields by the id of what they are of; raises DualprevError where the file holds anything else."""
    tree = read_tree(path)
    given = cast("dict[Any, Any]", tree) if isinstance(tree, dict) else {}
    if not isinstance(tree, dict) or not all(isinstance(fields, dict) for fields in given.values()):
        raise DualprevError(problem("supervision.exchange-more", given=str(path)))
    return {
        str(name): {str(field): _text(value) for field, value in fields.items() if value not in (None, "")}
        for name, fields in given.items()
    }


def _rows(file: Path) -> list[Row]:
    if file.suffix == ".csv":
        return read_csv(file)
    tree = read_tree(file)
    if not isinstance(tree, list) or not all(isinstance(row, dict) for row in cast("list[Any]", tree)):
        raise DualprevError(problem("supervision.no-table", given=str(file)))
    rows = cast("list[Mapping[str, Any]]", tree)
    return [{str(key): _text(value) for key, value in row.items() if value not in (None, "")} for row in rows]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
