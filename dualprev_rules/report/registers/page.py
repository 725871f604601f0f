"""A register as pages of HTML: nothing to load, nothing to run; long ones in several files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from dualprev_rules.problems.words import Lang
from dualprev_rules.report.carriers import Filled
from dualprev_rules.report.html import BLANK, environment, packaged
from dualprev_rules.report.phrases import phrase
from dualprev_rules.report.registers.book import Register
from dualprev_rules.report.registers.lists import Watch, unwatched
from dualprev_rules.report.registers.table import Table

MOST_ROWS = 500
"""The rows of one page: what a browser on a phone lays out at once."""
_STACKED = ("graded_control_list", "hidden_hazard_list")
"""The tables whose rows a phone shows as cards, each cell beside its heading."""
_LANGS: tuple[Lang, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of a table that stand on one page."""

    table: Table
    rows: Sequence[tuple[Filled, ...]]


def register_pages(
    register: Register, name: str, lang: Lang = "zh", watch: Watch = unwatched
) -> dict[str, str]:
    """Return a register as HTML, by file: ``name``, such as ``list.html``, then ``list-2.html`` and so on.

    The pages hold both languages and open in ``lang``. ``watch`` sees the pages as they are made. Raises
    DualprevError where jinja2 is not installed.
    """
    template = environment().get_template("register.html")
    parted = list(_parted((*register.tables, register.about)))
    files = page_files(name, len(parted))
    css = packaged("register.css")
    made: dict[str, str] = {}
    numbers: Iterable[int] = watch(range(1, len(files) + 1), register.title)
    for number in numbers:
        parts = parted[number - 1]
        said = (register.enterprise or phrase("unnamed").get(lang), register.title.get(lang))
        page = template.render(
            register=register,
            lang=lang,
            title=" · ".join(said),
            parts=parts,
            pages=files,
            number=number,
            css=css,
            stacked=_STACKED,
            stack=stack_style(part.table for part in parts if part.table.key in _STACKED),
        )
        made[files[number - 1]] = BLANK.sub("\n", page)
    return made


def page_files(name: str, count: int) -> list[str]:
    """Return the names of the files of so many pages, the first as given.

    >>> page_files("list.html", 2)
    ['list.html', 'list-2.html']
    """
    stem, suffix = PurePath(name).stem, PurePath(name).suffix
    return [name, *(f"{stem}-{number}{suffix}" for number in range(2, count + 1))]


def _parted(tables: Sequence[Table]) -> Iterator[list[Part]]:
    """Yield the parts of each page, no page with more rows than it may have."""
    page: list[Part] = []
    room = MOST_ROWS
    for table in tables:
        start = 0
        while start < len(table.rows) or not start:
            if not room:
                yield page
                page, room = [], MOST_ROWS
            rows = table.rows[start : start + room]
            page.append(Part(table, rows))
            room -= len(rows)
            start += len(rows) or 1
    yield page


def stack_style(tables: Iterable[Table]) -> str:
    """Return the style by which a phone, which has no room for columns, shows the heads beside each cell."""
    rules = [
        f"#lang-{lang}:checked~main .t-{table.key} td:nth-child({at})::before{{content:{_css(text)}}}"
        for table in tables
        for at, head in enumerate(table.heads, 1)
        for lang in _LANGS
        for text in (head.label.get(lang),)
    ]
    return (
        f"{packaged('stack.css')}@media screen and (max-width:46rem){{{''.join(rules)}}}\n" if rules else ""
    )


def _css(text: str) -> str:
    """Return a string of CSS; every character but letters and digits is escaped."""
    return '"' + "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):06x}" for c in text) + '"'
