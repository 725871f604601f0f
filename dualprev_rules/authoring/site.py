"""A pack as a page to read: every rule as a sentence, its clause, its tables, its cases, its history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from dualprev_rules.authoring.say import Teller, say
from dualprev_rules.evaluate.render import number
from dualprev_rules.facts.types import Number, Type
from dualprev_rules.lang.tree import Cell, Decide, DecisionRow, Lookup, walk
from dualprev_rules.pack.load import read_cases
from dualprev_rules.pack.model import Citation, Definition, Expression, Rule, Ruleset, Table
from dualprev_rules.pack.read import PackSource
from dualprev_rules.problems import Words
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
                _definition(one, ruleset, teller, lang)
                for one in ruleset.definitions.values()
                if one.pack == info.id
            ],
            tables=[_table(t, ruleset, lang) for t in ruleset.tables.values() if t.pack == info.id],
        )
    )
    return made.encode()


def _rule(
    rule: Rule, ruleset: Ruleset, cases: dict[str, list[tuple[str, Words]]], lang: Lang
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
        "tables": _looked_up(parts.values(), ruleset, lang),
        "cases": cases.get(rule.id, []),
    }


def _looked_up(parts: Iterable[Expression | None], ruleset: Ruleset, lang: Lang) -> list[tuple[str, str]]:
    """Return the tables in which a rule looks something up, each with its title."""
    nodes = (node for part in parts if part is not None for node in walk(part.node))
    tables = dict.fromkeys(node.table for node in nodes if isinstance(node, Lookup))
    return [(name, ruleset.tables[name].title.get(lang) or name) for name in tables]


def _definition(one: Definition, ruleset: Ruleset, teller: Teller, lang: Lang) -> dict[str, Any]:
    body = one.body.node
    entity = ruleset.schema.entities[one.entity].label
    said = phrase("say_definition", entity=entity, name=one.label, **{"is": teller.tell(body)})
    return {
        "id": one.id,
        "sentence": said,
        "clauses": " · ".join(_clauses(one.citations, ruleset)),
        "when": teller.tell(one.when.node) if one.when is not None else None,
        "decides": _decides(body, one, teller, lang) if isinstance(body, Decide) else None,
    }


def _decides(table: Decide, one: Definition, teller: Teller, lang: Lang) -> dict[str, Any]:
    """Return a decision table as heads and rows; a blank cell is any value, as in the files."""
    rows = [*table.rows, *((table.default,) if table.default is not None else ())]
    return {
        "heads": [
            *(_with_unit(teller.tell(column.node).get(lang), column.node.type) for column in table.inputs),
            _with_unit(one.label.get(lang), one.type),
        ],
        "rows": [
            [*(_tested(row.cells.get(column.name)) for column in table.inputs), _then(row, one, lang)]
            for row in rows
        ],
    }


def _tested(cell: Cell | None) -> str:
    return cell.text if cell is not None else ""


def _then(row: DecisionRow, one: Definition, lang: Lang) -> str:
    label = one.member_labels.get(row.text)
    return label.get(lang) if label is not None else row.text


def _cases(source: PackSource) -> dict[str, list[tuple[str, Words]]]:
    """Return by rule the names of the cases that expect something of it, and what."""
    found: dict[str, list[tuple[str, Words]]] = {}
    for case in read_cases(source):
        for key, value in case.expect.items():
            rule = key.partition(": ")[2].strip()
            if rule:
                found.setdefault(rule, []).append((case.name, named("outcome", value)))
    return found


def _table(table: Table, ruleset: Ruleset, lang: Lang) -> dict[str, Any]:
    heads = list(dict.fromkeys(key for row in table.rows for key in row.cells))
    conditional = any(row.when is not None for row in table.rows)
    return {
        "id": table.id,
        "title": table.title,
        "clauses": " · ".join(_clauses(table.citations, ruleset)),
        "heads": [
            phrase("docs_row").get(lang),
            *(_head(table, head, lang) for head in heads),
            *((phrase("docs_condition").get(lang),) if conditional else ()),
        ],
        "rows": [
            [
                row.no,
                *(_cell(row.cells.get(head)) for head in heads),
                *((row.when.text if row.when is not None else "",) if conditional else ()),
            ]
            for row in table.rows
        ],
    }


def _head(table: Table, column: str, lang: Lang) -> str:
    """Return what a column is called, with its unit."""
    label = table.labels.get(column)
    called = (label.get(lang) if label is not None else "") or column
    return _with_unit(called, table.columns.get(column))


def _with_unit(called: str, kind: Type | None) -> str:
    unit = kind.unit.symbol if isinstance(kind, Number) else ""
    return f"{called} ({unit})" if unit else called


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
