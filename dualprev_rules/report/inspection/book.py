"""The sheet as a workbook, and what a filled workbook answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from dualprev_rules.control.answers import Answer, Looked
from dualprev_rules.control.who import called
from dualprev_rules.facts.record import Facts, Record
from dualprev_rules.facts.schema import Attribute
from dualprev_rules.facts.types import Bool, SetOf
from dualprev_rules.problems import DualprevError, Words, problem
from dualprev_rules.problems.words import Lang
from dualprev_rules.report.inspection.sheet import Line, Sheet, subject_of
from dualprev_rules.report.inspection.whose import ensure_of
from dualprev_rules.report.phrases import joined, phrase
from dualprev_rules.report.sheets import Content, write_book
from dualprev_rules.report.sheets import Sheet as Table

_COLUMNS = (
    ("line_number", 6),
    ("where", 26),
    ("looked_at", 26),
    ("question", 40),
    ("how_to_look", 34),
    ("answer", 16),
    ("unit_of_value", 8),
    ("reason_or_remark", 22),
    ("exact_place", 16),
    ("photo_name", 16),
    ("inspector", 12),
    ("inspected_at", 18),
    ("record_path", 10),
    ("fact_name", 10),
    ("item_id", 10),
)
_ANSWER = 6
_HIDDEN = frozenset((13, 14, 15))
_NEEDED = ("answer", "reason_or_remark", "exact_place", "photo_name", "inspector", "inspected_at")
_DIVIDERS = "、，,；;"
_KEYS = ("looked_at", "record_path", "fact_name", "item_id")


def inspection_book(sheet: Sheet, lang: Lang = "zh") -> bytes:
    """Return the sheet as XLSX, an answer to a line, with lists to pick from.

    Raises DualprevError where openpyxl is not installed.
    """
    rows = [_row(number, line, sheet.by, lang) for number, line in enumerate(sheet.lines, 1)]
    table = Table(
        name=phrase("sheet_inspection").get(lang),
        columns=[(phrase(name).get(lang), width) for name, width in _COLUMNS],
        rows=rows,
        header=f"{sheet.enterprise} {sheet.title.get(lang)} {sheet.day}",
        hidden=_HIDDEN,
        pick={(number, _ANSWER): _offered(line, lang) for number, line in enumerate(sheet.lines, 1)},
    )
    key = "inspection_can_decide" if sheet.major else "inspection_can_decide_others"
    said = phrase(key, n=len(sheet.lines), minutes=sheet.duration, decides=sheet.can_decide, open=sheet.open)
    about = Table(
        name=phrase("sheet_inspection_about").get(lang),
        columns=[(phrase("item").get(lang), 20), (phrase("value_is").get(lang), 100)],
        rows=[
            (phrase("inspection_sheet").get(lang), sheet.title.get(lang)),
            (phrase("title_enterprise").get(lang), sheet.enterprise),
            (phrase("day").get(lang), sheet.day),
            (phrase("item_id").get(lang), sheet.id),
            ("", said.get(lang)),
            ("", phrase("inspection_order").get(lang)),
            ("", phrase("how_to_fill").get(lang)),
        ],
    )
    title = f"{sheet.enterprise} {sheet.title.get(lang)} {sheet.day}"
    return write_book((table, about), title=title, creator="dualprev-rules")


def _row(number: int, line: Line, by: str, lang: Lang) -> list[Content]:
    look = [said.get(lang) for said in line.look]
    choices = [words for _, words in line.choices]
    if line.form == "several":
        look.append(phrase("several_divided", choices=joined(choices, "semicolon")).get(lang))
    elif line.form == "choice":
        look.append(phrase("one_of_these", choices=joined(choices, "semicolon")).get(lang))
    return [
        number,
        line.place,
        line.subject.get(lang),
        line.ask.get(lang),
        "\n".join(look),
        "",
        line.unit,
        "",
        "",
        "",
        by,
        "",
        line.record,
        line.fact or "",
        line.item or "",
    ]


def _offered(line: Line, lang: Lang) -> list[str]:
    own = [words.get(lang) for _, words in line.choices] if line.form in ("bool", "choice") else []
    return [*own, *(phrase(name).get(lang) for name in ("not_applicable_here", "not_checked"))]


def read_book(path: Path, facts: Facts) -> tuple[Answer, ...]:
    """Return what a filled workbook answers; a blank answer is one that was not checked.

    Raises DualprevError where it is no such workbook, with every fault of it.
    """
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        what = Words("XLSX 检查表", "an inspection sheet in XLSX")
        raise DualprevError(problem("report.missing-extra", given="openpyxl", what=what)) from error
    try:
        book = load_workbook(path, data_only=True)
    except Exception as error:
        raise DualprevError(problem("control.no-sheet", given=str(path))) from error
    for sheet in book.worksheets:
        rows = (tuple(_content(cell) for cell in row) for row in sheet.iter_rows())
        places = _places(next(rows, ()))
        if places is not None:
            ensure_of(_enterprise(book.worksheets), facts, str(path))
            records = {record.path: record for record in facts.records()}
            return tuple(_answers(rows, places, records))
    raise DualprevError(problem("control.no-sheet", given=str(path)))


def _content(cell: Any) -> Any:
    """Return what a cell holds: where it shows a share of one as per cent, the per cent that it shows."""
    value = cell.value
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and "%" in (cell.number_format or ""):
        return f"{Decimal(f'{value:.15g}') * 100:f} %"
    return value


def _enterprise(sheets: list[Any]) -> Any:
    """Return the name of the enterprise that a workbook was made for, where it still says it."""
    heading = phrase("title_enterprise")
    rows = (row for sheet in sheets for row in sheet.iter_rows(values_only=True, max_col=2))
    return next((row[1] for row in rows if row[0] in (heading.zh, heading.en) and len(row) > 1), None)


def _places(headings: tuple[Any, ...]) -> Mapping[str, int] | None:
    """Return where each column stands, whichever language its heading is in; None where one lacks."""
    found: dict[str, int] = {}
    for name in (*_NEEDED, *_KEYS):
        words = phrase(name)
        at = [i for i, heading in enumerate(headings) if heading in (words.zh, words.en)]
        if not at:
            return None
        found[name] = at[0]
    return found


def _answers(
    rows: Iterator[tuple[Any, ...]], places: Mapping[str, int], records: Mapping[str, Record]
) -> Iterator[Answer]:
    for row in rows:
        cells = {name: row[at] if at < len(row) else None for name, at in places.items()}
        record = _text(cells["record_path"])
        if not record:
            continue
        fact = _text(cells["fact_name"]) or None
        given = cells["answer"]
        looked = _looked(_text(given))
        held = records.get(record)
        attribute = held.entity.attributes.get(fact or "") if held is not None else None
        value = _value(given, attribute) if looked == "value" else None
        yield Answer(
            record=record,
            called=_called(_text(cells["looked_at"]), held),
            fact=fact,
            item=_text(cells["item_id"]) or None,
            looked=looked,
            value=value,
            reason=_text(cells["reason_or_remark"]),
            place=_text(cells["exact_place"]),
            photo=_text(cells["photo_name"]),
            by=_text(cells["inspector"]),
            at=_moment(cells["inspected_at"]),
        )


def _called(cell: str, record: Record | None) -> str:
    """Return what the record was called: the cell without the kind of record, where it is this one."""
    if record is None:
        return ""
    subject = subject_of(record)
    return called(record) if cell in ("", subject.zh, subject.en) else cell


def _looked(text: str) -> Looked:
    told = text.casefold()
    for name, looked in (("not_applicable_here", "not_applicable"), ("not_checked", "not_checked")):
        if told in (phrase(name).zh, phrase(name).en.casefold()):
            return cast("Looked", looked)
    return "value" if told else "not_checked"


def _value(given: Any, attribute: Attribute | None) -> bool | str | tuple[str, ...]:
    """Return an answer as a fact: yes and no in either language, several members divided."""
    of = attribute.type if attribute is not None else Bool()
    text = _text(given)
    if isinstance(of, Bool):
        for name, truth in (("yes", True), ("no", False)):
            if text.casefold() in (phrase(name).zh, phrase(name).en):
                return truth
    if isinstance(of, SetOf):
        parts = _parts(text, attribute) if attribute is not None else [text]
        return tuple(part for part in parts if part not in ("", phrase("none").zh))
    return text


def _parts(text: str, attribute: Attribute) -> list[str]:
    """Return the members that an answer names; a comma within the label of one does not divide it."""
    labels = {said for words in attribute.member_labels.values() for said in (words.zh, words.get("en"))}
    longest = "|".join(re.escape(label) for label in sorted(labels, key=len, reverse=True) if label)
    whole = rf"(?:^|(?<=[{_DIVIDERS}]))\s*(?:{longest})\s*(?=$|[{_DIVIDERS}])"
    return [part.strip() for part in re.findall(rf"{whole}|[^{_DIVIDERS}]+", text, re.IGNORECASE)]


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _moment(cell: Any) -> datetime | None:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    try:
        return datetime.fromisoformat(_text(cell).replace("/", "-"))
    except ValueError:
        return None
