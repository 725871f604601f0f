"""CSV: one file is one sheet; its cells are read as JSON means scalars without quotes."""

from __future__ import annotations

import csv
import io
from typing import Any

from dualprev_rules.facts.document import plain_scalar
from dualprev_rules.facts.shown import visible
from dualprev_rules.facts.sources.sheet import Sheet
from dualprev_rules.problems import DualprevError, Place, problem


def read_sheet(text: str, title: str, file: str) -> Sheet:
    """Read a CSV text; cells are parted by comma, semicolon or tab, whichever its first line has."""
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows: list[list[Any]] = [[plain_scalar(visible(cell).strip()) for cell in cells] for cells in reader]
    except csv.Error as fault:
        place = Place(file, reader.line_num)
        raise DualprevError(problem("facts.syntax", place=place, given=file, reason=str(fault))) from fault
    return Sheet(title, file, rows, cells=False)
