"""From a workbook to the files of a pack, and faults of these to the cells that they came from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction
from io import BytesIO
from typing import Any

from dualprev_rules.authoring.xlsx.sheets import (
    BY_SHEET,
    PARTS,
    ROWS,
    Part,
    below,
    fields,
    is_list,
    part_model,
    path_of,
)
from dualprev_rules.pack.source import Map, Scalar, Seq, SourceFile
from dualprev_rules.pack.spec import Spec
from dualprev_rules.pack.spec.keys import OF_ROWS
from dualprev_rules.pack.spec.scalars import LocatedWords
from dualprev_rules.pack.yaml_reader import read_yaml
from dualprev_rules.problems import DualprevError, Place, Problem, Words, nearest, problem

_FURTHER = re.compile(r"\+[0-9]+$")
"""Ends the heading of a column that goes on with another, where a text is longer than a cell."""
_TEXTS = (str, bool, int, Fraction, date, Scalar, Words, LocatedWords)
"""Of keys of these a cell is the text itself, whatever it begins with."""
_WORDS = frozenset(("zh", "en"))


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with something in it: its text, and where it stands."""

    text: str
    place: Place


@dataclass(slots=True)
class Row:
    """A row of a sheet: its cells by key."""

    place: Place
    cells: dict[str, Cell] = field(default_factory=dict[str, Cell])


@dataclass(slots=True)
class Made:
    """The files that a workbook makes, and for each of their lines the cell that it came from."""

    texts: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    places: dict[str, list[Place]] = field(default_factory=dict[str, list[Place]])
    problems: list[Problem] = field(default_factory=list[Problem])
    columns: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    """By sheet and key the letter of its column."""

    def add(self, file: str, line: str, place: Place) -> None:
        """Add a line to a file."""
        self.texts.setdefault(file, []).append(line)
        self.places.setdefault(file, []).append(place)

    def files(self) -> dict[str, bytes]:
        """Return the files by their paths in the pack."""
        return {name: ("\n".join(lines) + "\n").encode() for name, lines in self.texts.items()}

    def located(self, fault: Problem, root: str, book: str) -> Problem:
        """Return a fault of a file with the cell that it came from; of a file that lacks, with its sheet."""
        place = fault.place
        name = place.file.removeprefix(f"{root}/") if place is not None else ""
        lines = self.places.get(name)
        if place is None or name == place.file:
            return fault
        if lines is None:
            sheet = next((part.sheet for part in PARTS if part.file == name), None)
            return replace(fault, place=Place(book, sheet=sheet))
        at = lines[min(place.line or 1, len(lines)) - 1]
        if fault.code == "pack.missing-key":
            at = self._emptied(at, (fault.given or "").split(", ")[0])
        return replace(fault, place=at)

    def _emptied(self, at: Place, key: str) -> Place:
        """Return the cell of a key that a row lacks, by one that it has; that one where no column is its."""
        columns = self.columns.get(at.sheet or "", {})
        letters = (at.cell or "").rstrip("0123456789")
        own = next((path for path, letter in columns.items() if letter == letters), "")
        # Of a part in columns of its own, such as 依据.条款, and then of the row.
        column = columns.get(f"{own.partition('.')[0]}.{key}") or columns.get(key)
        if column is None:
            return at
        return Place(at.file, sheet=at.sheet, cell=f"{column}{(at.cell or '')[len(letters) :]}")


def files_of(data: bytes, name: str) -> Made:
    """Return the files of the pack that a workbook holds; raises DualprevError where it is none."""
    book = _open(data, name)
    made = Made()
    sheets: dict[str, list[Row]] = {}
    rows: dict[str, list[Row]] = {}
    for sheet in book.worksheets:
        part = BY_SHEET.get(sheet.title)
        if part is not None:
            sheets[part.sheet] = _rows(sheet, name, part, made)
        elif sheet.title.startswith(ROWS):
            for row in _rows(sheet, name, None, made):
                table = row.cells.pop("查找表", None)
                rows.setdefault(table.text if table is not None else "", []).append(row)
        else:
            near = nearest(sheet.title, BY_SHEET) or "、".join(BY_SHEET)
            place = Place(name, sheet=sheet.title)
            made.problems.append(
                problem("authoring.no-such-sheet", place=place, given=sheet.title, nearest=near)
            )
    for part in PARTS:
        if part.file:
            _write(part, sheets, rows, made)
    return made


def _open(data: bytes, name: str) -> Any:
    try:
        import openpyxl
    except ImportError as fault:
        raise DualprevError(problem("authoring.needs-openpyxl")) from fault
    try:
        load: Any = openpyxl.load_workbook
        return load(BytesIO(data))
    except Exception as fault:
        raise DualprevError(problem("authoring.no-workbook", given=name, place=Place(name))) from fault


# --- cells -----------------------------------------------------------------------------------------


