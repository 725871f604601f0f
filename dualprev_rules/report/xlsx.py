"""The register and the findings as a workbook: real sheets that can be filtered, sorted and printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dualprev_rules.problems import Words
from dualprev_rules.problems.words import Lang
from dualprev_rules.report.phrases import clause_words, joined, method_name, named, phrase, value_words, words
from dualprev_rules.report.sections import Document, Entry, enterprise_name, part_of
from dualprev_rules.report.sheets import Content, Painted, Sheet, write_book

_DECIMAL = re.compile(r"-?\d{1,9}(\.\d{1,6})?")
"""What Excel holds as a number without a loss."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: the name of its heading, its width, and how it is filled."""

    heading: str
    width: int
    fill: Callable[[Any, Lang], Content]


def workbook(document: Document, lang: Lang = "zh") -> bytes:
    """Return the risk points, findings, questions, derived values and data problems as XLSX.

    Every cell that holds text is text, whatever it begins with. Raises DualprevError where openpyxl
    is not installed. The same document gives the same bytes.
    """
    shown = [f for f in document["findings"] if f["outcome"] != "not_applicable"]
    sheets = (
        _sheet("register", _REGISTER, document["risk_points"], lang),
        _sheet("findings", _FINDINGS, shown, lang),
        _sheet("questions", _QUESTIONS, document["questions"], lang),
        _sheet("classifications", _DERIVED, list(document["derived"].items()), lang),
        _sheet("problems", _PROBLEMS, [*document["data_problems"], *document["notes"]], lang),
        _sheet("about", _ABOUT, _about(document), lang),
    )
    return write_book(
        sheets,
        title=f"{enterprise_name(document) or ''} {document['engine']['as_of']}".strip(),
        creator=f"dualprev-rules {document['engine']['version']}",
    )


def _sheet(name: str, columns: Sequence[Column], rows: Iterable[Any], lang: Lang) -> Sheet:
    return Sheet(
        name=phrase(f"sheet_{name}").get(lang),
        columns=[(phrase(column.heading).get(lang), column.width) for column in columns],
        rows=([column.fill(row, lang) for column in columns] for row in rows),
    )


def _grade(grade: Entry, lang: Lang) -> Painted:
    label = words(grade["label"]).get(lang)
    return Painted(label, str(grade["colour_hex"]), str(grade["ink_hex"]), bool(grade["hatched"]))


def _said(name: str) -> Callable[[Entry, Lang], str]:
    return lambda row, lang: words(row.get(name)).get(lang)


def _plain(name: str) -> Callable[[Entry, Lang], str]:
    return lambda row, _: str(row.get(name) or "")


def _count(name: str) -> Callable[[Entry, Lang], int | str]:
    return lambda row, _: "" if row[name] is None else int(row[name])


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
    Column("residual", 18, lambda p, lang: _grade(p["grade"], lang)),
    Column("inherent", 18, lambda p, lang: _grade(p["inherent"], lang)),
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
