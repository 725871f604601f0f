"""Rows of look-up tables: what cannot be found, says nothing, or contradicts another row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import combinations

from dualprev_rules.facts.types import Number, Type
from dualprev_rules.pack.model import TableRow
from dualprev_rules.pack.resolve.faults import Faults
from dualprev_rules.pack.source import Map, Scalar, Tree
from dualprev_rules.pack.spec import TableSpec
from dualprev_rules.pack.spec.keys import OF_ROWS

Row = tuple[Map, TableRow]
"""A row as its author wrote it, and as it is read."""

_SEVERAL = re.compile(r"[、；;]")
_BRACKETS = re.compile(r"[（(\[【][^）)\]】]*[）)\]】]")
_MOST_TOLD = 20
_MANY = 20
"""In a table of so many rows a cell that is blank in one row alone was forgotten."""


def check_rows(spec: TableSpec, columns: Mapping[str, Type], rows: Sequence[Row], faults: Faults) -> None:
    """Check the rows of a table against its keys and against one another; ``columns`` hold its figures."""
    figures = list(columns)
    searched = {column for names in spec.key.values() for column in names}
    # A column that is called otherwise is told by itself, and not again by each cell that it lacks.
    astray = any(not tree.keys() <= {*figures, *searched, *OF_ROWS} for tree, _ in rows)
    lost = astray or _check_keys(spec, rows, faults)
    for tree, row in rows:
        if not lost and not _keys(spec, row) and not (spec.row_key is not None and row.no):
            listed = " / ".join(dict.fromkeys(column for names in spec.key.values() for column in names))
            faults.note("pack.row-without-key", tree.place(), given=row.no, nearest=listed)
    if not astray:
        _check_blanks(columns, rows, faults)
    if spec.on_tie is None and spec.row_key is None:
        _check_ties(spec, figures, rows, faults)


def _check_blanks(columns: Mapping[str, Type], rows: Sequence[Row], faults: Faults) -> None:
    """Warn of rows without a figure, and of a figure that one row alone lacks; a note says why."""
    figures = [column for column, kind in columns.items() if isinstance(kind, Number)]
    for tree, row in rows:
        if not columns or "note" in tree:
            continue
        lacking = [column for column in columns if _blank(tree, column)]
        if len(lacking) == len(columns):
            faults.warn("pack.row-without-figure", tree.place(), given=row.no, nearest=" / ".join(columns))
            continue
        for column in figures if len(figures) == 1 or len(rows) >= _MANY else ():
            if column in lacking and sum(_blank(other, column) for other, _ in rows) == 1:
                faults.warn("pack.cell-without-figure", tree.place(), given=row.no, nearest=column)


def _blank(row: Map, column: str) -> bool:
    cell = row.get(column)
    return cell is None or (isinstance(cell, Scalar) and not cell.text.strip())


def check_several(cell: Tree, faults: Faults) -> None:
    """Warn of a cell of a key column that seems to hold several names; quotes say that it is one."""
    for text in cell if not isinstance(cell, Scalar | Map) else (cell,):
        if not isinstance(text, Scalar) or text.style in ("single", "double") or _quoted(text):
            continue
        plain = _BRACKETS.sub(lambda match: "\0" * len(match[0]), text.text)
        starts = [0, *(match.end() for match in _SEVERAL.finditer(plain))]
        if len(starts) > 1:
            ends = [start - 1 for start in starts[1:]]
            names = [text.text[a:b].strip() for a, b in zip(starts, [*ends, None], strict=True)]
            near = "|".join(names) if text.style == "cell" else f"[{', '.join(names)}]"
            faults.warn("pack.several-names", text.place(), given=text.text, nearest=near)


def _quoted(cell: Scalar) -> bool:
    return cell.file.text[cell.start : cell.start + 1] == '"'


def _check_keys(spec: TableSpec, rows: Sequence[Row], faults: Faults) -> bool:
    """Tell whether a key searches columns that no row has, which is told once."""
    written = {name for tree, _ in rows for name in tree}
    lost = False
    for key, columns in spec.key.items():
        if rows and written.isdisjoint(columns):
            lost = True
            held = spec.written("key")
            place = held.place(key) if isinstance(held, Map) else spec.at("key")
            faults.unknown("pack.unknown-column", columns[0] if columns else "", sorted(written), place)
    return lost


def _keys(spec: TableSpec, row: TableRow) -> Mapping[str, frozenset[str]]:
    """Return the texts by which each key finds the row; keys without a text are left out."""
    found = {
        key: frozenset(text.casefold() for column in columns for text in row.cells.get(column) or ())
        for key, columns in spec.key.items()
    }
    return {key: texts for key, texts in found.items() if texts}


def _check_ties(spec: TableSpec, figures: Sequence[str], rows: Sequence[Row], faults: Faults) -> None:
    """Find rows that nothing tells apart, without conditions and with different figures."""
    first = next(iter(spec.key), None)
    found: dict[str, list[Row]] = {}
    for tree, row in rows:
        if row.when is None and "when" not in tree:
            for text in _keys(spec, row).get(first or "", ()):
                found.setdefault(text, []).append((tree, row))
    told = 0
    for text, same in found.items():
        for (one, a), (other, b) in combinations(same, 2):
            differ = any(a.cells.get(column) != b.cells.get(column) for column in figures)
            if differ and _same_keys(spec, a, b) and told < _MOST_TOLD:
                told += 1
                faults.note("pack.tied-rows", other.place(), given=text, line=one.place().line)


def _same_keys(spec: TableSpec, a: TableRow, b: TableRow) -> bool:
    """Tell whether every key fits both rows, or neither has a text for it."""
    mine, its = _keys(spec, a), _keys(spec, b)
    return mine.keys() == its.keys() and all(mine[key] & its[key] for key in mine)