def _rows(sheet: Any, name: str, part: Part | None, made: Made) -> list[Row]:
    heads: dict[int, str] = {}
    found: list[Row] = []
    for cells in sheet.iter_rows():
        if not heads:
            heads = dict(_heads(cells, sheet.title, name, part, made))
            letters = {cell.column: cell.column_letter for cell in cells}
            made.columns[sheet.title] = {path: letters[at] for at, path in reversed(heads.items())}
            continue
        row = Row(Place(name, sheet=sheet.title, cell=f"A{cells[0].row}"))
        for cell in cells:
            place = Place(name, sheet=sheet.title, cell=cell.coordinate)
            text = _text(cell, place, made)
            if not text.strip():
                continue
            if cell.column in heads:
                path = heads[cell.column]
                before = row.cells.get(path)
                row.cells[path] = (
                    Cell(before.text + text, before.place) if before is not None else Cell(text, place)
                )
            else:
                made.problems.append(problem("authoring.no-heading", place=place, given=text[:40]))
        if row.cells:
            found.append(row)
    return found


def _heads(
    cells: Sequence[Any], sheet: str, name: str, part: Part | None, made: Made
) -> Iterator[tuple[int, str]]:
    seen: set[str] = set()
    known = fields(part.model) if part is not None else {}
    for cell in cells:
        place = Place(name, sheet=sheet, cell=cell.coordinate)
        text = _text(cell, place, made).strip()
        if not text:
            continue
        further = _FURTHER.search(text)
        if further is not None:
            text = text[: further.start()]
            yield cell.column, path_of(text) if part is not None else text
            continue
        # What the columns of a table are called is known with the table.
        own = part is None or text in part.names
        path = text if own else path_of(text)
        first, _, rest = path.partition(".")
        if part is not None and not own and (first not in known or not _fits(known[first], rest)):
            headings = [*part.names, *known]
            near = nearest(first, headings) or "、".join(headings)
            made.problems.append(problem("authoring.unknown-column", place=place, given=text, nearest=near))
        elif path in seen:
            made.problems.append(problem("authoring.column-twice", place=place, given=text))
        seen.add(path)
        yield cell.column, path


def _fits(annotation: Any, rest: str) -> bool:
    model = part_model(annotation)
    return not rest or rest in (fields(model) if model is not None else _WORDS)


def _text(cell: Any, place: Place, made: Made) -> str:
    """Return what stands in a cell as text, whatever Excel took it for."""
    value = cell.value
    match value:
        case None:
            return ""
        case str() if cell.data_type == "f":
            made.problems.append(problem("authoring.formula", place=place, given=value))
            return ""
        case str():
            return value
        case bool():
            return str(value).lower()
        case datetime() if not (value.hour or value.minute or value.second):
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


# --- files -----------------------------------------------------------------------------------------


def _write(part: Part, sheets: dict[str, list[Row]], rows: dict[str, list[Row]], made: Made) -> None:
    """Write the file of a sheet, with what belongs to its rows in other sheets."""
    items = sheets.get(part.sheet, [])
    under = {each: _grouped(sheets.get(each.sheet, []), each) for each in below(part)}
    known = {_name(row, part) for row in items}
    for groups in under.values():
        for name, held in groups.items():
            if name not in known and (part.sheet != "规则包" or not items):
                made.problems += [_astray(row, name, known) for row in held]
    for row in items:
        name = _name(row, part)
        indent = "" if part.file == "pack.yaml" else "  "
        if part.file == "facts.yaml":
            made.add(part.file, f"{json.dumps(name, ensure_ascii=False)}:", row.place)
        lines = list(_item(row, part.model, made))
        dash = indent == "  " and part.file != "facts.yaml"
        if not lines and not any(groups.get(name) for groups in under.values()):
            made.add(part.file, "- {}" if dash else f"{indent}{{}}", row.place)
        for at, (line, place) in enumerate(lines):
            made.add(part.file, f"{'- ' if dash and at == 0 else indent}{line}", place)
        for each, groups in under.items():
            held = groups.get(name, []) if part.sheet != "规则包" else [r for g in groups.values() for r in g]
            if held:
                made.add(part.file, f"{indent}{each.of}:", row.place)
                for one in held:
                    _held(one, each, part.file, indent, made)
        if part.sheet == "查找表" and "rows" not in row.cells:
            made.add(part.file, f"{indent}rows:", row.place)
            for one in rows.pop(name, []):
                _table_row(one, row, part.file, indent, made)
    if part.sheet == "查找表":
        made.problems += [_astray(row, name, known) for name, held in rows.items() for row in held]


def _held(row: Row, each: Part, file: str, indent: str, made: Made) -> None:
    named = len(each.names) == 2
    lines = list(_item(row, each.model, made))
    if named:
        key = row.cells.get(each.names[1])
        name = key.text.strip() if key is not None else ""
        made.add(file, f"{indent}  {json.dumps(name, ensure_ascii=False)}:", key.place if key else row.place)
        inner = f"{indent}    "
        if not lines:
            made.add(file, f"{inner}{{}}", row.place)
        for line, place in lines:
            made.add(file, f"{inner}{line}", place)
        return
    for at, (line, place) in enumerate(lines):
        made.add(file, f"{indent}{'- ' if at == 0 else '  '}{line}", place)


