"""The result on a terminal: a summary, the questions, and reasons as a tree of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.style import Style
from rich.table import Table
from rich.text import Text

from dualprev_rules.problems.words import Lang, Words
from dualprev_rules.report.origins import origin, row_words
from dualprev_rules.report.phrases import (
    clause_words,
    joined,
    named,
    phrase,
    reason_value,
    value_words,
    words,
)
from dualprev_rules.report.printable import printable
from dualprev_rules.report.sections import Document, Entry, by_record, enterprise_name, sections, unnamed

MOST_SHOWN = 10
"""The findings and questions of one kind that a summary lists; the rest is counted."""

_COUNTED = (
    "presumed",
    "major",
    "violated",
    "unbinding",
    "undetermined",
    "doubtful",
    "problems",
    "compliant",
    "not_applicable",
)
_TONE = {"presumed": "yellow", "major": "red", "violated": "red", "unbinding": "cyan", "doubtful": "yellow"}


def print_summary(document: Document, console: Console, lang: Lang = "zh") -> None:
    """Print grade, counts, violations, classifications, first questions and the statement."""
    engine = document["engine"]
    head = Text(printable(enterprise_name(document) or phrase(unnamed(document)).get(lang)), style="bold")
    day = phrase("of_day", day=engine["as_of"]).get(lang)
    packs = ", ".join(f"{pack['id']} {pack['version']}" for pack in engine["packs"] if pack["id"] != "core")
    console.print(head)
    console.print(f"{day} · {engine['profile']['id']} · {packs}", style="dim", highlight=False, markup=False)
    console.print()
    if document["grade"] is not None:
        console.print(_grade(document["grade"], lang))
    parts = sections(document)
    console.print(_counts(document, parts.counts(), lang))
    for part, tone in _TONE.items():
        _findings(console, phrase(f"part_{part}").get(lang), getattr(parts, part), tone, lang)
    _classifications(console, document, lang)
    if document["questions"]:
        console.print()
        console.print(Text(phrase("part_questions").get(lang), style="bold"))
        console.print(questions_table(document["questions"][:5], lang))
    print_problems(document, console, lang)
    console.print()
    console.print(Text(printable(words(document["statement"]["words"]).get(lang)), style="dim"))


def print_problems(document: Document, console: Console, lang: Lang = "zh") -> None:
    """Print what is wrong with the data and how to mend it; of many the first ones."""
    faults = document["data_problems"]
    if not faults:
        return
    console.print()
    console.print(Text(f"{phrase('part_problems').get(lang)} ({len(faults)})", style="bold"))
    for fault in faults[:MOST_SHOWN]:
        _line(console, words(fault["message"]).get(lang))
        if fault.get("fix"):
            _line(
                console,
                f"{phrase('fix').get(lang)}{phrase('colon').get(lang)}{words(fault['fix']).get(lang)}",
                "dim",
                4,
            )
    _rest(console, len(faults), lang)


def questions_table(questions: Sequence[Entry], lang: Lang = "zh") -> Table:
    """Return the questions, ranked, as a table for the terminal."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("", justify="right", style="dim")
    for key in ("question", "where"):
        table.add_column(phrase(key).get(lang), overflow="fold")
    for key in ("decides", "of_which_major", "causes"):
        table.add_column(phrase(key).get(lang), justify="right", no_wrap=True)
    for rank, question in enumerate(questions, 1):
        ask = printable(words(question["ask"] or question["label"]).get(lang))
        figures = (
            "—" if question[key] is None else str(question[key]) for key in ("decides", "major", "causes")
        )
        table.add_row(str(rank), Text(ask), Text(printable(question["path"]), style="cyan"), *figures)
    return table


def explanation(finding: Entry, document: Document, lang: Lang = "zh") -> str:
    """Return a finding of a document with its clauses and its tree of reasons, as lines of text.

    A derived value is explained where it is first met, down to facts and table rows.
    """
    outcome = "presumed" if finding["presumed"] else finding["outcome"]
    lines = [
        f"{finding['short']}: {finding['rule']}",
        f"{_outcome(finding, outcome).get(lang)} · {words(finding['message']).get(lang)}",
    ]
    lines += [f"  {_cited(one, lang)}" for one in finding["citations"]]
    if finding["outcome"] == "undetermined" and finding["reason"]:
        possible = joined([_outcome(finding, one) for one in finding["possible"]]).get(lang)
        why = named("reason", finding["reason"]).get(lang)
        lines.append(f"  {phrase('possible').get(lang)}{phrase('colon').get(lang)}{possible} ({why})")
    if finding["exception"]:
        exception = words(finding["exception"]).get(lang)
        head = "unless_shown" if finding["presumed"] else "excepted"
        lines.append(f"  {phrase(head).get(lang)}{phrase('colon').get(lang)}{exception}")
    if finding["may"]:
        why = words(finding["may_because"]).get(lang)
        lines.append(f"  {named('may', finding['may']).get(lang)}{phrase('colon').get(lang)}{why}")
    lines += reason_lines(finding["because"], document["derived"], lang, document["tables"])
    if finding["assumptions"]:
        lines.append(f"{phrase('assumptions').get(lang)}{phrase('colon').get(lang)}")
        lines += [f"  {path}" for path in finding["assumptions"]]
    return printable("\n".join(lines))


