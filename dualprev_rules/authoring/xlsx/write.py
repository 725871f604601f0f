"""From the files of a pack to a workbook."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

from dualprev_rules.authoring.xlsx.sheets import NOTES, PARTS, ROWS, Part, below, fields, header, is_list
from dualprev_rules.pack.read import PackSource
from dualprev_rules.pack.source import Map, Scalar, Seq, Tree
from dualprev_rules.pack.spec import AttributeSpec, EntitySpec, Spec
from dualprev_rules.pack.spec.keys import in_english
from dualprev_rules.problems import DualprevError, problem

_PLAIN = re.compile(r"[^\W_][\w.·〔〕（）/-]*")
_UNNAMED = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME = 31
LONGEST_CELL = 32_767
"""Characters that Excel keeps in a cell."""
Row = dict[str, str]


def workbook_of(source: PackSource) -> bytes:
    """Return the pack as XLSX. Raises DualprevError where openpyxl is missing."""
    try:
        from openpyxl import Workbook
    except ImportError as fault:
        raise DualprevError(problem("authoring.needs-openpyxl")) from fault
    book: Any = Workbook()
    book.remove(book.active)
    for part, rows in _sheets(source).items():
        _put(book, part, [*part.names], rows)
    for table, rows in source.tables:
        name = f"{ROWS}{_UNNAMED.sub('_', table.table)}"[:_LONGEST_NAME]
        while name in book.sheetnames:
            name = f"{name[: _LONGEST_NAME - 1]}+"
        sheet = Part(name, Spec, names=("查找表",))
        searched = {column for columns in table.key.values() for column in columns}
        written = [{"查找表": table.table, **_row(row, searched)} for row in rows]
        _put(book, sheet, ["查找表"], written, own=searched | set(table.columns))
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _put(book: Any, part: Part, names: list[str], whole: Sequence[Row], own: Collection[str] = ()) -> None:
    """Write a sheet; of the rows of a table, ``own`` columns are called as the author calls them."""
    rows = [_parted(row) for row in whole]
    columns = list(dict.fromkeys([*names, *(key for row in rows for key in row)]))
    if not rows:
        return
    sheet = book.create_sheet(part.sheet)
    kept = {*names, *(name for name in columns if not {name, header(name)}.isdisjoint(own))}
    sheet.append([name if name in kept else header(name) for name in columns])
    for number, row in enumerate(rows, 2):
        sheet.append([row.get(column) for column in columns])
        for at, column in enumerate(columns, 1):
            text = row.get(column)
            if text is not None:
                cell = sheet.cell(number, at)
                # Everything is text: a clause 5.10 must not become the figure 5.1.
                cell.number_format, cell.data_type = "@", "s"
    sheet.freeze_panes = "B2"


def _parted(row: Row) -> Row:
    """Return the row with what is longer than a cell in further columns, ``facts+2`` and so on."""
    found: Row = {}
    for key, text in row.items():
        for at in range(0, max(len(text), 1), LONGEST_CELL):
            number = at // LONGEST_CELL + 1
            found[f"{key}+{number}" if number > 1 else key] = text[at : at + LONGEST_CELL]
    return found


def _sheets(source: PackSource) -> dict[Part, list[Row]]:
    found: dict[Part, list[Row]] = {part: [] for part in PARTS}
    items: Mapping[str, Sequence[Spec]] = {
        "规则包": [source.spec] if source.spec is not None else [],
        "定义": source.definitions,
        "规则": source.rules,
        "查找表": [table for table, _ in source.tables],
        "分级方法": source.methods,
        "管控措施": source.measures,
        "检查表": source.checklists,
        "预警": source.warnings,
        "用例": source.cases,
        "覆盖": source.coverage,
    }
    for part in PARTS:
        for spec in items.get(part.sheet, ()):
            _item(part, spec.tree, found)
    entities, attributes = (next(p for p in PARTS if p.sheet == name) for name in ("对象", "事实"))
    for entity in source.entities:
        name = entity.name.text
        found[entities].append({"对象": name, **_cells(entity.spec.tree, (), EntitySpec)})
        for key, attribute in entity.attributes:
            found[attributes].append(
                {"对象": name, "事实": key.text, **_cells(attribute.tree, (), AttributeSpec)}
            )
    return found


def _item(part: Part, tree: Map, found: dict[Part, list[Row]]) -> None:
    under = below(part)
    apart = tuple(each.of for each in under)
    if part.sheet == "查找表":
        apart = ("rows",)
    found[part].append(_cells(tree, apart, part.model))
    mine = tree.get(part.key)
    for each in under:
        held = tree.get(each.of)
        name = mine.text if isinstance(mine, Scalar) else ""
        for key, item in _entries(held):
            named = dict(zip(each.names, (name, key), strict=False))
            found[each].append({**named, **_cells(item, (), each.model)})


def _entries(held: Tree | None) -> Iterator[tuple[str, Map]]:
    """Yield the parts of a list, or of a mapping with their names."""
    if isinstance(held, Map):
        yield from ((key, item) for key, item in held.items() if isinstance(item, Map))
    elif isinstance(held, Seq):
        yield from (("", item) for item in held if isinstance(item, Map))


def _cells(tree: Map, apart: tuple[str, ...], model: type[Spec]) -> Row:
    """Return the cells of an item by key; a part with nothing but texts has a column for each of these."""
    row: Row = {}
    known = fields(model)
    for key, value in in_english(tree, known).items():
        if key in apart:
            continue
        texts = isinstance(value, Map) and all(isinstance(each, Scalar) for each in value.values())
        if isinstance(value, Map) and value and texts and key in _SPREAD:
            row |= {f"{key}.{name}": _text(each) for name, each in value.items()}
            continue
        listed = is_list(known[key]) and not isinstance(value, Map)
        row[key] = _lines(_listed(value)) if listed else _text(value)
    return row


_SPREAD = frozenset(
    (
        "accept",
        "act",
        "ask",
        "because",
        "cite",
        "if_found",
        "in_force",
        "label",
        "left_out",
        "liability",
        "message",
        "method",
        "missing",
        "note",
        "replacement",
        "source",
        "title",
        "transition",
        "unless_because",
    )
)
"""Keys of words, and of parts that stand in columns of their own."""


def _lines(value: Seq) -> str:
    """Return a list of texts with one a line, any other as YAML."""
    texts = [each.text for each in value if isinstance(each, Scalar)]
    plain = len(texts) == len(value) and all(
        t and "\n" not in t and t[0] not in "[{" and t == t.strip() for t in texts
    )
    return "\n".join(texts) if plain and texts else flow(value)


def _row(row: Tree, searched: set[str]) -> Row:
    """Return the cells of a table's row; those in which keys are searched are lists."""
    if not isinstance(row, Map):
        return {}
    found: Row = {}
    for key, cell in row.items():
        if isinstance(cell, Map) and key in NOTES and cell.keys() <= {"zh", "en"}:
            found |= {f"note.{name}": _text(each) for name, each in cell.items()}
        else:
            found[key] = _lines(_listed(cell)) if key in searched else _text(cell)
    return found


def _listed(tree: Tree) -> Seq:
    if isinstance(tree, Seq):
        return tree
    alone = Seq(tree.file, tree.start)
    if isinstance(tree, Scalar) and tree.style == "cell":
        # Several keys in one cell of a CSV file are parted so.
        texts = tree.text.split("|")
        alone.extend(Scalar(tree.file, text.strip(), tree.start, tree.end, "cell") for text in texts)
    else:
        alone.append(tree)
    return alone


def _text(tree: Tree) -> str:
    return tree.text if isinstance(tree, Scalar) else flow(tree)


def flow(tree: Tree) -> str:
    """Return a part of a file as YAML on one line."""
    match tree:
        case Scalar(text=text):
            return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
        case Map():
            return "{" + ", ".join(f"{_key(key)}: {flow(value)}" for key, value in tree.items()) + "}"
        case Seq():
            return "[" + ", ".join(map(flow, tree)) + "]"


def _key(key: str) -> str:
    return key if _PLAIN.fullmatch(key) else json.dumps(key, ensure_ascii=False)