def _table_row(row: Row, table: Row, file: str, indent: str, made: Made) -> None:
    searched = _searched(table)
    row = _by_key(row, searched | _declared(table))
    note = {name: row.cells.pop(f"note.{name}") for name in ("zh", "en") if f"note.{name}" in row.cells}
    if note:
        text = ", ".join(f"{name}: {_scalar(cell.text)}" for name, cell in note.items())
        row.cells["note"] = Cell(f"{{{text}}}", next(iter(note.values())).place)
    for at, (key, cell) in enumerate(row.cells.items()):
        if note and key == "note":
            made.add(file, f"{indent}{'- ' if at == 0 else '  '}note: {cell.text}", cell.place)
            continue
        several = key in searched and ("\n" in cell.text.strip() or cell.text.strip()[:1] == "[")
        value = _listed(cell, made) if several else _scalar(cell.text)
        made.add(file, f"{indent}{'- ' if at == 0 else '  '}{_scalar(key)}: {value}", cell.place)


def _by_key(row: Row, own: set[str]) -> Row:
    """Return a row of a table with the keys of rows in English; its ``own`` columns keep their names."""
    named: dict[str, Cell] = {}
    for heading, cell in row.cells.items():
        path = path_of(heading)
        is_key = heading not in own and path.partition(".")[0] in OF_ROWS
        named[path if is_key and path not in row.cells else heading] = cell
    return Row(row.place, named)


def _declared(table: Row) -> set[str]:
    """Return the columns that a table declares."""
    columns = table.cells.get("columns")
    tree = read_yaml(SourceFile("columns", columns.text))[0] if columns is not None else None
    return set(tree) if isinstance(tree, Map) else set()


def _searched(table: Row) -> set[str]:
    """Return the columns in which the keys of a table are searched."""
    key = table.cells.get("key")
    if key is None:
        return set()
    tree, _ = read_yaml(SourceFile("key", key.text))
    columns = list(tree.values()) if isinstance(tree, Map) else []
    texts: set[str] = set()
    for each in columns:
        listed = each if isinstance(each, Seq) else [each]
        texts |= {one.text for one in listed if isinstance(one, Scalar)}
    return texts


def _item(row: Row, model: type[Spec], made: Made) -> Iterator[tuple[str, Place]]:
    """Yield the lines of an item, each with the cell that it came from."""
    known = fields(model)
    spread: dict[str, list[tuple[str, Cell]]] = {}
    for path, cell in row.cells.items():
        first, _, rest = path.partition(".")
        if first not in known:
            continue
        if rest:
            spread.setdefault(first, []).append((rest, cell))
        else:
            yield f"{first}: {_value(cell, known[first], made)}", cell.place
    for first, cells in spread.items():
        if first in row.cells:
            place = cells[0][1].place
            made.problems.append(problem("authoring.column-twice", place=place, given=first))
            continue
        yield f"{first}:", cells[0][1].place
        for rest, cell in cells:
            yield f"  {rest}: {_scalar(cell.text)}", cell.place


def _value(cell: Cell, annotation: Any, made: Made) -> str:
    text = cell.text.strip()
    if is_list(annotation):
        return _listed(cell, made)
    if text[:1] in ("{", "[") and annotation not in _TEXTS:
        return _checked(cell, made)
    return _scalar(cell.text)


def _listed(cell: Cell, made: Made) -> str:
    if cell.text.strip()[:1] in ("{", "["):
        return _checked(cell, made)
    lines = [line.strip() for line in cell.text.splitlines() if line.strip()]
    return "[" + ", ".join(map(_scalar, lines)) + "]"


def _checked(cell: Cell, made: Made) -> str:
    """Return YAML as it stands in a cell, or nothing where it cannot be read."""
    _, faults = read_yaml(SourceFile("cell", cell.text))
    if any(fault.severity == "error" for fault in faults):
        given = cell.text[:40]
        made.problems.append(
            problem("authoring.cell-yaml", place=cell.place, given=given, nearest=faults[0].text("zh"))
        )
        return '""'
    return " ".join(cell.text.split("\n"))


def _scalar(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _name(row: Row, part: Part) -> str:
    """Return what a row is called: by its name, or by the first key of its kind."""
    key = part.names[0] if part.names else part.key
    cell = row.cells.get(key)
    return cell.text.strip() if cell is not None else ""


def _grouped(rows: Sequence[Row], part: Part) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        cell = row.cells.get(part.names[0]) if part.names else None
        found.setdefault(cell.text.strip() if cell is not None else "", []).append(row)
    return found


def _astray(row: Row, name: str, known: set[str]) -> Problem:
    near = nearest(name, sorted(known)) or "、".join(sorted(known)[:8])
    return problem("authoring.row-astray", place=row.place, given=name, nearest=near)
