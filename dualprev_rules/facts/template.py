"""Write the workbook that an enterprise fills in: one sheet an entity, ready to be read back."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from dualprev_rules.facts.plan import Plan
from dualprev_rules.facts.possible import EVERY_NUMBER
from dualprev_rules.facts.schema import ROOT, Attribute, Entity, Schema
from dualprev_rules.facts.shown import span
from dualprev_rules.facts.sources.xlsx import CHOICES_SHEET
from dualprev_rules.facts.template_words import template_words
from dualprev_rules.facts.types import Bool, Date, Enum, ListOf, Number, Rec, SetOf, Text
from dualprev_rules.problems import DualprevError, Place, Words, problem

Lang = Literal["zh", "en"]

_HINTS, _HEADERS, _FIRST = 2, 3, 4
"""Rows: above the hints stands the cell that says whether the sheet is complete."""
_STYLED = 100
"""So many rows have their cells formatted one by one: not every program keeps a column's format."""
_VALIDATED = 10_000


def write_template(schema: Schema, path: str | Path, *, lang: Lang = "zh") -> None:
    """Write a workbook with every entity that an enterprise holds, labels and hints in ``lang``.

    Columns that Excel would mangle are formatted as text, members are offered as drop-down lists. What is
    filled in is read by ``read_facts``. The file appears whole or not at all; raises DualprevError where it
    cannot be written or openpyxl is missing.
    """
    target = Path(path)
    try:
        from openpyxl import Workbook
    except ImportError as fault:
        raise DualprevError(
            problem("facts.needs-openpyxl", given=str(path), place=Place(str(path)))
        ) from fault
    book: Any = Workbook()
    book.remove(book.active)
    writer = _Writer(book, lang)
    for entity in _order(schema):
        writer.sheet(entity, _columns(entity, schema, lang))
    writer.choices()
    _save(book, target)


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a sheet: an attribute of its records, or the key of their holder."""

    header: str
    hint: str
    format: str
    choices: tuple[str, ...] = ()


class _Writer:
    def __init__(self, book: Any, lang: Lang) -> None:
        self.book = book
        self.lang: Lang = lang
        self.words = template_words()
        self._choices: list[tuple[str, ...]] = []
        self._titles: set[str] = {CHOICES_SHEET}

    def sheet(self, entity: Entity, columns: list[_Column]) -> None:
        """Add the sheet of an entity."""
        from openpyxl.styles import Alignment, Font, PatternFill
        from openpyxl.utils import get_column_letter

        sheet = self.book.create_sheet(self._title(entity))
        sheet.cell(1, 1).fill = PatternFill("solid", fgColor="FFF2CC")
        sheet.cell(1, 2, self._word("explain"))
        self._offer(sheet, "A1", (self._word("complete"), self._word("incomplete")))
        for number, column in enumerate(columns, 1):
            letter = get_column_letter(number)
            hint, header = (
                sheet.cell(_HINTS, number, column.hint),
                sheet.cell(_HEADERS, number, column.header),
            )
            hint.font = Font(italic=True, color="7F7F7F")
            hint.alignment = Alignment(wrap_text=True, vertical="top")
            header.font = Font(bold=True)
            header.fill = PatternFill("solid", fgColor="DDEBF7")
            sheet.column_dimensions[letter].width = max(14, min(40, 2 * len(column.header) + 2))
            sheet.column_dimensions[letter].number_format = column.format
            if column.format != "General":
                for row in range(_FIRST, _FIRST + _STYLED):
                    sheet.cell(row, number).number_format = column.format
            if column.choices:
                self._offer(sheet, f"{letter}{_FIRST}:{letter}{_FIRST + _VALIDATED}", column.choices)
        sheet.row_dimensions[_HINTS].height = 60
        sheet.freeze_panes = f"A{_FIRST}"

    def choices(self) -> None:
        """Add the sheet that holds the choices of all drop-down lists."""
        sheet = self.book.create_sheet(CHOICES_SHEET)
        sheet.sheet_state = "hidden"
        for column, choices in enumerate(self._choices, 1):
            for row, choice in enumerate(choices, 1):
                sheet.cell(row, column, choice).number_format = "@"

    def _offer(self, sheet: Any, cells: str, choices: tuple[str, ...]) -> None:
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.datavalidation import DataValidation

        if choices not in self._choices:
            self._choices.append(choices)
        letter = get_column_letter(self._choices.index(choices) + 1)
        formula = f"'{CHOICES_SHEET}'!${letter}$1:${letter}${len(choices)}"
        # What is not offered is still accepted: an unknown or partly known fact has a spelling of its own.
        validation: Any = DataValidation(
            type="list", formula1=formula, allow_blank=True, showErrorMessage=False
        )
        validation.add(cells)
        sheet.add_data_validation(validation)

    def _title(self, entity: Entity) -> str:
        label = entity.label.get(self.lang)
        fits = 0 < len(label) <= 31 and not re.search(r"[\[\]:*?/\\']", label) and label not in self._titles
        title = label if fits else entity.name[:31]
        self._titles.add(title)
        return title

    def _word(self, name: str) -> str:
        return self.words[name].get(self.lang)


def _order(schema: Schema) -> list[Entity]:
    """Return what an enterprise holds, itself first and holders before what they hold; without one, all.

    What stands above it, a region or a park, is not the enterprise's to fill in.
    """
    if ROOT not in schema.entities:
        return [*schema.entities.values()]
    order = [ROOT]
    for name in order:
        for attribute in schema.entities[name].lists():
            assert isinstance(attribute.type, ListOf)
            if attribute.type.of.entity not in order:
                order.append(attribute.type.of.entity)
    return [schema.entities[name] for name in order]


def _columns(entity: Entity, schema: Schema, lang: Lang) -> list[_Column]:
    words, plan = template_words(), Plan(entity)
    columns = [
        _Column(header, words["holder"].get(lang).format(key=label), "@")
        for header, label in _holders(plan, schema, lang)
    ]
    for slot in plan.slots.values():
        if slot.child is None:
            # A label that is read as something else cannot head the column: then the name does.
            label = _label(slot.attribute.label, slot.name, lang)
            header = label if plan.names.get(label) is slot else slot.name
            columns.append(_column(slot.attribute, header, words, lang))
    return columns


def _holders(plan: Plan, schema: Schema, lang: Lang) -> Iterator[tuple[str, str]]:
    """Yield for each list that may hold these records the header of its column, and the key's label."""
    entity = plan.entity
    for holder in schema.entities.values():
        lists = [a for a in holder.lists() if isinstance(a.type, ListOf) and a.type.of.entity == entity.name]
        if not lists or holder.key is None or holder.name == ROOT:
            continue
        label = _label(holder.label, holder.name, lang)
        key = holder.attributes[holder.key]
        own = plan.names.get(label)
        header = label if own is None or own.child is not None else holder.name
        for listed in lists:
            suffix = f".{listed.name}" if len(lists) > 1 else ""
            yield header + suffix, _label(key.label, key.name, lang)


