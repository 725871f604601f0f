"""XLSX workbooks: the values of their sheets, as Excel last showed them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from dualprev_rules.facts.document import MOST_BYTES
from dualprev_rules.facts.shown import visible
from dualprev_rules.facts.sources.sheet import CellError, Merged, Percent, Sheet
from dualprev_rules.problems import DualprevError, Place, problem

CHOICES_SHEET = "选项"
"""The sheet in which a template keeps the choices of its drop-down lists; it holds no facts."""

_UNPACKED = 8 * MOST_BYTES
_MOST_ROWS = 1 << 20
_MOST_CELLS = 20_000_000
_CHUNK, _OVERLAP = 1 << 20, 200
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_MERGED = re.compile(
    rb"<(?:\w+:)?mergeCell [^<>]{0,80}?ref=\"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})\""
)


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
            return _sheets(load, data, file)
    except DualprevError:
        raise
    except Exception as fault:
        reason = f"{type(fault).__name__}: {fault}"[:200]
        raise DualprevError(
            problem("facts.workbook", given=file, reason=reason, place=Place(file))
        ) from fault
    raise DualprevError(problem("facts.too-large", given=file, limit=_UNPACKED // 1024**2, place=Place(file)))


def _sheets(load: Any, data: bytes, file: str) -> list[Sheet]:
    # What a formula gave is read, never the formula; where it gave nothing yet, that is said.
    values = load(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    formulas: Any = None
    sheets: list[Sheet] = []
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for title in values.sheetnames:
            # The choices hold no facts, and a chart has no rows.
            if title == CHOICES_SHEET or not hasattr(values[title], "iter_rows"):
                continue
            has_formulas, merged = _scan(packed, values[title]._worksheet_path)
            rows = [list(_row(cells)) for cells in _rows(values[title], file)]
            if has_formulas:
                formulas = formulas or load(io.BytesIO(data), read_only=True, keep_links=False)
                for row, cells in zip(rows, _rows(formulas[title], file), strict=True):
                    for column, cell in enumerate(cells):
                        if row[column] is None and cell.data_type == "f":
                            row[column] = CellError(str(cell.value), "facts.formula")
            sheets.append(Sheet(title, file, rows, merged))
    return sheets


def _rows(sheet: Any, file: str) -> Iterator[Any]:
    """Yield the rows that there are, whatever size the sheet says that it has; no more than are read."""
    sheet.reset_dimensions()
    held = 0
    for number, cells in enumerate(sheet.iter_rows()):
        held += len(cells)
        if number >= _MOST_ROWS or held > _MOST_CELLS:
            place = Place(file, sheet=sheet.title)
            raise DualprevError(problem("facts.too-many-cells", given=file, limit=_MOST_CELLS, place=place))
        yield cells


def _scan(packed: zipfile.ZipFile, part: str) -> tuple[bool, tuple[Merged, ...]]:
    """Look through the text of a sheet for formulas and merged cells, which reading rows does not tell."""
    has_formulas, merged, rest = False, dict[Merged, None](), b""
    with packed.open(part) as text:
        while chunk := text.read(_CHUNK):
            held = rest + chunk
            has_formulas = has_formulas or _FORMULA.search(held) is not None
            for found in _MERGED.finditer(held):
                left, top, right, bottom = found.groups()
                if left == right:
                    merged[Merged(_column(left), int(top) - 1, int(bottom) - 1)] = None
            rest = held[-_OVERLAP:]
    return has_formulas, tuple(merged)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number - 1


def _row(cells: Any) -> Iterator[Any]:
    for cell in cells:
        value = cell.value
        if value is None:
            yield None
        elif isinstance(value, str):
            yield CellError(value) if cell.data_type == "e" else (visible(value).strip() or None)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            # Excel shows and takes 15 digits; the others of a float are the noise of a formula.
            number = float(f"{value:.15g}") if isinstance(value, float) else value
            yield Percent(number) if "%" in (cell.number_format or "") else number
        else:
            yield value
