"""A sheet of cells, and what Excel does to some of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dualprev_rules.problems import Place


@dataclass(frozen=True, slots=True)
class Percent:
    """A number that the sheet shows as a percentage: 0.25 is shown as 25 %."""

    number: int | float


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell without a value: an error such as ``#N/A``, or a formula that was never worked out."""

    text: str
    code: str = "facts.cell-error"


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells of one column that were merged: the first row holds the value of all."""

    column: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of a sheet or CSV file; row and column are counted from 0, and named as Excel does."""

    title: str
    file: str
    rows: list[list[Any]]
    merged: tuple[Merged, ...] = ()
    cells: bool = True
    """False where rows are lines of text, cut at commas."""

    def place(self, row: int | None = None, column: int | None = None) -> Place:
        """Return the place of the sheet, a row or a cell."""
        if row is None:
            return Place(self.file, sheet=self.title)
        return Place(self.file, sheet=self.title, cell=f"{letters(column)}{row + 1}")


def letters(column: int | None) -> str:
    """Return the letters by which Excel names a column; none for None.

    >>> letters(0), letters(25), letters(26)
    ('A', 'Z', 'AA')
    """
    name = ""
    at = -1 if column is None else column
    while at >= 0:
        at, rest = divmod(at, 26)
        name = chr(65 + rest) + name
        at -= 1
    return name
