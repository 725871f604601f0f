"""What an explanation keeps: the operands that decided, down to facts, definitions, rules and rows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.explain import MOST_SHOWN, Explainer, Reason
from dualprev_rules.facts import Record, read_facts
from tests.property.build import build

LABEL = {"label": {"zh": "x", "en": "x"}}
HEAD: dict[str, Any] = {
    "facts": {
        "enterprise": {
            "attributes": {
                "a": {"type": "bool", **LABEL},
                "b": {"type": "bool", **LABEL},
                "x": {"type": "number", **LABEL},
                "kind": {"type": "enum", "values": ["one", "two"], **LABEL},
                "parts": {"type": "list", "of": "part", **LABEL},
                "kinds": {"type": "list", "of": {"enum": ["one", "two"]}, **LABEL},
            }
        },
        "part": {"attributes": {"q": {"type": "number", **LABEL}, "ok": {"type": "bool", **LABEL}}},
    },
    "tables": [
        {
            "table": "t",
            "key": {"kind": "kind"},
            "columns": {"q": {"type": "number"}},
            "rows": [{"no": "7", "kind": ["one"], "q": 5}],
        }
    ],
    "definitions": [
        {"define": "enterprise.total", "is": "sum(p.q for p in parts)"},
        {"define": "enterprise.limit", "is": "lookup('t', kind).q"},
        {
            "define": "enterprise.share",
            "decide": {
                "hit": "first",
                "inputs": [{"name": "a"}],
                "rows": [{"a": "true", "then": "x * 2"}, {"then": "coalesce(x, 3)"}],
            },
        },
        {
            "define": "enterprise.band",
            "decide": {
                "hit": "unique",
                "inputs": [{"name": "x"}],
                "rows": [{"x": "> 5", "then": 1}, {"x": "<= 5", "then": 2}],
            },
        },
    ],
    "rules": [
        {"rule": "and", "kind": "check", "for": "enterprise", "violated": "a and b and x > 5"},
        {"rule": "or", "kind": "check", "for": "enterprise", "violated": "a or b or x > 5"},
        {"rule": "if", "kind": "check", "for": "enterprise", "violated": "b if a else x > 5"},
        {"rule": "any", "kind": "check", "for": "enterprise", "violated": "any(not p.ok for p in parts)"},
        {"rule": "all", "kind": "check", "for": "enterprise", "violated": "all(p.ok for p in parts)"},
        {"rule": "set", "kind": "check", "for": "enterprise", "violated": "any(k == 'two' for k in kinds)"},
        {"rule": "over", "kind": "check", "for": "enterprise", "violated": "total > limit"},
        {"rule": "shared", "kind": "check", "for": "enterprise", "violated": "share > 4"},
        {"rule": "banded", "kind": "check", "for": "enterprise", "violated": "band == 1"},
        {
            "rule": "both",
            "kind": "check",
            "for": "enterprise",
            "applies": "a",
            "violated": "b",
            "unless": "x > 5",
        },
        {"rule": "named", "kind": "check", "for": "enterprise", "violated": "rule('or')"},
    ],
}


def reasons(rule: str, facts: dict[str, Any]) -> tuple[tuple[Reason, ...], Reference, Record]:
    """Return the reasons of an outcome."""
    made = build(HEAD)
    ruleset = made.ruleset(date(2026, 11, 21))
    read = read_facts({"enterprise": facts}, made.schema, as_of=ruleset.as_of)
    reference, (record,) = Reference(ruleset), read.roots
    return Explainer(reference).outcome(reference.outcome(ruleset.rules[rule], record)), reference, record


def paths(of: tuple[Reason, ...]) -> list[str]:
    """Return the facts shown, in order."""
    return [path for reason in of for path in ([reason.path] if reason.path else paths(reason.because))]


@pytest.mark.parametrize(
    ("rule", "facts", "shown"),
    [
        ("and", {"a": True, "b": False, "x": 9}, ["b"]),
        ("and", {"a": True, "b": True, "x": 9}, ["a", "b", "x"]),
        ("and", {"a": True, "x": 9}, ["b"]),
        ("or", {"a": True, "b": False, "x": 1}, ["a"]),
        ("or", {"a": False, "b": False, "x": 1}, ["a", "b", "x"]),
        ("if", {"a": True, "b": True, "x": 9}, ["a", "b"]),
        ("if", {"a": False, "b": True, "x": 9}, ["a", "x"]),
        ("if", {"b": True, "x": 9}, ["a", "b", "x"]),
        ("any", {"parts": [{"ok": True}, {"ok": False}]}, ["parts[2].ok"]),
        ("any", {"parts": [{"ok": True}, {}]}, ["parts[2].ok"]),
        ("any", {"parts": {"items": [{"ok": True}], "complete": False}}, ["parts", "parts[?].ok"]),
        ("any", {"parts": []}, ["parts"]),
        ("all", {"parts": []}, ["parts"]),
        ("all", {"parts": [{"ok": True}]}, ["parts[1].ok"]),
        ("set", {"kinds": ["one", "two"]}, ["kinds"]),
        ("set", {"kinds": ["one"]}, ["kinds"]),
        ("set", {"kinds": []}, ["kinds"]),
        ("both", {"a": False, "b": True}, ["a"]),
        ("both", {"a": True, "b": False}, ["a", "b"]),
        ("both", {"a": True, "b": True}, ["a", "b", "x"]),
    ],
)
def test_what_decided_is_kept(rule: str, facts: dict[str, Any], shown: list[str]) -> None:
    found, _, _ = reasons(rule, facts)
    assert [path.removeprefix("enterprise.") for path in paths(found)] == shown


def test_a_definition_is_pointed_to_and_a_row_is_shown() -> None:
    facts = {"kind": "one", "parts": [{"q": 4}, {"q": 3}]}
    (found,), reference, record = reasons("over", facts)
    assert {inner.see for inner in found.because} == {"enterprise.total", "enterprise.limit"}
    explainer = Explainer(reference)
    definitions = reference.ruleset.definitions
    (row,) = explainer.definition(definitions["enterprise", "limit"], record)
    assert [(table, shown.no) for table, shown in row.rows] == [("t", "7")]
    assert paths(row.because) == ["enterprise.kind"]
    assert paths(explainer.definition(definitions["enterprise", "total"], record)) == [
        "enterprise.parts",
        "enterprise.parts[1].q",
        "enterprise.parts[2].q",
    ]


def test_the_row_of_a_decision_table_is_shown_with_its_input() -> None:
    _, reference, record = reasons("banded", {"x": 9})
    (shown,) = Explainer(reference).definition(reference.ruleset.definitions["enterprise", "band"], record)
    assert (shown.what, shown.value, paths((shown,))) == ("x > 5", "1", ["enterprise.x"])


def test_the_output_of_a_row_is_shown_with_the_facts_that_it_is_made_of() -> None:
    _, reference, record = reasons("shared", {"a": True, "x": 9})
    (shown,) = Explainer(reference).definition(reference.ruleset.definitions["enterprise", "share"], record)
    assert paths((shown,)) == ["enterprise.a", "enterprise.x"]
    assert [inner.what for inner in shown.because] == ["a", "x * 2"]


def test_a_rule_that_is_named_is_pointed_to() -> None:
    (found,), _, _ = reasons("named", {"a": True})
    assert [found.see or inner.see for inner in (found, *found.because)][-1] == "enterprise: or"


def test_a_long_list_is_cut_and_says_so() -> None:
    _, reference, record = reasons("over", {"parts": [{"q": 1}] * (MOST_SHOWN + 5)})
    (total,) = Explainer(reference).definition(reference.ruleset.definitions["enterprise", "total"], record)
    assert len(total.because) == MOST_SHOWN
    # The list itself is an operand too.
    assert total.left_out == 6


def test_assumptions_are_lists_that_were_taken_as_whole() -> None:
    made = build(HEAD)
    ruleset = made.ruleset(date(2026, 11, 21))
    for given, assumed in (
        ([{"q": 9}], ("enterprise.parts",)),
        ({"items": [{"q": 9}], "complete": True}, ()),
    ):
        facts = read_facts({"enterprise": {"parts": given, "kind": "one"}}, made.schema, as_of=ruleset.as_of)
        explainer = Explainer(Reference(ruleset))
        assert explainer.assumed(ruleset.rules["over"], facts.roots[0]) == assumed
