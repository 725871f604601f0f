"""Rules about a record and about its holder: contradictions, implications, what applies only to be broken."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dualprev_rules.evaluate.solver import Solver
from dualprev_rules.standards.contradictions import check_contradictions
from dualprev_rules.standards.rules import check_implied, check_rules
from tests.property.build import build

DAY = date(2026, 11, 21)
FACTS: dict[str, Any] = {
    "enterprise": {
        "attributes": {
            **{name: {"type": "bool"} for name in "abc"},
            "n": {"type": "number", "min": 0},
            "parts": {"type": "list", "of": "part"},
        }
    },
    "part": {
        "key": "id",
        "attributes": {
            "id": {"type": "text"},
            "shut": {"type": "bool"},
            "m": {"type": "number", "min": 0},
        },
    },
}
WHOLE, PART = "enterprise", "part"
Said = tuple[str, dict[str, str]]
"""The entity that a rule is about, and its conditions."""


def found(*rules: Said) -> set[str]:
    """Return what is found of rules that are called a, b, c …"""
    made = [
        {"rule": name, "kind": "check", "for": entity, **said}
        for name, (entity, said) in zip("abcd", rules, strict=False)
    ]
    solver = Solver(build({"facts": FACTS, "rules": made}).ruleset(DAY))
    checks = check_rules(solver.ruleset, {"spec"}, solver)
    every = [
        *checks.findings,
        *check_implied(solver.ruleset, solver, checks),
        *check_contradictions(solver.ruleset, solver, checks),
    ]
    return {f"{each.problem.code.removeprefix('standards.')} {each.about}" for each in every}


def violated(entity: str, text: str, **more: str) -> Said:
    return entity, {"violated": text, **more}


CONTRADICTING = {
    "what a part forbids and its holder requires": [
        violated(WHOLE, "not a"),
        violated(PART, "enterprise.a"),
    ],
    "what each part must be and none may": [
        violated(WHOLE, "any(p.shut for p in parts)"),
        violated(PART, "not shut"),
    ],
}
CLEAR = {
    "another fact of the holder": [violated(WHOLE, "not a"), violated(PART, "enterprise.b and shut")],
    "one part is enough": [
        violated(WHOLE, "all(p.shut for p in parts)"),
        violated(PART, "m > 5 and not shut"),
    ],
    "they never apply together": [
        violated(WHOLE, "not a", applies="b"),
        violated(PART, "enterprise.a", applies="not enterprise.b"),
    ],
}


@pytest.mark.parametrize("name", CONTRADICTING)
def test_contradictions_across_levels_are_found(name: str) -> None:
    assert {each.split()[0] for each in found(*CONTRADICTING[name])} == {"contradiction"}


@pytest.mark.parametrize("name", CLEAR)
def test_rules_of_two_levels_that_can_be_kept_together_contradict_nothing(name: str) -> None:
    assert found(*CLEAR[name]) == set()


def test_a_rule_that_implies_one_that_reads_more_is_found() -> None:
    assert found(violated(WHOLE, "n > 10"), violated(WHOLE, "n > 5 or a")) == {"implied-rule a"}
    assert found(violated(WHOLE, "n > 10"), violated(WHOLE, "n > 5 and a")) == set()


def test_a_rule_of_a_part_that_implies_one_of_its_holder_is_found() -> None:
    assert found(violated(WHOLE, "any(p.m > 5 for p in parts)"), violated(PART, "m > 9")) == {
        "implied-rule b"
    }
    assert found(violated(WHOLE, "any(p.m > 9 for p in parts)"), violated(PART, "m > 5")) == set()


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ({"applies": "b", "violated": "n >= 0"}, {"violated-where-it-applies a"}),
        ({"applies": "a and b", "violated": "a or n > 5"}, {"violated-where-it-applies a"}),
        ({"applies": "b", "violated": "n > 0"}, set()),
        ({"applies": "b", "violated": "n >= 0", "unless": "a", "unless_because": "x"}, set()),
        ({"applies": "b", "violated": "n >= 0", "unless": "not b"}, {"violated-where-it-applies a"}),
    ],
)
def test_what_is_violated_wherever_it_applies_is_found(said: dict[str, Any], wanted: set[str]) -> None:
    assert found((WHOLE, said)) == wanted


UNTIL = "as_of < '2027-01-01' and"


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([violated(WHOLE, f"({UNTIL} a) or n > 5"), violated(WHOLE, "a or n > 5")], {"implied-rule a"}),
        ([violated(WHOLE, "as_of < '2027-01-01' or a")], {"always-on-the-day a"}),
        ([violated(WHOLE, f"{UNTIL} a"), violated(WHOLE, "not a")], {"contradiction-on-the-day b"}),
    ],
    ids=["the same", "always", "contradicting"],
)
def test_what_holds_until_a_day_is_not_said_for_ever(rules: list[Said], expected: set[str]) -> None:
    assert found(*rules) == expected
