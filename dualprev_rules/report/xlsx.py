"""The register and the findings as a workbook: real sheets that can be filtered, sorted and printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from dualprev_rules.problems import DualprevError, Words, problem
from dualprev_rules.problems.words import Lang
from dualprev_rules.report.phrases import clause_words, joined, method_name, named, phrase, value_words, words
from dualprev_rules.report.sections import Document, Entry, enterprise_name, part_of

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DECIMAL = re.compile(r"-?\d{1,9}(\.\d{1,6})?")
"""What Excel holds as a number without a loss."""
_LONGEST = 32_767
"""The most characters that a cell holds."""
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: the name of its heading, its width, and how it is filled."""

    heading: str
    width: int
    fill: Callable[[Any, Lang], str | float]
    colour: Callable[[Any], Entry] | None = None
    """The grade whose colour the cell has; hatched while the grade is not decided."""


def workbook(document: Document, lang: Lang = "zh") -> bytes:
    """Return the register, findings, questions, derived values and data problems as XLSX.

    Every cell that holds text is text, whatever it begins with. Raises DualprevError where openpyxl
    is not installed. The same document gives the same bytes.
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
    _sheet(book, "register", _REGISTER, document["risk_points"], lang)
    shown = [f for f in document["findings"] if f["outcome"] != "not_applicable"]
    _sheet(book, "findings", _FINDINGS, shown, lang)
    _sheet(book, "questions", _QUESTIONS, document["questions"], lang)
    _sheet(book, "classifications", _DERIVED, list(document["derived"].items()), lang)
    _sheet(book, "problems", _PROBLEMS, [*document["data_problems"], *document["notes"]], lang)
    _sheet(book, "about", _ABOUT, _about(document), lang)
    book.properties.creator = f"dualprev-rules {document['engine']['version']}"
    book.properties.title = f"{enterprise_name(document) or ''} {document['engine']['as_of']}".strip()
    book.properties.created = book.properties.modified = _EPOCH
    written = BytesIO()
    book.save(written)
    return _without_clock(written.getvalue())


def _sheet(book: Workbook, name: str, columns: Sequence[Column], rows: Iterable[Any], lang: Lang) -> None:
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet: Worksheet = book.create_sheet(phrase(f"sheet_{name}").get(lang))
    line = Side(style="thin", color="D9DFE5")
    box = Border(left=line, right=line, top=line, bottom=line)
    for number, column in enumerate(columns, 1):
        head = sheet.cell(1, number, phrase(column.heading).get(lang))
        head.font = Font(bold=True, color="FFFFFF")
        head.fill = PatternFill("solid", start_color="1B2733")
        head.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    body = NamedStyle(name=f"body_{name}", alignment=Alignment(vertical="top", wrap_text=True), border=box)
    book.add_named_style(body)
    for row_number, row in enumerate(rows, 2):
        for number, column in enumerate(columns, 1):
            cell = sheet.cell(row_number, number)
            cell.style = body.name
            _put(cell, column.fill(row, lang))
            if column.colour is not None:
                _paint(cell, column.colour(row))
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    footer = sheet.oddFooter
    assert footer is not None
    assert footer.center is not None
    footer.center.text = "&P / &N"


def _put(cell: Any, value: str | float) -> None:
    """Write a value; a text stays a text, never a formula."""
    if not isinstance(value, str):
        cell.value = value
        return
    if not value:
        return
    cell.value = _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", value)[:_LONGEST]
    cell.data_type = "s"
    # Excel itself then treats what is typed or pasted over such a cell as text too.
    cell.quotePrefix = value[:1] in {"=", "+", "-", "@"}


def _paint(cell: Any, grade: Entry) -> None:
    from openpyxl.styles import Font, PatternFill

    colour, ink = (str(grade[key]).lstrip("#") for key in ("colour_hex", "ink_hex"))
    if grade["hatched"]:
        # Dark stripes of the colour behind dark text: readable, and never like a decided grade.
        cell.fill = PatternFill("lightUp", start_color=colour, end_color="FFFFFF")
        cell.font = Font(bold=True, color="000000")
    else:
        cell.fill = PatternFill("solid", start_color=colour)
        cell.font = Font(bold=True, color=ink)


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


def _said(name: str) -> Callable[[Entry, Lang], str]:
    return lambda row, lang: words(row.get(name)).get(lang)


def _plain(name: str) -> Callable[[Entry, Lang], str]:
    return lambda row, _: str(row.get(name) or "")


def _count(name: str) -> Callable[[Entry, Lang], int]:
    return lambda row, _: int(row[name])


def _class(pair: tuple[str, Entry], lang: Lang) -> str:
    return phrase("classification").get(lang) if pair[1]["classification"] else ""


def _clauses(row: Entry, lang: Lang) -> str:
    return "\n".join(clause_words(one, lang) for one in row["citations"])


def _figures(row: Entry, lang: Lang) -> str:
    return "\n".join(named("status", one["status"]).get(lang) for one in row["citations"])


def _lines(name: str) -> Callable[[Entry, Lang], str]:
    return lambda row, _: "\n".join(row[name])


def _measures(row: Entry, lang: Lang) -> str:
    return "\n".join(words(one.get("title") or one.get("name")).get(lang) for one in row["measures"])


def _factors(point: Entry, lang: Lang) -> str:
    lines: list[str] = []
    for grading in point["gradings"]:
        scores = [f"{name}={value_words(v).get(lang)}" for name, v in grading["factors"].items()]
        lines.append(" ".join(scores))
    return "\n".join(lines)


def _result(point: Entry, lang: Lang) -> str | float:
    given = [g["result"] for g in point["gradings"] if g["result"] is not None]
    if len(given) == 1 and isinstance(given[0], str) and _DECIMAL.fullmatch(given[0]):
        return float(given[0]) if "." in given[0] else int(given[0])
    return "\n".join(value_words(result).get(lang) for result in given)


def _methods(point: Entry, _: Lang) -> str:
    return "\n".join(dict.fromkeys(method_name(g["method"]) for g in point["gradings"] if g["method"]))


def _outcome(finding: Entry, lang: Lang) -> str:
    part = part_of(finding)
    name = part if part in ("presumed", "unbinding", "doubtful") else None
    return (phrase(f"mark_{name}") if name else named("outcome", finding["outcome"])).get(lang)


_REGISTER = (
    Column("point", 24, lambda p, _: p["name"] or p["short"]),
    Column("where", 22, _plain("place")),
    Column("method", 10, _methods),
    Column("factors", 22, _factors),
    Column("result", 12, _result),
    Column("residual", 18, lambda p, lang: words(p["grade"]["label"]).get(lang), lambda p: p["grade"]),
    Column("inherent", 18, lambda p, lang: words(p["inherent"]["label"]).get(lang), lambda p: p["inherent"]),
    Column("controls", 40, _measures),
    Column("control_level", 11, lambda p, lang: _level(p["control_level"], lang)),
    Column("wanted_level", 11, lambda p, lang: _level(p["wanted_level"], lang)),
    Column("department", 14, _plain("department")),
    Column("owner", 12, _plain("owner")),
)
_FINDINGS = (
    Column("outcome", 12, _outcome),
    Column("kind", 14, lambda f, lang: named("kind", f["kind"]).get(lang)),
    Column("finding", 46, _said("message")),
    Column("record", 24, lambda f, _: " ".join(filter(None, (f["name"], f["short"])))),
    Column("clause", 32, _clauses),
    Column("figures", 20, _figures),
    Column("duty_of", 14, _said("duty_of")),
    Column("measures", 32, _measures),
    Column("missing", 40, _lines("missing")),
    Column("confirmation", 24, lambda f, lang: named("confirmation", f["confirmation"]).get(lang)),
    Column("rule", 22, lambda f, _: "\n".join((f["rule"], *f["also"]))),
)
_QUESTIONS = (
    Column("question", 50, lambda q, lang: words(q["ask"] or q["label"]).get(lang)),
    Column("where", 46, _plain("path")),
    Column("decides", 10, _count("decides")),
    Column("of_which_major", 10, _count("major")),
    Column("causes", 10, _count("causes")),
    Column("answer", 20, lambda _q, _l: ""),
)
_DERIVED = (
    Column("item", 28, lambda pair, lang: words(pair[1]["label"]).get(lang)),
    Column("where", 30, lambda pair, _: pair[0].rpartition(".")[0]),
    Column("value", 24, lambda pair, lang: _derived(pair[1]).get(lang)),
    Column("kind", 12, _class),
    Column("clause", 30, lambda pair, lang: _clauses(pair[1], lang)),
)
_PROBLEMS = (
    Column("problem", 56, _said("message")),
    Column("fix", 40, _said("fix")),
    Column("where", 44, _plain("path")),
    Column("place", 24, _plain("place")),
    Column("given", 20, _plain("given")),
    Column("severity", 9, lambda p, lang: named("severity", p["severity"]).get(lang)),
    Column("code", 24, _plain("code")),
)
_ABOUT = (
    Column("item", 30, lambda pair, lang: words(pair[0]).get(lang)),
    Column("value", 100, lambda pair, lang: words(pair[1]).get(lang)),
)


def _derived(fact: Entry) -> Words:
    return value_words(fact["value"], fact["unit"], fact["called"])


def _level(member: str | None, lang: Lang) -> str:
    return named("control", member).get(lang) if member else ""


def _about(document: Document) -> list[tuple[object, object]]:
    """Return what every excerpt has to be shown with: statement, instruments, versions."""
    engine, statement = document["engine"], document["statement"]
    lines: list[tuple[object, object]] = [
        (phrase("title").to_json(), enterprise_name(document)),
        (phrase("day").to_json(), engine["as_of"]),
        (phrase("part_statement").to_json(), statement["words"]),
        (phrase("silence_head").to_json(), phrase("silence").to_json()),
        (phrase("engine").to_json(), engine["version"]),
    ]
    for what, one in (("profile", engine["profile"]), *(("pack", pack) for pack in engine["packs"])):
        lines.append((phrase(what).to_json(), f"{one['id']} {one['version']} {one['hash']}"))
    for one in document["instruments"]:
        said = [words(one["title"]), named("encoded", one["encoded"]), named("status", one["status"])]
        if not one["in_force"]:
            said.append(phrase("not_in_force"))
        if not one["confirmed"]:
            said.append(phrase("unconfirmed"))
        if one["missing"]:
            said.append(words(one["missing"]))
        lines.append((one["number"], joined(said, "semicolon").to_json()))
    return lines