def _outcome(finding: Entry, outcome: str) -> Words:
    """Return the word for an outcome; a doubtful record breaches nothing."""
    doubts = {"violated": "doubtful", "compliant": "not_doubtful"} if finding["kind"] == "data_check" else {}
    return named("outcome", doubts.get(outcome, outcome))


def derivation(key: str, document: Document, lang: Lang = "zh") -> str:
    """Return a derived value of a document with its clauses and its tree of reasons, as lines of text."""
    fact = document["derived"][key]
    reason = {"what": key, **{name: fact[name] for name in ("value", "unit", "called", "label", "citations")}}
    return printable(
        "\n".join(reason_lines([{**reason, "see": key}], document["derived"], lang, document["tables"]))
    )


def reason_lines(
    reasons: Sequence[Entry],
    derived: Mapping[str, Entry],
    lang: Lang = "zh",
    tables: Mapping[str, Entry] | None = None,
) -> list[str]:
    """Return a tree of reasons as lines: what, its value, origin, rows and clauses."""
    return list(_branches(reasons, "", _Derived(derived, tables or {}, lang)))


@dataclass(frozen=True, slots=True)
class _Derived:
    """The derived values that may be explained, and those that have been."""

    by_key: Mapping[str, Entry]
    tables: Mapping[str, Entry]
    lang: Lang
    explained: set[str] = field(default_factory=set[str])

    def inside(self, reason: Entry) -> Sequence[Entry]:
        """Return what a reason rests on; for a derived value that is new, what that rests on."""
        see = reason.get("see", "")
        if see in self.by_key and see not in self.explained:
            self.explained.add(see)
            return self.by_key[see]["because"]
        return reason.get("because", ())


def _branches(reasons: Sequence[Entry], lead: str, derived: _Derived) -> Iterator[str]:
    lang = derived.lang
    for index, reason in enumerate(reasons):
        last = index == len(reasons) - 1
        what = f"{_flat(reason['what'])} = {reason_value(reason).get(lang)}"
        label = words(reason.get("label")).get(lang)
        yield f"{lead}{'└─ ' if last else '├─ '}{'  '.join(filter(None, (label, what)))}"
        under = lead + ("   " if last else "│  ")
        inner = derived.inside(reason)
        for remark in _remarks(reason, derived, bool(inner)):
            yield f"{under}{'│  ' if inner else '   '}{remark}"
        yield from _branches(inner, under, derived)


def _remarks(reason: Entry, derived: _Derived, unfolded: bool) -> Iterator[str]:
    lang = derived.lang
    if "path" in reason:
        yield " · ".join((reason["path"], *(said.get(lang) for said in origin(reason))))
    for row in reason.get("rows", ()):
        yield row_words(row, derived.tables).get(lang)
    for one in reason.get("citations", ()):
        yield _cited(one, lang)
    if "see" in reason and not unfolded:
        yield phrase("see", what=reason["see"]).get(lang)
    if "left_out" in reason:
        yield phrase("left_out", n=reason["left_out"]).get(lang)


def _cited(one: Entry, lang: Lang) -> str:
    title = words(one.get("title")).get(lang)
    said = [clause_words(one, lang)]
    if title:
        said.insert(0, phrase("titled", title=title).get(lang))
    if one["status"] != "official":
        said.append(f"({named('status', one['status']).get(lang)})")
    return " ".join(said)


def _flat(text: str) -> str:
    return " ".join(text.split())


def grading_text(grading: Entry, lang: Lang = "zh") -> Text:
    """Return one grading by hand: method and bands, every factor, the formula, the grade."""
    titles = [words(title).get(lang) for title in (grading["method"], grading["bands"]) if title]
    lines = [" · ".join(titles)]
    for name, factor in grading["factors"].items():
        said = words(factor["label"])
        if factor["monotone"] == "falling":
            said = phrase("more_is_safer", of=said)
        lines.append(f"  {name} = {value_words(factor['value']).get(lang)}  {said.get(lang)}")
    result = value_words(grading["result"]).get(lang)
    band = f"  ({', '.join(grading['band'])})" if grading["band"] else ""
    lines.append(f"  {grading['formula']} = {result}{band}")
    if grading["levels"]:
        named = phrase("or").get(lang).join(words(level).get(lang) for level in grading["levels"])
        lines.append(f"  {phrase('level').get(lang)}{phrase('colon').get(lang)}{named}")
    lines += [f"  {phrase('basis_of').get(lang)}{words(said).get(lang)}" for said in grading["basis"]]
    if grading["grade"] is None:
        lines.append(f"  {phrase('no_risk_grade').get(lang)}")
        return Text("\n".join(lines))
    colour = phrase("colour_named", colour=words(grading["grade"]["colour"]).get(lang)).get(lang)
    return Text.assemble("\n".join(lines), "\n", _colour(grading["grade"], lang), colour)


