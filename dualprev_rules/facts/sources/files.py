"""Files: found, measured, decoded, and given to the reader of their format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from dualprev_rules.facts.document import MOST_BYTES, Document
from dualprev_rules.facts.plan import Plans
from dualprev_rules.facts.shown import printable
from dualprev_rules.facts.sources import csv, json, xlsx, yaml
from dualprev_rules.facts.sources.sheet import Sheet
from dualprev_rules.facts.sources.tables import assemble
from dualprev_rules.problems import DualprevError, Place, Problem, problem

_TEXTS: Mapping[str, Callable[[str, str], Document]] = {
    ".json": json.read_json,
    ".yaml": yaml.read_yaml,
    ".yml": yaml.read_yaml,
}
_WORKBOOKS = (".xlsx", ".xlsm")
_KINDS = (*_TEXTS, ".csv", *_WORKBOOKS)


def open_file(path: Path, plans: Plans) -> Document:
    """Read a file, or a folder of CSV files, by the kind that its name tells; raises DualprevError."""
    name = printable(str(path), most=None)
    try:
        if path.is_dir():
            return _folder(path, name, plans)
        if path.name.startswith("~$"):
            meant = path.name.removeprefix("~$")
            raise DualprevError(problem("facts.lock-file", given=name, nearest=meant, place=Place(name)))
        kind = path.suffix.lower()
        if kind in _TEXTS:
            text, notes = _decode(_bytes(path, name), name)
            document = _TEXTS[kind](text, name)
            return replace(document, notes=tuple(notes))
        if kind == ".csv":
            sheet, notes = _csv(path, name)
            return assemble([sheet], plans, name, whole=False, notes=notes)
        if kind in _WORKBOOKS:
            return assemble(xlsx.read_sheets(_bytes(path, name), name), plans, name, whole=True)
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or type(fault).__name__
        raise DualprevError(problem("facts.file", given=name, reason=reason, place=Place(name))) from fault
    raise DualprevError(problem("facts.file-kind", given=name, kinds="、".join(_KINDS), place=Place(name)))


def _folder(path: Path, name: str, plans: Plans) -> Document:
    # What Office keeps beside an open file (~$unit.csv) is no data, nor is a hidden file.
    files = sorted(f for f in path.iterdir() if f.suffix.lower() == ".csv" and f.name[:1] not in (".", "~"))
    if not files:
        raise DualprevError(problem("facts.empty-folder", given=name, place=Place(name)))
    sheets: list[Sheet] = []
    notes: list[Problem] = []
    for file in files:
        sheet, more = _csv(file, f"{name}/{file.name}")
        sheets.append(sheet)
        notes += more
    return assemble(sheets, plans, name, whole=True, notes=notes)


def _csv(path: Path, name: str) -> tuple[Sheet, list[Problem]]:
    text, notes = _decode(_bytes(path, name), name)
    return csv.read_sheet(text, path.stem, name), notes


def _bytes(path: Path, name: str) -> bytes:
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise DualprevError(
            problem("facts.too-large", given=name, limit=MOST_BYTES // 1024**2, place=Place(name))
        )
    return data


def _decode(data: bytes, name: str) -> tuple[str, list[Problem]]:
    """Decode UTF-8, with or without its mark, UTF-16 with it, or GB 18030; the last two are noted."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    else:
        try:
            return data.decode("utf-8-sig"), []
        except UnicodeDecodeError:
            encoding = "gb18030"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as fault:
        raise DualprevError(problem("facts.encoding", given=name, place=Place(name))) from fault
    shown_as = encoding.upper()
    note = problem("facts.read-encoding", severity="note", place=Place(name), given=shown_as, effect="read")
    return text, [note]
