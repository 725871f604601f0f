"""Advice is the cheapest way there is, as brute force finds it, and the reference confirms each."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest

from dualprev_rules import Engine
from dualprev_rules.facts import read_facts
from dualprev_rules.problems import DualprevError
from dualprev_rules.standards import Costs, advise, read_costs
from dualprev_rules.standards.advise import Adviser, decimal, rounded
from tests.cases import cases
from tests.cli.run import run
from tests.property.build import build

DAY = date(2026, 11, 21)
FACTS = {
    "enterprise": {
        "attributes": {
            **{n: {"type": "number", "whole": True, "min": 0, "max": 9} for n in "xyz"},
            "w": {"type": "number", "min": 0},
        }
    }
}


def adviser(violated: str, given: dict[str, int], costs: dict[str, int | None]) -> tuple[Adviser, Any]:
    rule = {"rule": "r", "kind": "check", "for": "enterprise", "violated": violated}
    ruleset = build({"facts": FACTS, "rules": [rule]}).ruleset(DAY)
    priced = {f"enterprise.{n}": None if c is None else Fraction(c) for n, c in costs.items()}
    found = Adviser(
        ruleset, {}, lambda: read_facts({"enterprise": given}, ruleset.schema, as_of=DAY), Costs(priced)
    )
    return found, ruleset.rules["r"]


def condition(chance: Random) -> str:
    """Return a condition that is violated more the greater the figures are, or the less."""
    parts = [
        chance.choice(
            [
                f"{a} + {b} > {chance.randint(2, 15)}",
                f"{a} * {chance.randint(1, 3)} >= {b} + {chance.randint(0, 9)}",
                f"{a} < {chance.randint(1, 9)}",
                f"{a} > {chance.randint(0, 8)}",
            ]
        )
        for a, b in (chance.sample("xyz", 2) for _ in range(chance.randint(1, 3)))
    ]
    return f" {chance.choice(['and', 'or'])} ".join(parts)


def test_the_cheapest_way_is_found_and_is_one() -> None:
    ways = 0
    for seed in range(cases(300)):
        chance = Random(seed)
        text = condition(chance)
        given = {name: chance.randint(0, 9) for name in "xyz"}
        costs = {name: chance.choice([1, 2, 5, None]) for name in "xyz"}
        if not eval(text, dict(given)):
            continue
        cheapest = min(
            (
                sum(costs[n] or 0 for n in "xyz" if point[n] != given[n])
                for point in (
                    dict(zip("xyz", values, strict=True)) for values in product(range(10), repeat=3)
                )
                if not eval(text, dict(point))
                and not any(costs[n] is None and point[n] != given[n] for n in "xyz")
            ),
            default=None,
        )
        found = adviser(text, given, costs)
        advice = found[0].advise(found[1], "enterprise")
        if cheapest is None:
            assert (advice.changes, advice.because) == ((), "nothing-helps"), (text, given, costs)
            continue
        ways += 1
        assert (advice.cost, advice.because) == (cheapest, ""), (text, given, costs)
        changed = {change.attribute.name: int(change.to) for change in advice.changes}
        assert not eval(text, {**given, **changed}), (text, given, advice)
        for change in advice.changes:
            # One more step back towards what it was, and the finding is there again.
            name, back = change.attribute.name, 1 if int(change.before or 0) > int(change.to) else -1
            assert eval(text, {**given, **changed, name: changed[name] + back}), (text, given, advice)
    assert ways > cases(300) // 5


def test_what_is_not_known_has_to_be_established_where_the_finding_rests_on_it() -> None:
    found, rule = adviser("x > 5 or z > 3", {"x": 7}, {})
    advice = found.advise(rule, "enterprise")
    said = {c.attribute.name: (c.before, c.bound, c.to) for c in advice.changes}
    assert said["x"] == ("7", "at_most", "5")
    before, bound, value = said["z"]
    assert (before, bound) == (None, "is")
    assert int(value) <= 3


def test_what_is_not_known_and_decides_nothing_is_left_alone() -> None:
    found, rule = adviser("x > 5 and (z >= 0)", {"x": 7}, {})
    assert [c.attribute.name for c in found.advise(rule, "enterprise").changes] == ["x"]


def with_rules(given: dict[str, Any], *rules: dict[str, Any]) -> tuple[Adviser, Any]:
    made = [{"rule": f"r{at}", "kind": "check", "for": "enterprise", **rule} for at, rule in enumerate(rules)]
    ruleset = build({"facts": FACTS, "rules": made}).ruleset(DAY)
    read = lambda: read_facts({"enterprise": given}, ruleset.schema, as_of=DAY)  # noqa: E731
    return Adviser(ruleset, {}, read, Costs({})), ruleset.rules["r0"]


def test_a_rule_with_an_exception_is_kept_the_plain_way() -> None:
    found, rule = with_rules(
        {"x": 9, "y": 0},
        {"violated": "x > 5", "unless": "y > 3", "unless_because": {"zh": "例外", "en": "so"}},
    )
    advice = found.advise(rule, "enterprise")
    assert [(c.attribute.name, c.bound, c.to) for c in advice.changes] == [("x", "at_most", "5")]


def test_a_rule_that_the_change_would_break_is_named() -> None:
    other = {"violated": "x < 7", "kind": "major_hidden_hazard"}
    found, rule = with_rules(
        {"x": 9}, {"violated": "x > 5"}, other, {"violated": "x < 9"}, {"violated": "y > 0"}
    )
    advice = found.advise(rule, "enterprise")
    assert [(c.attribute.name, c.to) for c in advice.changes] == [("x", "5")]
    assert [(of.rule.id, of.path) for of in advice.breaks] == [("r1", "enterprise"), ("r2", "enterprise")]
    assert advice.to_json()["breaks"][0] == {"rule": "r1", "path": "enterprise", "outcome": "violated"}
    found, rule = with_rules({"x": 9}, {"violated": "x > 5"}, {"violated": "x > 4"})
    assert found.advise(rule, "enterprise").breaks == ()


def test_a_rule_that_the_change_may_break_is_named() -> None:
    excused = {"violated": "x < 7", "unless": "y > 3", "unless_because": {"zh": "例外", "en": "so"}}
    open_ = {"violated": "x < 6 and y > 3"}
    found, rule = with_rules({"x": 9}, {"violated": "x > 5"}, excused, open_, {"violated": "x + y > 3"})
    advice = found.advise(rule, "enterprise")
    assert [(of.rule.id, of.worse) for of in advice.breaks] == [("r1", "presumed"), ("r2", "undetermined")]


@pytest.mark.parametrize(("violated", "settled"), [("x > 5 or y < 9", "9"), ("x > 5 or y > 0", "0")])
def test_a_change_that_helps_once_a_fact_is_established_is_advised(violated: str, settled: str) -> None:
    found, rule = with_rules({"x": 9}, {"violated": violated})
    said = [(c.attribute.name, c.before, c.bound, c.to) for c in found.advise(rule, "enterprise").changes]
    assert said == [("x", "9", "at_most", "5"), ("y", None, "is", settled)]
    found, rule = with_rules({"x": 9}, {"violated": "x > 5 or y >= 0"})
    assert found.advise(rule, "enterprise").because == "nothing-helps"


@pytest.mark.parametrize(
    ("name", "given", "before"),
    [
        ("w", {"at_least": 7}, "≥ 7"),
        ("w", {"between": [6, 8]}, "≥ 6, ≤ 8"),
        ("x", {"at_least": 7}, "7 / 8 / 9"),
        ("x", {"one_of": [7, 9]}, "7 / 9"),
    ],
)
def test_what_is_known_in_part_can_be_changed(name: str, given: dict[str, Any], before: str) -> None:
    found, rule = with_rules({name: given, "y": 0}, {"violated": f"{name} > 5"})
    (change,) = found.advise(rule, "enterprise").changes
    assert (change.before, change.bound, change.to) == (before, "at_most", "5")


CHLORINE = {
    "enterprise": {
        "units": [
            {
                "id": "U1",
                "kind": "storage",
                "substances": [{"name": "氯", "cas": "7782-50-5", "quantity": "120 t"}],
                "excluded_activities": [],
                "exposed_people": 0,
            }
        ]
    }
}


@pytest.fixture(scope="module")
def chemicals() -> Engine:
    return Engine.load(packs=["chemicals"], as_of=DAY)


def test_liquid_chlorine_in_store_below_five_tonnes_is_no_installation(chemicals: Engine) -> None:
    """Table 1 of GB 18218-2018 has 5 t for chlorine: S is below 1 where there is less."""
    (advice,) = advise(chemicals, CHLORINE, what="unit.is_major_hazard_installation")
    ((change),) = advice.changes
    assert (change.attribute.name, change.before) == ("quantity", "120 t")
    assert (change.bound, change.to) == ("below", "5 t")


def test_a_level_becomes_milder_at_the_bound_of_table_6(chemicals: Engine) -> None:
    """α is 0.5 where nobody is exposed and β of chlorine 4: R = 0.5 · 4 · q / 5 is 10 at 25 t."""
    site = json.loads(json.dumps(CHLORINE).replace("120 t", "30 t"))
    (advice,) = advise(chemicals, site, what="unit.hazard_level", path="unit[U1]")
    assert [(c.bound, c.to) for c in advice.changes] == [("below", "25 t")]


def test_what_cannot_be_changed_is_never_advised(chemicals: Engine) -> None:
    costs = Costs(
        {f"substance.{n}": None for n in ("quantity", "design_maximum", "volume", "fill_ratio", "stock")}
    )
    (advice,) = advise(chemicals, CHLORINE, what="unit.is_major_hazard_installation", costs=costs)
    assert (advice.changes, advice.because) == ((), "nothing-helps")


def test_costs_are_read_with_all_their_faults(tmp_path: Path, chemicals: Engine) -> None:
    file = tmp_path / "costs.yaml"
    file.write_text("substance.quantity: -1\nsubstance.quantiti: 2\nunit.kind: never\n", "utf-8")
    with pytest.raises(DualprevError) as raised:
        read_costs(file, chemicals.ruleset.schema)
    assert [(p.code, p.nearest) for p in raised.value.problems] == [
        ("standards.cost", None),
        ("standards.cost-of-nothing", "substance.quantity"),
    ]
    file.write_text("- one", "utf-8")
    with pytest.raises(DualprevError, match=r"costs\.yaml"):
        read_costs(file, chemicals.ruleset.schema)


def test_a_goal_that_there_is_not_has_a_near_one(chemicals: Engine) -> None:
    with pytest.raises(DualprevError) as raised:
        advise(chemicals, CHLORINE, what="unit.hazard_levl")
    assert raised.value.problems[0].nearest == "unit.hazard_level"


def test_the_command_says_it_in_words_and_as_json(tmp_path: Path) -> None:
    site = tmp_path / "site.json"
    site.write_text(json.dumps(CHLORINE, ensure_ascii=False), "utf-8")
    arguments = (
        "advise",
        str(site),
        "unit.is_major_hazard_installation",
        "-p",
        "chemicals",
        "--as-of",
        "2026-11-21",
    )
    assert "设计最大量由 120 t 降到 5 t 以下（不含）" in run(*arguments).stdout
    assert "from 120 t to below 5 t" in run(*arguments, "--lang", "en").stdout
    (advice,) = json.loads(run(*arguments, "--json").stdout)
    path = "enterprise.units[U1].substances[1].quantity"
    assert advice["changes"] == [{"path": path, "before": "120 t", "bound": "below", "to": "5 t"}]


@pytest.mark.parametrize(
    ("value", "down", "expected"),
    [
        ("1/3", True, "0.33333"),
        ("1/3", False, "0.33334"),
        ("123456.7", True, "123450"),
        ("-1/3", True, "-0.33334"),
    ],
)
def test_figures_are_rounded_to_the_side_that_is_wanted(value: str, down: bool, expected: str) -> None:
    assert rounded(Fraction(value), down=down) == Fraction(expected)
    assert not decimal(Fraction(1, 3))
    assert decimal(Fraction(1, 40))
