"""XLSX workbooks: the values of their sheets, as Excel last showed them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from dualprev_rules.facts.document import MOST_BYTES
from dualprev_rules.facts.sources.sheet import CellError, Percent, Sheet
from dualprev_rules.problems import DualprevError, Place, problem

CHOICES_SHEET = "选项"
"""The sheet in which a template keeps the choices of its drop-down lists; it holds no facts."""

_UNPACKED = 8 * MOST_BYTES


def read_sheets(data: bytes, file: str) -> list[Sheet]:
    """Read the sheets of a workbook; raises DualprevError where it is none, or openpyxl is not there."""
    try:
        import openpyxl
    except ImportError as fault:
        raise DualprevError(problem("facts.needs-openpyxl", given=file, place=Place(file))) from fault
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked <= _UNPACKED:
            load: Any = openpyxl.load_workbook
            book = load(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            titles = [title for title in book.sheetnames if title != CHOICES_SHEET]
            return [
                Sheet(title, file, [list(_row(cells)) for cells in _rows(book[title])]) for title in titles
            ]
    except Exception as fault:
        reason = f"{type(fault).__name__}: {fault}"[:200]
        raise DualprevError(
            problem("facts.workbook", given=file, reason=reason, place=Place(file))
        ) from fault
    raise DualprevError(problem("facts.too-large", given=file, limit=_UNPACKED // 1024**2, place=Place(file)))


def _rows(sheet: Any) -> Iterator[Any]:
    # A chart sheet has no rows.
    return sheet.iter_rows() if hasattr(sheet, "iter_rows") else iter(())


def _row(cells: Any) -> Iterator[Any]:
    for cell in cells:
        value = cell.value
        if value is None:
            yield None
        elif isinstance(value, str):
            yield CellError(value) if cell.data_type == "e" else (value.strip() or None)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            # Excel shows and takes 15 digits; the others of a float are the noise of a formula.
            number = float(f"{value:.15g}") if isinstance(value, float) else value
            yield Percent(number) if "%" in (cell.number_format or "") else number
        else:
            yield value
