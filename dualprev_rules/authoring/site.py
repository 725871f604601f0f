"""A pack as a page to read: every rule as a sentence, its clause, its tables, its cases, its history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from dualprev_rules.authoring.say import Teller, say
from dualprev_rules.evaluate.render import number
from dualprev_rules.pack.load import read_cases
from dualprev_rules.pack.model import Citation, Rule, Ruleset, Table
from dualprev_rules.pack.read import PackSource
from dualprev_rules.problems.words import Lang
from dualprev_rules.report.html import environment, packaged
from dualprev_rules.report.phrases import named, phrase


def page(source: PackSource, ruleset: Ruleset, lang: Lang, history: Sequence[str] = ()) -> bytes:
    """Return the page of a pack, as it holds on the day of the ruleset, as one HTML file that loads nothing.

    Raises DualprevError where jinja2 is not installed.
    """
    info = next(pack for pack in ruleset.packs if pack.id == source.id)
    cases = _cases(source)
    teller = Teller(ruleset)
    made = (
        environment()
        .get_template("pack.html")
        .render(
            lang=lang,
            css=packaged("pack.css"),
            say=phrase,
            named=named,
            pack=info.id,
            title=info.title.get(lang),
            version=info.version,
            day=ruleset.as_of.isoformat(),
            history=list(history),
            instruments=[one for one in ruleset.instruments.values() if one.pack == info.id],
            rules=[_rule(r, ruleset, cases, lang) for r in ruleset.rules.values() if r.pack == info.id],
            definitions=[
                phrase(
                    "say_definition",
                    entity=ruleset.schema.entities[one.entity].label,
                    name=one.label,
                    **{"is": teller.tell(one.body.node)},
                )
                for one in ruleset.definitions.values()
                if one.pack == info.id
            ],
            tables=[_table(t, ruleset, lang) for t in ruleset.tables.values() if t.pack == info.id],
        )
    )
    return made.encode()


def _rule(
    rule: Rule, ruleset: Ruleset, cases: dict[str, list[tuple[str, str]]], lang: Lang
) -> dict[str, Any]:
    parts = {"applies": rule.applies, "violated": rule.violated, "unless": rule.unless}
    statuses = dict.fromkeys(named("status", cite.status).get(lang) for cite in rule.citations)
    return {
        "id": rule.id,
        "title": rule.title,
        "sentence": say(rule, ruleset),
        "status": " · ".join(statuses),
        "because": rule.because,
        "written": "\n".join(f"{name}: {part.text}" for name, part in parts.items() if part is not None),
        "cases": cases.get(rule.id, []),
    }


def _cases(source: PackSource) -> dict[str, list[tuple[str, str]]]:
    """Return by rule the names of the cases that expect something of it, and what."""
    found: dict[str, list[tuple[str, str]]] = {}
    for case in read_cases(source):
        for key, value in case.expect.items():
            rule = key.partition(": ")[2].strip()
            if rule:
                found.setdefault(rule, []).append((case.name, str(value)))
    return found


def _table(table: Table, ruleset: Ruleset, lang: Lang) -> dict[str, Any]:
    heads = list(dict.fromkeys(key for row in table.rows for key in row.cells))
    labels = {name: label.get(lang) for name, label in table.labels.items()}
    return {
        "id": table.id,
        "title": table.title,
        "clauses": " · ".join(_clauses(table.citations, ruleset)),
        "heads": ["no", *(labels.get(head, head) for head in heads), "when"],
        "rows": [
            [row.no, *(_cell(row.cells.get(head)) for head in heads), row.when.text if row.when else ""]
            for row in table.rows
        ],
    }


def _clauses(citations: Sequence[Citation], ruleset: Ruleset) -> Iterator[str]:
    for cite in citations:
        known = ruleset.instruments.get(cite.instrument)
        yield f"{known.number if known is not None else cite.instrument} {cite.clause}"


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case Fraction():
            return number(value)
        case tuple():
            return "、".join(map(str, value))  # pyright: ignore[reportUnknownArgumentType]
        case _:
            return str(value)
