"""Whatever the checker accepts can be evaluated, whatever the facts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.render import render
from dualprev_rules.evaluate.values import truth
from dualprev_rules.facts import read_facts
from dualprev_rules.facts.possible import Value
from dualprev_rules.facts.types import Bool
from dualprev_rules.lang import Inline, compile_condition
from dualprev_rules.pack.model import Expression
from tests.cases import cases
from tests.lang.scope import built, scope

NAMES = [
    "people",
    "mass",
    "volume",
    "temp",
    "boiling",
    "built",
    "name",
    "kind",
    "colour",
    "level",
    "hazards",
    "tanks",
    "total",
    "is_large",
    "has_interlock",
    "limit",
    "unit",
    "self",
    "parent",
    "enterprise",
    "as_of",
    "t",
    "u",
    "id",
    "size",
    "cas",
    "wet",
    "storage",
    "red",
    "true",
]
CALLS = [
    "any",
    "all",
    "sum",
    "count",
    "min",
    "max",
    "coalesce",
    "abs",
    "days_between",
    "add_months",
    "add_years",
    "count_true",
    "at_least",
    "halve",
    "known",
]
LITERALS = [
    *(
        "0",
        "1",
        "2.5",
        "-1",
        "1e30",
        "'storage'",
        "'J1'",
        "'5 kg'",
        "'10 K'",
        "'30 d'",
        "'2026-01-31'",
        "'x'",
    ),
    *("rule('unit.rule-one')", "lookup('beta', kind).b", "lookup('limits', cas=t.cas, name=name).q"),
]
OPERATORS = ("+", "-", "*", "/", "<", "<=", "==", "!=", "and", "or", "in")

atoms = st.sampled_from(NAMES) | st.sampled_from(LITERALS)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    some = st.lists(inner, min_size=1, max_size=3).map(", ".join)
    var = st.sampled_from(["t", "u"])
    over = st.sampled_from(["tanks", "hazards", "unit.tanks", "enterprise.units"])
    loop = st.builds(
        "{0}({1} for {2} in {3} if {4})".format,
        st.sampled_from(["any", "all", "sum", "count"]),
        inner,
        var,
        over,
        inner,
    )
    least = st.builds(
        "{0}(({1} for {2} in {3}), default={4})".format,
        st.sampled_from(["min", "max"]),
        inner,
        var,
        over,
        inner,
    )
    return st.one_of(
        st.builds("({0} {1} {2})".format, inner, st.sampled_from(OPERATORS), inner),
        st.builds("({0} in {{{1}}})".format, inner, some),
        st.builds("({0} if {1} else {2})".format, inner, inner, inner),
        st.builds("(not {0})".format, inner),
        st.builds(
            "{0}.{1}".format,
            st.sampled_from(["t", "unit", "enterprise", "parent", "self"]),
            st.sampled_from(NAMES),
        ),
        st.builds("{0}({1})".format, st.sampled_from(CALLS), some),
        loop,
        least,
    )


EXPRESSIONS = st.recursive(atoms, _grown, max_leaves=8)

values: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers(-5, 10**12)
    | st.sampled_from(
        [
            "5 kg",
            "约5",
            "<3",
            "storage",
            "J1",
            "2026-01-31",
            "x",
            0.1,
            [],
            ["J1"],
            {"at_least": 3},
            {"one_of": [1, 2]},
            {"between": [0, 5]},
            {"items": [], "complete": False},
        ]
    )
)
tank = st.dictionaries(st.sampled_from(["id", "size", "cas", "wet"]), values, max_size=4)
tanks = st.lists(tank, max_size=2) | st.builds(
    lambda items: {"items": items, "complete": False}, st.lists(tank, max_size=2)
)
unit = st.builds(
    lambda facts, under: {**facts, **({"tanks": under} if under is not None else {})},
    st.dictionaries(
        st.sampled_from(
            [
                "id",
                "kind",
                "level",
                "people",
                "mass",
                "volume",
                "temp",
                "built",
                "name",
                "hazards",
                "has_interlock",
            ]
        ),
        values,
        max_size=8,
    ),
    st.none() | tanks,
)


@settings(max_examples=cases(10_000))
@given(EXPRESSIONS, unit)
def test_what_is_accepted_can_be_evaluated(text: str, given_facts: dict[str, Any]) -> None:
    node, problems = compile_condition(Inline(text), scope("unit", data_check=True))
    assert (node is None) == bool(problems)
    if node is None:
        assert all(problem.show("zh") and problem.show("en") for problem in problems)
        return
    made = built()
    ruleset = made.ruleset(date(2026, 11, 21))
    facts = read_facts({"enterprise": {"units": [given_facts]}}, made.schema, as_of=ruleset.as_of)
    reference = Reference(ruleset, scope().functions)
    for record in facts.records():
        if record.entity.name == "unit":
            value = reference.run(Expression(text, node), {"self": Value((record,))})
            render(value, node.type)
            if isinstance(node.type, Bool):
                assert truth(value)


@pytest.mark.parametrize(
    "text",
    [
        "count(tanks if has_interlock else unit.tanks)",
        "hazards in {hazards}",
        "parent == enterprise",
        "max('5 kg', mass) > 1",
        "halve(people) > 1",
        "any(lookup('limits', cas=t.cas).q > 1 for t in tanks)",
    ],
)
def test_odd_conditions(text: str) -> None:
    test_what_is_accepted_can_be_evaluated.hypothesis.inner_test(text, {})  # type: ignore[attr-defined]
