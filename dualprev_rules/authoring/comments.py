"""The committee's table of comments on a draft: clause, what is wrong with it, the case, what to write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dualprev_rules.authoring.say import say
from dualprev_rules.evaluate.solver import Answer
from dualprev_rules.facts.schema import Entity, Schema
from dualprev_rules.facts.types import Bool, ListOf, Number, Type
from dualprev_rules.facts.units import NUMBER
from dualprev_rules.pack.model import Rule
from dualprev_rules.problems import Problem, Words
from dualprev_rules.problems.words import Lang
from dualprev_rules.report.phrases import joined, phrase
from dualprev_rules.report.sheets import Sheet, write_book
from dualprev_rules.standards import Comparison, Pair

_COLUMNS = (("clause", 22), ("comment", 38), ("example", 60), ("advice", 60))
Row = tuple[Words, Words, Words, Words]


def comments(found: Comparison) -> list[Row]:
    """Return clause, comment, example and proposal for each rule that is not proved equal, weaker ones first.

    The example is a case that a reader can check by hand; the reference evaluator confirmed it.
    """
    pairs = sorted(found.pairs, key=lambda pair: pair.verdict == "stricter")
    rows = [_of_pair(found, pair) for pair in pairs if pair.verdict != "equal"]
    beside = [_beside(pair, fault) for pair in pairs for fault in pair.beside]
    held = {each.rule.id for each in found.covered_second if each.holds}
    missing = [_of_missing(found, found.second.rules[n]) for n in found.only_second if n not in held]
    grades = [_of_grades(fault) for fault in found.graded() if fault.severity == "warning"]
    return [*rows, *beside, *missing, *grades]


def comment_book(found: Comparison, lang: Lang) -> bytes:
    """Return the table as XLSX; raises DualprevError where openpyxl is not installed."""
    columns = [(phrase(f"comments_{name}").get(lang), width) for name, width in _COLUMNS]
    rows = [[cell.get(lang) for cell in row] for row in comments(found)]
    title = phrase("comments_title", draft=found.first.name, standard=found.second.name).get(lang)
    sheet = Sheet(phrase("comments_sheet").get(lang), columns, rows, header=title)
    return write_book([sheet], title=title, creator="dualprev-rules")


def _of_pair(found: Comparison, pair: Pair) -> Row:
    schema = found.first.ruleset.schema
    # Who violates the second alone goes free under the first.
    shown = [
        phrase(code, case=told(answer, schema), kept=_clause(kept), violated=_clause(breach))
        for code, answer, breach, kept in (
            ("comments_freed", pair.only_second, pair.second, pair.first),
            ("comments_caught", pair.only_first, pair.first, pair.second),
        )
        if answer.is_possible
    ]
    sentence = say(pair.second, found.second.ruleset)
    advice = phrase(f"comments_{pair.verdict}", clause=_clause(pair.second), sentence=sentence)
    text = Words(pair.problem.text("zh"), pair.problem.text("en"))
    return _clause(pair.first), text, joined(shown, "comments_next"), advice


def _beside(pair: Pair, fault: Problem) -> Row:
    """Return what is weaker beside what violates the pair; there are no facts to show it."""
    text = Words(fault.text("zh"), fault.text("en"))
    advice = phrase("comments_align", clause=_clause(pair.second))
    return _clause(pair.first), text, Words("", ""), advice


def _of_grades(fault: Problem) -> Row:
    text = Words(fault.text("zh"), fault.text("en"))
    given = Words(str(fault.given), str(fault.given))
    return given, text, Words("", ""), phrase("comments_align", clause=str(fault.nearest))


def _of_missing(found: Comparison, rule: Rule) -> Row:
    nothing = example = Words("", "")
    schema = found.second.ruleset.schema
    for each in found.covered_second:
        if each.rule.id == rule.id and each.escape.is_possible:
            case = told(each.escape, schema)
            example = phrase("comments_missed", case=case, violated=_clause(rule), draft=found.first.name)
    text = phrase("comments_absent", clause=_clause(rule), title=rule.title, draft=found.first.name)
    advice = phrase("comments_add", clause=_clause(rule), sentence=say(rule, found.second.ruleset))
    return nothing, text, example, advice


def _clause(rule: Rule) -> Words:
    text = ", ".join(f"{cite.instrument} {cite.clause}" for cite in rule.citations)
    return Words(text, text)


def told(answer: Answer, schema: Schema) -> Words:
    """Return the facts of a witness in words: record by record, what it is and what is known of it."""
    assert answer.witness is not None
    return facts_told(answer.witness, schema)


def facts_told(facts: Mapping[str, Any], schema: Schema) -> Words:
    """Return the facts of an input document in words, record by record."""
    parts = [
        part for name, given in facts.items() for part in _record(given, schema.entities[name], schema, "")
    ]
    return joined(parts, "comments_next")


def _record(given: Mapping[str, Any], entity: Entity, schema: Schema, number: str) -> Iterator[Words]:
    facts: list[Words] = []
    below: list[Words] = []
    for name, value in given.items():
        attribute = entity.attributes[name]
        if isinstance(attribute.type, ListOf):
            child = schema.entities[attribute.type.of.entity]
            for at, record in enumerate(value, 1):
                below += _record(record, child, schema, str(at))
            if not value:
                facts.append(phrase("comments_none", label=attribute.label))
        elif name != entity.key:
            shown = _value(value, attribute.type, attribute.member_labels)
            facts.append(phrase("comments_fact", label=attribute.label, value=shown))
    if facts:
        name = Words(f"{entity.label.zh} {number}".strip(), f"{entity.label.en} {number}".strip())
        yield phrase("comments_record", record=name, facts=joined(facts))
    yield from below


def _value(value: Any, kind: Type, labels: Mapping[str, Words]) -> Words:
    if isinstance(value, list):
        members: list[str] = [str(each) for each in value]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        return (
            joined([labels.get(each, Words(each, each)) for each in members]) if members else phrase("none")
        )
    if isinstance(kind, Bool):
        return phrase("yes" if value else "no")
    text = str(value)
    if isinstance(kind, Number) and kind.unit != NUMBER:
        text = f"{text} {kind.unit.symbol}"
    return labels.get(text, Words(text, text))
