"""Write ``site.xlsx`` beside an example's ``site.yaml``: the same facts as an enterprise would type them.

Run it after every change of the YAML file: ``python examples/make_workbook.py``. The workbook depends on the
YAML file and the vocabulary only, so that two runs give the same bytes. A sheet holds the records of one
entity; where a fact comes from becomes the comment of its cell, since a cell has no room for it. A fact with
``valid_until`` is left blank: a cell cannot say until when it holds.
"""

# ruff: noqa: INP001 - a script of the checkout, in no package
from __future__ import annotations

import io
import re
import sys
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from dualprev_rules import Engine
from dualprev_rules.facts.given import Given, is_list_form, take_apart
from dualprev_rules.facts.plan import Plan, Plans, Slot
from dualprev_rules.facts.schema import Schema
from dualprev_rules.facts.types import Bool, Date, Number

EXAMPLES = Path(__file__).parent
PACKS = EXAMPLES.parent / "packs"
SITES = {"chlor_alkali_lpg": "chemicals"}
"""Example → the pack whose vocabulary it is written in."""

_ROOT = "enterprise"
_COMPLETE, _INCOMPLETE = "本表已填全", "本表未填全"
_NONE = "无"
"""A set that is known to be empty; a blank cell is not known."""
_HEADER = 2
"""The row of the headers; what a sheet says about itself stands above them."""
_FIGURE = re.compile(r"-?\d+(\.\d+)?")
_WHEN = datetime(2026, 11, 21)  # noqa: DTZ001 - a file's own date has no zone
"""The date that the workbook bears, whenever it is made."""


@dataclass
class Cell:
    """What a cell holds, and what is told about it."""

    value: Any
    told: str = ""


@dataclass
class Table:
    """The rows of one entity: cells by column, where a column is a holder, an attribute or an unknown key."""

    plan: Plan
    rows: list[dict[str, Cell]] = field(default_factory=list)
    holders: dict[str, None] = field(default_factory=dict)
    unknown: dict[str, None] = field(default_factory=dict)
    complete: set[bool] = field(default_factory=set)


class Tables:
    """An enterprise's tree taken apart into tables."""

    def __init__(self, plans: Plans, tree: dict[str, Any]) -> None:
        self.plans = plans
        self.tables: dict[str, Table] = {}
        self._unsaid: dict[str, str] = {}
        """Entity of a list → the entity of a record that does not say what it has of it."""
        self._add(_ROOT, tree[_ROOT], {})
        for child, entity in self._unsaid.items():
            if child in self.tables:
                # A list without a sheet is unknown, but a sheet holds for all holders or for none.
                raise SystemExit(f"a {entity} does not say what {child} it has and another does; write []")

    def _table(self, entity: str) -> Table:
        return self.tables.setdefault(entity, Table(self.plans[entity]))

    def _add(self, entity: str, record: dict[str, Any], holder: dict[str, Cell]) -> None:
        """Add a record as a row, and what it holds to the tables of its parts."""
        table = self._table(entity)
        row, lists = dict(holder), {}
        table.holders |= dict.fromkeys(holder)
        table.rows.append(row)
        for key, raw in record.items():
            slot = table.plan.names.get(key)
            if slot is None:
                table.unknown[key] = None
                row[key] = Cell(_typed(raw, None))
            elif slot.child is not None:
                lists[slot.name] = raw
            elif raw is not None:
                row[slot.name] = _cell(raw, slot)
        key = table.plan.key
        below = {entity: Cell(row[key.name].value)} if key is not None and entity != _ROOT else {}
        self._lists(table.plan, lists, below)

    def _lists(self, plan: Plan, lists: dict[str, Any], holder: dict[str, Cell]) -> None:
        for slot in plan.slots.values():
            if slot.child is None:
                continue
            group = next((group for group in plan.groups if slot in group), (slot,))
            if not any(other.name in lists for other in group):
                self._unsaid[slot.child] = plan.entity.name
                continue
            raw = lists.get(slot.name, [])
            given = take_apart(raw) if isinstance(raw, dict) and is_list_form(raw) else Given(raw)
            if slot.name in lists:
                self._table(slot.child).complete.add(given.complete is not False)
            for record in given.value:
                self._add(slot.child, record, holder)


def _cell(raw: Any, slot: Slot) -> Cell:
    if not isinstance(raw, dict):
        return Cell(_typed(raw, slot))
    given = take_apart(raw)
    value = _typed(given.value if given.unit is None else f"{given.value} {given.unit}", slot)
    came = given.provenance
    told = [] if came is None else [came.at, came.by, came.source, came.evidence, came.valid_until]
    labels = ("日期 at", "记录人 by", "来源 source", "证据 evidence", "有效期至 valid until")
    lines = [f"{label}: {part}" for label, part in zip(labels, told, strict=False) if part is not None]
    if came is not None and came.valid_until is not None:
        lines.insert(0, f"值 value: {given.value}（已留空 left blank）")
        value = None
    return Cell(value, "\n".join(lines))


