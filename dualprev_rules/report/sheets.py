"""Sheets that can be filtered, sorted and printed; a text stays a text, whatever it begins with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from dualprev_rules.problems import DualprevError, Words, problem

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 32_767
"""The most characters that a cell holds."""
_LONGEST_HEADER = 200
_LONGEST_LIST = 250
"""The most characters of a list that a cell offers."""
_FONT, _SIZE = "Microsoft YaHei", 10
"""A font that Windows has; elsewhere the program takes its own for Chinese."""
_LINE, _HIGHEST = 14.5, 400.0
"""The height of a line and of the highest row, in points."""
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_LONGEST_NAME = 31
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Painted:
    """A text upon a colour (``#rrggbb``), in its ink; hatched while what it says is not decided."""

    text: str
    colour: str
    ink: str
    hatched: bool


Content = str | float | date | Painted
"""What a cell holds; a day is a day for Excel too, a figure a figure."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, its columns with their widths, its rows, and what stands above each printed page."""

    name: str
    columns: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Content]]
    header: str = ""
    hidden: frozenset[int] = frozenset()
    """Columns, from 1, that a reader does not see: what a program finds its way back by."""
    pick: Mapping[tuple[int, int], Sequence[str]] = field(
        default_factory=dict[tuple[int, int], Sequence[str]]
    )
    """Cells, by row (from 1, below the headings) and column, that offer a list to pick from."""


def write_book(sheets: Iterable[Sheet], *, title: str, creator: str) -> bytes:
    """Return sheets as XLSX; the same sheets give the same bytes.

    Raises DualprevError where openpyxl is not installed.
    """
    try:
        from openpyxl import Workbook
    except ImportError as error:
        fault = problem(
            "report.missing-extra", given="openpyxl", what=Words("XLSX 清单", "the XLSX register")
        )
        raise DualprevError(fault) from error
    book = Workbook()
    first = book.active
    assert first is not None
    book.remove(first)
    body = _body_style(book)
    for sheet in sheets:
        _write(book, sheet, body)
    book.properties.creator = creator
    book.properties.title = title
    book.properties.created = book.properties.modified = _EPOCH
    written = BytesIO()
    book.save(written)
    return _without_clock(written.getvalue())


def _body_style(book: Workbook) -> str:
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, Side

    line = Side(style="thin", color="D9DFE5")
    box = Border(left=line, right=line, top=line, bottom=line)
    style = NamedStyle(
        name="body",
        font=Font(name=_FONT, size=_SIZE),
        alignment=Alignment(vertical="top", wrap_text=True),
        border=box,
    )
    book.add_named_style(style)
    return style.name


def _write(book: Workbook, given: Sheet, body: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet: Worksheet = book.create_sheet(_name(book, given.name))
    widths = [width for _, width in given.columns]
    for number, (heading, width) in enumerate(given.columns, 1):
        head = sheet.cell(1, number)
        _put(head, heading)
        head.font = Font(name=_FONT, size=_SIZE, bold=True, color="FFFFFF")
        head.fill = PatternFill("solid", start_color="1B2733")
        head.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(number)].width = width
    _heighten(sheet, 1, widths, [heading for heading, _ in given.columns])
    for row_number, row in enumerate(given.rows, 2):
        for number, content in enumerate(row, 1):
            cell = sheet.cell(row_number, number)
            cell.style = body
            _put(cell, content)
        _heighten(sheet, row_number, widths, row)
    for column in given.hidden:
        sheet.column_dimensions[get_column_letter(column)].hidden = True
    _offer(sheet, given)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    _print_on_a4(sheet, given.header)


def _name(book: Workbook, wanted: str) -> str:
    """Return the name of a sheet as Excel allows it; one that stands there already gets a number."""
    name = _UNWRITABLE.sub("", wanted).translate(_NOT_IN_NAMES).strip()[:_LONGEST_NAME] or "1"
    taken = {title.casefold() for title in book.sheetnames}
    number = 1
    while name.casefold() in taken:
        number += 1
        name = f"{name[: _LONGEST_NAME - len(str(number)) - 1]} {number}"
    return name


def _heighten(sheet: Worksheet, number: int, widths: Sequence[int], row: Sequence[Content]) -> None:
    """Make a row as high as its text: not every program does that when it opens a file."""
    lines = max(map(_lines, row, widths), default=1)
    if lines > 1:
        sheet.row_dimensions[number].height = min(lines * _LINE, _HIGHEST)


def _lines(content: Content, width: int) -> int:
    """Return about how many lines a text takes; a Chinese character is as wide as two others."""
    text = content.text if isinstance(content, Painted) else content
    if not isinstance(text, str) or (2 * len(text) <= width and "\n" not in text):
        return 1
    return sum(
        ceil(max(1, sum(2 if ord(c) > 0x2E7F else 1 for c in line)) / (width - 1))
        for line in text.split("\n")
    )


def _offer(sheet: Worksheet, given: Sheet) -> None:
    """Let cells offer their lists; one that is too long for Excel, or has a comma in it, is left out."""
    from openpyxl.worksheet.datavalidation import DataValidation

    offers: dict[str, DataValidation] = {}
    for (row, column), members in given.pick.items():
        listed = ",".join(members)
        if len(listed) > _LONGEST_LIST or any(mark in member for member in members for mark in ',"'):
            continue
        if listed not in offers:
            offers[listed] = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
            sheet.add_data_validation(offers[listed])
        offer: Any = offers[listed]
        offer.add(sheet.cell(row + 1, column))


def _print_on_a4(sheet: Worksheet, header: str) -> None:
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.print_title_rows = "1:1"
    top, foot = sheet.oddHeader, sheet.oddFooter
    assert top is not None
    assert top.center is not None
    assert foot is not None
    assert foot.center is not None
    if header:
        top.center.text = _UNWRITABLE.sub("", header)[:_LONGEST_HEADER].replace("&", "&&")
    foot.center.text = "&P / &N"


def _put(cell: Any, content: Content) -> None:
    """Write a cell; a text stays a text, never a formula."""
    if isinstance(content, Painted):
        _put(cell, content.text)
        _paint(cell, content)
        return
    if not isinstance(content, str):
        cell.value = content
        if isinstance(content, date):
            cell.number_format = "yyyy-mm-dd"
        return
    if not content:
        return
    cell.value = _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", content)[:_LONGEST]
    cell.data_type = "s"
    # Excel itself then treats what is typed or pasted over such a cell as text too.
    if content[:1] in {"=", "+", "-", "@"}:
        cell.quotePrefix = True


def _paint(cell: Any, content: Painted) -> None:
    from openpyxl.styles import Font, PatternFill

    colour, ink = content.colour.lstrip("#"), content.ink.lstrip("#")
    if content.hatched:
        # Dark stripes of the colour behind dark text: readable, and never like a decided grade.
        cell.fill = PatternFill("lightUp", start_color=colour, end_color="FFFFFF")
        cell.font = Font(name=_FONT, size=_SIZE, bold=True, color="000000")
    else:
        cell.fill = PatternFill("solid", start_color=colour)
        cell.font = Font(name=_FONT, size=_SIZE, bold=True, color=ink)


def _without_clock(content: bytes) -> bytes:
    """Return the archive with every date the same, so that equal input gives equal bytes."""
    fixed = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(fixed, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2000-01-01T00:00:00Z", part)
            new.writestr(ZipInfo(name), part, ZIP_DEFLATED)
    return fixed.getvalue()