def _colour(grade: Entry, lang: Lang) -> Text:
    colour = Style(color=grade["ink_hex"], bgcolor=grade["colour_hex"])
    mark = Text("▨▨" if grade["hatched"] else "  ", style=colour)
    return Text.assemble(mark, " ", (words(grade["label"]).get(lang), "bold"))


def _grade(grade: Entry, lang: Lang) -> Text:
    said = [
        named("basis", grade["basis"]).get(lang),
        phrase("grade_of", assessed=grade["assessed"], of=grade["of"]).get(lang),
    ]
    return Text.assemble(
        f"{phrase('grade').get(lang)}{phrase('colon').get(lang)}",
        _colour(grade, lang),
        (f"  {' · '.join(said)}", "dim"),
    )


def _counts(document: Document, counts: dict[str, int], lang: Lang) -> Text:
    counts = {**counts, "problems": len(document["data_problems"])}
    shown: list[Any] = []
    for part in _COUNTED:
        tone = _TONE.get(part, "") if counts[part] else "dim"
        shown.append((f"{phrase(f'count_{part}').get(lang)} {counts[part]}", tone))
        shown.append("   ")
    return Text.assemble(*shown[:-1])


def _findings(console: Console, title: str, findings: list[Entry], tone: str, lang: Lang) -> None:
    if not findings:
        return
    console.print()
    console.print(Text(f"{title} ({len(findings)})", style=f"bold {tone}"))
    for finding in findings[:MOST_SHOWN]:
        _line(console, words(finding["message"]).get(lang))
        if finding["presumed"] and finding["exception"]:
            exception = words(finding["exception"]).get(lang)
            _line(console, f"{phrase('unless_shown').get(lang)}{phrase('colon').get(lang)}{exception}", "", 4)
        cited = " · ".join(clause_words(one, lang) for one in finding["citations"])
        name = " ".join(filter(None, (finding["name"], finding["short"])))
        console.print(
            Padding(
                Text(printable(f"{name} · {cited} · {finding['rule']}"), style="dim"),
                (0, 0, 0, 4),
                expand=False,
            )
        )
    _rest(console, len(findings), lang)


def _classifications(console: Console, document: Document, lang: Lang) -> None:
    """Print of which records each classification holds, and of which it is open."""
    found: dict[str, dict[str, list[str]]] = {}
    for of in by_record(document["derived"]):
        for _, one in of.classifications:
            known = value_words(one["value"], one["unit"], one["called"])
            value = phrase("outcome_undetermined") if one["open"] else known
            by_value = found.setdefault(words(one["label"]).get(lang), {})
            by_value.setdefault(value.get(lang), []).append(of.record)
    if not found:
        return
    console.print()
    console.print(Text(phrase("part_classifications").get(lang), style="bold"))
    still = phrase("outcome_undetermined").get(lang)
    for label, by_value in found.items():
        said = [
            f"{value} ({_together(records)})"
            for value, records in sorted(by_value.items(), key=lambda pair: (pair[0] == still, pair[0]))
        ]
        _line(console, f"{label}{phrase('colon').get(lang)}{phrase('semicolon').get(lang).join(said)}")


def _together(records: list[str]) -> str:
    """Return short names of records with those of one entity together: ``unit[U1 U2]``."""
    by_entity: dict[str, list[str]] = {}
    for record in records:
        entity, bracket, key = record.partition("[")
        plain = bracket and key.endswith("]") and key.count("]") == 1
        by_entity.setdefault(entity if plain else record, []).extend([key[:-1]] if plain else [])
    return " ".join(f"{name}[{' '.join(keys)}]" if keys else name for name, keys in by_entity.items())


def _line(console: Console, text: str, style: str = "", indent: int = 2) -> None:
    console.print(Padding(Text(printable(text), style=style), (0, 0, 0, indent), expand=False))


def _rest(console: Console, count: int, lang: Lang) -> None:
    if count > MOST_SHOWN:
        _line(console, phrase("more_shown", n=count - MOST_SHOWN).get(lang), "dim")