def _typed(raw: Any, slot: Slot | None) -> Any:
    """Return what a person would type: a figure, a date, yes or no, or a text."""
    if isinstance(raw, list):
        return "、".join(raw) or _NONE
    kind = slot.attribute.type if slot is not None else None
    if raw in ("true", "false") and (slot is None or isinstance(kind, Bool)):
        return raw == "true"
    if isinstance(kind, Number) and _FIGURE.fullmatch(raw):
        return float(raw) if "." in raw else int(raw)
    if isinstance(kind, Date) and re.fullmatch(r"\d{4}-\d\d-\d\d", raw):
        return date.fromisoformat(raw)
    return raw


def workbook(site: Path, schema: Schema) -> bytes:
    """Return the workbook of a site's facts, written in the vocabulary of ``schema``."""
    plans = Plans(schema)
    with site.open(encoding="utf-8") as file:
        # Every scalar is the text that stands in the file: the vocabulary says what it is, not YAML.
        tree = _blank(yaml.load(file, Loader=yaml.BaseLoader))  # noqa: S506 - builds plain text only
    book = Workbook()
    book.remove(book.active)
    for table in Tables(plans, tree).tables.values():
        _write(book.create_sheet(table.plan.entity.label.zh), table, plans)
    held = io.BytesIO()
    book.save(held)
    return _dated(held.getvalue())


def _blank(tree: Any) -> Any:
    """Turn the texts that mean nothing into nothing."""
    if isinstance(tree, dict):
        return {key: _blank(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_blank(value) for value in tree]
    return None if tree in ("", "null") else tree


def _write(sheet: Any, table: Table, plans: Plans) -> None:
    if table.plan.entity.name == _ROOT:
        sheet.cell(1, 1, "示例，企业是虚构的；由 site.yaml 生成。An invented example, made from site.yaml.")
    else:
        sheet.cell(1, 1, _COMPLETE if table.complete == {True} else _INCOMPLETE)
        if len(table.complete) > 1:
            raise SystemExit(f"{sheet.title}: complete for some holders only; a workbook cannot say so")
    used = {name for row in table.rows for name in row}
    columns = [*table.holders, *(name for name in table.plan.slots if name in used), *table.unknown]
    for number, name in enumerate(columns, 1):
        header = sheet.cell(_HEADER, number, _header(name, table, plans))
        header.font, header.fill = Font(bold=True), PatternFill("solid", fgColor="DDEBF7")
        longest = len(header.value)
        for at, row in enumerate(table.rows, _HEADER + 1):
            given = row.get(name)
            if given is None:
                continue
            cell = sheet.cell(at, number, given.value)
            if isinstance(given.value, str):
                cell.number_format = "@"
                longest = max(longest, len(given.value))
            elif isinstance(given.value, date):
                cell.number_format = "yyyy-mm-dd"
            if given.told:
                cell.comment = Comment(given.told, "site.yaml", width=320, height=120)
        sheet.column_dimensions[get_column_letter(number)].width = min(40, max(12, 2 * longest))
    sheet.freeze_panes = sheet.cell(_HEADER + 1, 1)


def _header(name: str, table: Table, plans: Plans) -> str:
    """Return the Chinese label of a column where it can be read back, else its name."""
    if name in table.unknown:
        return name
    if name in table.holders:
        label = plans[name].entity.label.zh
        return label if table.plan.names.get(label) is None else name
    slot = table.plan.slots[name]
    label = slot.attribute.label.zh
    return label if table.plan.names.get(label) is slot else name


def _dated(data: bytes) -> bytes:
    """Give every part of a workbook the same date, so that the same content is the same file."""
    stamp = _WHEN.strftime("%Y-%m-%dT%H:%M:%SZ")
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as packed,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as out,
    ):
        for name in sorted(packed.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            part = packed.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp.encode(), part)
            out.writestr(zipfile.ZipInfo(name, _WHEN.timetuple()[:6]), part, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def main() -> None:
    """Write the workbook of every example."""
    for name, pack in SITES.items():
        target = EXAMPLES / name / "site.xlsx"
        engine = Engine.load([PACKS / pack / f"dualprev_pack_{pack}"], as_of=_WHEN.date())
        data = workbook(EXAMPLES / name / "site.yaml", engine.ruleset.schema)
        written = target.with_suffix(".tmp")
        written.write_bytes(data)
        written.replace(target)
        sys.stdout.write(f"{target} {len(data):,} bytes\n")


if __name__ == "__main__":
    main()
