"""The solver calls nothing impossible that the reference finds, and shows nothing that it does not say."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.solver import Answer, Solver, applicable, kept, violated, violated_alone
from dualprev_rules.evaluate.solver.backend import z3
from dualprev_rules.facts import read_facts
from dualprev_rules.problems import DualprevError
from tests.cases import cases
from tests.property.build import build
from tests.property.generate import settle, worlds
from tests.property.writer import AS_OF, World

FACTS: dict[str, Any] = {
    "enterprise": {
        "attributes": {
            "x": {"type": "number", "min": 0},
            "n": {"type": "number", "whole": True},
            "wet": {"type": "bool"},
            "kind": {"type": "enum", "values": ["tank", "store", "pipe"]},
            "level": {"type": "ordered", "values": [1, 2, 3, 4]},
            "built": {"type": "date"},
            "name": {"type": "text"},
            "hazards": {"type": "list", "of": {"enum": ["J1", "J2", "W1"]}},
            "parts": {"type": "list", "of": "part"},
        }
    },
    "part": {
        "key": "id",
        "attributes": {
            "id": {"type": "text"},
            "mass": {"type": "number", "min": 0},
            "shut": {"type": "bool"},
        },
    },
}
TABLE = {
    "table": "limits",
    "key": {"name": "name"},
    "columns": {"name": {"type": "text"}, "q": {"type": "number"}},
    "rows": [{"name": "chlorine", "q": 5}, {"name": "ammonia", "q": 10}],
}


def ask(*rules: dict[str, Any], **head: Any) -> tuple[Solver, list[tuple[Answer, Answer, Answer]]]:
    """Return for each rule whether it can be violated, can be kept, and can apply."""
    made = [{"kind": "check", "for": "enterprise", "rule": f"r{n}", **rule} for n, rule in enumerate(rules)]
    solver = Solver(build({"facts": FACTS, "tables": [TABLE], "rules": made, **head}).ruleset(AS_OF))
    of = solver.ruleset.rules.values()
    return solver, [
        (a, b, c)
        for a, b, c in (solver.ask_each(r.entity, [violated(r), kept(r), applicable(r)]) for r in of)
    ]


@pytest.mark.parametrize(
    ("condition", "can_be_violated", "can_be_kept"),
    [
        ("x > 3", True, True),
        ("x < 0", False, True),
        ("x >= 0", True, False),
        ("x * 10 == 1 and x + x + x > 0.3", False, True),
        ("n > 2 and n < 3", False, True),
        ("n * 2 == 3", False, True),
        ("kind in {tank, store, pipe}", True, False),
        ("kind == 'tank' and kind == 'store'", False, True),
        ("level < 3 and level > 1", True, True),
        ("level < 2 and level > 1", False, True),
        ("'J1' in hazards and count(h for h in hazards) == 1 and 'J2' in hazards", False, True),
        ("count(h for h in hazards) > 3", False, True),
        ("built > '2020-01-31' and add_months(built, 1) < '2020-02-29'", False, True),
        ("add_years(built, 10) < as_of", True, True),
        ("add_months(built, n) < built and n > 0", False, True),
        ("add_years(built, n) <= as_of and n > 3 and built > '2022-11-21'", False, True),
        ("add_years(built, n) <= as_of and n > 3 and built >= '2022-11-21'", True, True),
        ("add_months(built, n) == '2020-02-29' and built == '2020-01-31'", True, True),
        ("any(p.mass > 5 for p in parts) and sum(p.mass for p in parts) < 5", False, True),
        ("sum(p.mass for p in parts) > 10 and all(p.mass < 6 for p in parts)", True, True),
        ("all(p.shut for p in parts) and not any(p.shut for p in parts) and count(parts) > 0", False, True),
        ("max((p.mass for p in parts), default=7) == 7 and count(parts) == 0", True, True),
        ("lookup('limits', name=name).q > 7", True, True),
        ("lookup('limits', name=name).q in {5, 10} and name == 'chlorine' and x > 2", True, True),
        ("name == 'chlorine' and lookup('limits', name=name).q != 5", False, True),
        ("coalesce(lookup('limits', name=name).q, 99) == 99 and name == 'ammonia'", False, True),
        ("x / n > 3 and n > 0", True, True),
        ("(1 if wet else 2) == 2 and wet", False, True),
        ("at_least(2, wet, x > 1, n > 1) and not wet and x < 1", False, True),
        ("abs(n) < 0", False, True),
        ("any(p.shut for p in parts) and any(not p.shut for p in parts)", True, True),
        ("days_between(built, as_of) > 30 and built > as_of", False, True),
    ],
)
def test_what_can_be(condition: str, can_be_violated: bool, can_be_kept: bool) -> None:
    solver, [(breach, keep, applies)] = ask({"violated": condition})
    assert (breach.is_possible, keep.is_possible) == (can_be_violated, can_be_kept)
    assert applies.is_possible is True
    assert solver.witnesses[True] == sum(bool(answer.is_possible) for answer in (breach, keep, applies))


def test_what_never_applies() -> None:
    _, [(breach, keep, applies)] = ask({"applies": "kind == 'tank' and kind == 'pipe'", "violated": "wet"})
    assert (breach.is_possible, keep.is_possible, applies.is_possible) == (False, True, False)


def test_an_exception_that_always_holds() -> None:
    _, [(breach, _, applies)] = ask({"violated": "x > 5", "unless": "x > 1"})
    assert breach.is_possible is False
    assert applies.is_possible is True


def test_a_rule_that_rests_on_another() -> None:
    _, answers = ask({"violated": "x > 5"}, {"violated": "rule('r0') and x < 4"})
    assert [breach.is_possible for breach, _, _ in answers] == [True, False]


def test_what_has_no_value_is_not_proved_of() -> None:
    # A level where there is none may be anything: the reference leaves it open, so nothing is proved.
    head = [{"define": "enterprise.grade", "when": "wet", "is": "1 if x > 5 else 2"}]
    _, [(breach, keep, _)] = ask({"violated": "grade == 3"}, definitions=head)
    assert keep.is_possible is True
    assert breach.is_possible is None
    assert breach.because == "unconfirmed"


def test_a_decision_table() -> None:
    rows = [{"x": "< 5", "then": 1}, {"x": ">= 5", "wet": "true", "then": 2}, {"x": ">= 7", "then": 3}]
    decide = {"hit": "first", "inputs": [{"name": "x"}, {"name": "wet"}], "rows": rows}
    head = [{"define": "enterprise.grade", "decide": decide}]
    _, answers = ask(
        {"violated": "grade == 3 and wet"},
        {"violated": "grade == 3 and x < 8"},
        {"violated": "grade == 2 and x < 5"},
        definitions=head,
    )
    assert [breach.is_possible for breach, _, _ in answers] == [False, True, False]


def test_one_rule_violated_without_another() -> None:
    solver, _ = ask({"violated": "x > 5"}, {"violated": "x > 3"})
    strict, loose = solver.ruleset.rules.values()
    assert solver.ask("enterprise", *violated_alone(strict, loose)).is_possible is False
    alone = solver.ask("enterprise", *violated_alone(loose, strict))
    assert alone.is_possible is True
    assert alone.witness is not None
    facts = read_facts(alone.witness, solver.ruleset.schema, as_of=AS_OF)
    outcomes = [Reference(solver.ruleset).outcome(rule, facts.roots[0]).code for rule in (strict, loose)]
    assert outcomes == ["compliant", "violated"]


def test_a_part_looks_at_what_holds_it() -> None:
    rule = {"for": "part", "violated": "enterprise.x > 5 and mass > sum(p.mass for p in enterprise.parts)"}
    _, [(breach, _, _)] = ask(rule)
    assert breach.is_possible is False


def test_a_question_without_time_is_undecided() -> None:
    condition = "x * x * x + n * n * n == 1234577 * x * n + 3 and x > 1 and n > 1 and x * n * n > 77777"
    head = {
        "facts": FACTS,
        "rules": [{"rule": "r", "kind": "check", "for": "enterprise", "violated": condition}],
    }
    solver = Solver(build(head).ruleset(AS_OF), milliseconds=1)
    (rule,) = solver.ruleset.rules.values()
    assert solver.ask("enterprise", *violated(rule)).is_possible is not False


def test_without_the_solver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "z3", None)
    z3.cache_clear()
    try:
        with pytest.raises(DualprevError) as raised:
            Solver(build({"facts": FACTS}).ruleset(AS_OF))
        assert raised.value.code == "standards.missing-extra"
    finally:
        z3.cache_clear()


@settings(max_examples=cases(150), deadline=None)
@given(st.data(), worlds())
def test_what_the_reference_finds_is_never_called_impossible(data: st.DataObject, world: World) -> None:
    world.knowledge = settle(data.draw, world, world.knowledge)
    ruleset, facts = world.ruleset, world.read()
    reference = Reference(ruleset)
    solver = Solver(ruleset, records=3, milliseconds=500)
    for rule in ruleset.rules.values():
        codes = {
            reference.outcome(rule, record).code
            for record in facts.records()
            if record.entity.name == rule.entity and not record.phantom
        }
        breach, keep = solver.ask_each(rule.entity, [violated(rule), kept(rule)])
        assert "violated" not in codes or breach.is_possible is not False
        assert codes.isdisjoint({"compliant", "not_applicable"}) or keep.is_possible is not False
