"""What the cases of the language do not reach: functions that packs bring, trials."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.values import decided
from dualprev_rules.facts import Record, read_facts
from dualprev_rules.facts.possible import EVERY_NUMBER, Finite, Value
from dualprev_rules.facts.types import Bool, Number, Text
from dualprev_rules.lang import Function, Inline, Scope, compile_condition
from dualprev_rules.pack.model import Expression
from tests.property.build import build

LABEL = {"label": {"zh": "x", "en": "x"}}
HEAD: dict[str, Any] = {
    "facts": {
        "enterprise": {
            "attributes": {
                "x": {"type": "number", **LABEL},
                "y": {"type": "number", **LABEL},
                "name": {"type": "text", **LABEL},
            }
        }
    },
    "definitions": [{"define": "enterprise.double", "is": "x * 2"}],
    "rules": [
        {"rule": "large", "kind": "check", "for": "enterprise", "violated": "double > 10"},
        {"rule": "other", "kind": "check", "for": "enterprise", "violated": "y > 10"},
    ],
}
FUNCTIONS = {
    "cube": Function("cube", (Number(),), Number(), lambda x: x**3),
    "whole": Function("whole", (Number(),), Number(whole=True), int),
    "is_long": Function("is_long", (Text(),), Bool(), lambda text: len(text) > 3),
    "shout": Function("shout", (Text(),), Text(), lambda text: text.upper()),
}


def asked(text: str, facts: dict[str, Any]) -> Value:
    """Return the value of an expression about an enterprise with these facts."""
    made = build(HEAD)
    names = made.scope("enterprise")
    scope = Scope(names.schema, names.entity, names.definition, names.definition_names, functions=FUNCTIONS)
    node, problems = compile_condition(Inline(text), scope)
    assert node is not None, problems
    ruleset = made.ruleset(date(2026, 11, 21))
    (record,) = read_facts({"enterprise": facts}, made.schema, as_of=ruleset.as_of).roots
    return Reference(ruleset, FUNCTIONS).run(Expression(text, node), {"self": Value((record,))})


@pytest.mark.parametrize(
    ("text", "facts", "possible"),
    [
        ("cube(x)", {"x": 2}, Finite((Fraction(8),))),
        ("cube(x) > 7", {"x": 2}, {True}),
        ("whole(x) == 2", {"x": 2.5}, {True}),
        ("is_long(name)", {"name": "abcd"}, {True}),
        ("shout(name) == 'AB'", {"name": "ab"}, {True}),
        ("cube(x)", {}, EVERY_NUMBER),
        ("cube(x)", {"x": {"one_of": [1, 2]}}, EVERY_NUMBER),
        ("is_long(name)", {}, {True, False}),
    ],
)
def test_functions_of_packs_take_known_values(text: str, facts: dict[str, Any], possible: object) -> None:
    assert asked(text, facts).possible == possible


@pytest.mark.parametrize("text", ["cube(x)", "cube(x) > 1", "is_long(name)"])
def test_an_unknown_argument_is_the_cause(text: str) -> None:
    assert {cause.path for cause in asked(text, {}).causes} <= {"enterprise.x", "enterprise.name"}
    assert asked(text, {}).causes


def _record(facts: dict[str, Any]) -> tuple[Reference, Record]:
    made = build(HEAD)
    ruleset = made.ruleset(date(2026, 11, 21))
    return Reference(ruleset), read_facts({"enterprise": facts}, made.schema, as_of=ruleset.as_of).roots[0]


def test_a_trial_computes_anew_what_rests_on_the_fact_only() -> None:
    reference, record = _record({})
    large, other = (reference.ruleset.rules[name] for name in ("large", "other"))
    before = reference.outcome(large, record), reference.outcome(other, record)
    assert [outcome.code for outcome in before] == ["undetermined", "undetermined"]
    trial = reference.trial({(record, "x"): decided(Fraction(6))}, "enterprise.x")
    assert trial.outcome(large, record).code == "violated"
    assert trial.outcome(other, record) is before[1]
    assert reference.outcome(large, record).code == "undetermined"
