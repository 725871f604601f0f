"""A register as a workbook: a sheet for each of its tables, and one that says what they rest on."""

from __future__ import annotations

from collections.abc import Iterable

from dualprev_rules.problems.words import Lang
from dualprev_rules.report.carriers import Filled
from dualprev_rules.report.phrases import phrase
from dualprev_rules.report.registers.book import Register
from dualprev_rules.report.registers.lists import Watch, unwatched
from dualprev_rules.report.registers.table import Head, Table
from dualprev_rules.report.sheets import Content, Painted, Sheet, write_book
from dualprev_rules.result.document import engine_version


def register_workbook(register: Register, lang: Lang = "zh", watch: Watch = unwatched) -> bytes:
    """Return a register as XLSX, in one language; the same register gives the same bytes.

    A day is a day there, a count a number, everything else text. ``watch`` sees the rows as they are
    written. Raises DualprevError where openpyxl is not installed.
    """
    header = " · ".join(filter(None, (register.enterprise, register.title.get(lang), register.day)))
    return write_book(
        (_sheet(each, header, lang, watch) for each in (*register.tables, register.about)),
        title=header,
        creator=f"dualprev-rules {engine_version()}",
    )


def _sheet(of: Table, header: str, lang: Lang, watch: Watch) -> Sheet:
    rows: Iterable[tuple[Filled, ...]] = watch(of.rows, of.title)
    return Sheet(
        name=of.title.get(lang),
        columns=[(_heading(head, of, lang), head.width) for head in of.heads],
        rows=([_content(filled, lang) for filled in row] for row in rows),
        header=header,
    )


def _heading(head: Head, of: Table, lang: Lang) -> str:
    """Return a heading; that of a column in which nothing stands says so."""
    label = head.label.get(lang)
    return f"{label}\n{phrase('column_empty').get(lang)}" if head in of.unfilled else label


def _content(filled: Filled, lang: Lang) -> Content:
    if filled.value is not None:
        return filled.value
    text = "\n".join(line.get(lang) for line in filled.lines)
    shown = filled.shown
    if shown is None:
        return text
    return Painted(text, shown.swatch.hex, shown.swatch.ink, shown.hatched)
