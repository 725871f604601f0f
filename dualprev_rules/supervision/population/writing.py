"""A population as one Parquet file, written part by part."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from dualprev_rules.pack.model import Ruleset
from dualprev_rules.problems import DualprevError, problem
from dualprev_rules.supervision.population.settings import Settings

PART = 2_000
"""Enterprises drawn at once: what each is rests on it, so that it stays as it is."""


def population(
    ruleset: Ruleset, settings: Settings, file: Path, *, enterprises: int, seed: int
) -> Iterator[int]:
    """Write so many enterprises, each a row; yield how many there are after each part.

    The file is there when the last part is. Raises DualprevError where it cannot be written, or where what
    draws is not installed.
    """
    try:
        drawing: Any = import_module("dualprev_rules.supervision.population.drawing")
        parquet: Any = import_module("pyarrow.parquet")
    except ImportError as fault:
        raise DualprevError(problem("evaluate.no-columns", given=fault.name or "numpy")) from fault
    source = drawing.Drawing(ruleset, settings)
    part = file.with_name(f".{file.name}.part")
    try:
        writer: Any = None
        try:
            for first in range(0, enterprises, PART):
                count = min(PART, enterprises - first)
                table = source.enterprises(first, count, seed).to_arrow()
                writer = writer or parquet.ParquetWriter(part, table.schema, compression="zstd")
                writer.write_table(table.cast(writer.schema))
                yield first + count
        finally:
            if writer is not None:
                writer.close()
        part.replace(file)
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise DualprevError(problem("facts.cannot-write", given=str(file), reason=reason)) from fault
    finally:
        part.unlink(missing_ok=True)