def _column(attribute: Attribute, header: str, words: Mapping[str, Words], lang: Lang) -> _Column:
    hints = [attribute.ask.get(lang)] if attribute.ask is not None else []
    choices: tuple[str, ...] = ()
    layout = "General"
    match attribute.type:
        case Bool():
            choices = _yes_no(attribute)
            hints.append(" / ".join(choices))
        case Number(unit=unit):
            hints += [unit.symbol] if unit.symbol else []
            if attribute.range != EVERY_NUMBER:
                hints.append(span(attribute.range))
        case Date():
            layout = "yyyy-mm-dd"
            hints.append("2019-03-01")
        case Enum() as of:
            layout, choices = "@", _members(attribute, of, lang)
        case SetOf(of=of):
            layout = "@"
            hints.append(words["several"].get(lang))
            if isinstance(of, Enum):
                hints.append("、".join(_members(attribute, of, lang)))
        case Text() | Rec():
            layout = "@"
        case _:
            pass
    if attribute.absent_is_none:
        hints.append(words["blank"].get(lang))
    return _Column(header, "\n".join(hints), layout, choices)


def _members(attribute: Attribute, of: Enum, lang: Lang) -> tuple[str, ...]:
    labels = [_label(attribute.member_labels.get(m, Words("", "")), m, lang) for m in of.members]
    return tuple(
        label if labels.count(label) == 1 else m for m, label in zip(of.members, labels, strict=True)
    )


def _yes_no(attribute: Attribute) -> tuple[str, str]:
    """Return the first declared readings of true and false, else the words that are always read."""
    found: dict[str, str] = {}
    for spelling, member in attribute.member_aliases.items():
        found.setdefault(member, spelling)
    return found.get("true", "TRUE"), found.get("false", "FALSE")


def _label(label: Words, name: str, lang: Lang) -> str:
    return label.get(lang) or name


def _save(book: Any, target: Path) -> None:
    """Save under another name and move it: what was there stays until the new file is whole."""
    try:
        # Not by tempfile, whose files nobody else may read: the mode is as the umask says.
        written = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
        try:
            book.save(written)
            written.replace(target)
        finally:
            written.unlink(missing_ok=True)
    except OSError as fault:
        place, reason = Place(str(target)), fault.strerror or type(fault).__name__
        raise DualprevError(
            problem("facts.cannot-write", given=str(target), reason=reason, place=place)
        ) from fault
