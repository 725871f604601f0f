"""What verify says of a pack: every planted fault with place, facts and fix, and nothing of what is sound."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from random import Random

import pytest
import yaml

from dualprev_rules.engine import Engine
from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.solver import Solver
from dualprev_rules.facts import read_facts
from dualprev_rules.standards import Verification, verify, verify_profile
from dualprev_rules.standards.contradictions import check_contradictions
from dualprev_rules.standards.decisions import check_table, tables_of
from dualprev_rules.standards.rules import check_implied, check_rules
from dualprev_rules.standards.together import check_together
from tests.cases import cases
from tests.cli.run import run
from tests.property.build import build

DRAFT = Path(__file__).with_name("draft")
DAY = date(2026, 11, 21)
PLANTED = {
    "standards.always-violated": {"draft.always"},
    "standards.contradiction": {"draft.tight"},
    "standards.edition-hole": {"draft-2015"},
    "standards.edition-overlap": {"guide-2018"},
    "standards.gap": {"unit.draft_level"},
    "standards.masked-row": {"unit.draft_priority"},
    "standards.redundant-row": {"unit.draft_priority"},
    "standards.never-applies": {"draft.never-applies"},
    "standards.never-violated": {"draft.never-violated", "draft.excused"},
    "standards.never-on-the-day": {"draft.not-yet"},
    "standards.implied-rule": {"draft.many"},
    "standards.same-rule": {"draft.low"},
    "standards.superseded-clause": {"draft.superseded"},
    "standards.no-question": {"draft"},
}


@cache
def verified() -> Verification:
    return verify([DRAFT], as_of=DAY)


def test_everything_planted_in_a_pack_is_found_and_nothing_else() -> None:
    found: dict[str, set[str]] = {}
    for finding in verified().findings:
        found.setdefault(finding.problem.code, set()).add(finding.about)
    assert found == PLANTED


_X = {"x": {"type": "number", "min": 0}, "y": {"type": "number", "min": 0}, "w": {"type": "bool"}}


@pytest.mark.parametrize(
    ("rules", "sets"),
    [
        ([("", "x + y < 10"), ("", "x > 4"), ("", "y > 4")], [{"r0", "r1", "r2"}]),
        ([("", "x + y <= 10"), ("", "x > 5"), ("", "y > 5")], [{"r0", "r1", "r2"}]),
        ([("", "x + y < 10"), ("", "x > 5"), ("", "y > 5")], []),
        ([("", "x + y < 10"), ("w", "x > 4"), ("w", "y > 4")], [{"r0", "r1", "r2"}]),
        ([("", "x + y < 10"), ("w", "x > 4"), ("not w", "y > 4")], []),
        ([("", "x > 4"), ("", "x < 6"), ("", "y > 4")], []),
        (
            [("", "x + y < 10"), ("", "x > 4"), ("", "y > 4"), ("", "x < 1"), ("", "y > 3")],
            [{"r0", "r1", "r2"}, {"r0", "r1", "r4"}],
        ),
        ([("", "x != 1 and y != 1"), ("", "x == 1"), ("", "y == 1 and x < 2"), ("", "x >= 2")], [
            {"r0", "r1", "r2", "r3"}
        ]),
    ],
)  # fmt: skip
def test_rules_that_only_together_contradict_each_other(
    rules: list[tuple[str, str]], sets: list[set[str]]
) -> None:
    made = [
        {"rule": f"r{at}", "kind": "check", "for": "enterprise", "violated": violated}
        | ({"applies": applies} if applies else {})
        for at, (applies, violated) in enumerate(rules)
    ]
    ruleset = build({"facts": {"enterprise": {"attributes": _X}}, "rules": made}).ruleset(DAY)
    solver = Solver(ruleset)
    checks = check_rules(ruleset, {rule.pack for rule in ruleset.rules.values()}, solver)
    findings = list(check_together(ruleset, solver, checks))
    assert {frozenset(str(f.problem.given).split(", ")) for f in findings} <= {frozenset(s) for s in sets}
    assert bool(findings) == bool(sets)
    for finding in findings:
        facts = read_facts(finding.witness, ruleset.schema, as_of=DAY)
        kept = [Reference(ruleset).outcome(rule, facts.roots[0]).code for rule in ruleset.rules.values()]
        named = str(finding.problem.given).split(", ")
        assert [code for rule, code in zip(ruleset.rules, kept, strict=True) if rule in named] == [
            *["compliant"] * (len(named) - 1),
            "violated",
        ]


def test_gaps_that_no_time_is_left_to_ask_about_are_shown_as_the_table_has_them() -> None:
    rows = [{"x": f"{at}", "then": at} for at in range(5)]
    head = {
        "facts": {"enterprise": {"attributes": {"x": {"type": "number", "whole": False, "min": 0}}}},
        "definitions": [
            {"define": "enterprise.n", "decide": {"hit": "unique", "inputs": [{"name": "x"}], "rows": rows}}
        ],
    }
    ruleset = build(head).ruleset(DAY)
    solver = Solver(ruleset)
    (named,) = tables_of(ruleset, {definition.pack for definition in ruleset.definitions.values()})

    def codes(clock: Callable[[], float] | None) -> list[str]:
        found = check_table(named, ruleset, solver, seconds=60, says_gap=False, clock=clock)
        return [finding.problem.code for finding in found]

    assert (
        codes(lambda: 61.0 * (solver.witnesses[True] > 1))
        == ["standards.gap"] * 2 + ["standards.gap-of-table"] * 3
    )
    assert codes(None) == ["standards.gap"] * 5


def test_the_row_that_closes_a_gap_stands_in_the_table_when_pasted(tmp_path: Path) -> None:
    (gap,) = (f for f in verified().findings if f.problem.code == "standards.gap")
    assert gap.row is not None
    assert yaml.safe_load(gap.row) == [{"drums": "99", "then": "?"}]
    for file in DRAFT.rglob("*.yaml"):
        text = file.read_text("utf-8")
        if file.name == "definitions.yaml":
            before, after = text.split('      - {drums: "[50..99)", then: 2}\n')
            line = f"      {gap.row.replace('?', '2')}\n"
            text = f'{before}      - {{drums: "[50..99)", then: 2}}\n{line}{after}'
        target = tmp_path / file.relative_to(DRAFT)
        target.parent.mkdir(exist_ok=True, parents=True)
        target.write_text(text, "utf-8")
    again = verify([tmp_path], as_of=DAY)
    assert "standards.gap" not in {f.problem.code for f in again.findings}


def test_witnesses_are_what_the_reference_says() -> None:
    engine = Engine.load([DRAFT], as_of=DAY, cache=False)
    shown = [f for f in verified().findings if f.witness is not None]
    assert shown
    for finding in shown:
        facts = read_facts(finding.witness, engine.ruleset.schema, as_of=DAY)
        assert not facts.problems
        (record,) = (r for r in facts.records() if r.path == finding.path)
        reference = Reference(engine.ruleset)
        if finding.about in engine.ruleset.rules:
            assert reference.outcome(engine.ruleset.rules[finding.about], record).code == "violated"
        else:
            entity, _, name = finding.about.partition(".")
            assert reference.define(engine.ruleset.definitions[entity, name], record).absent


def test_the_command_prints_and_warnings_keep_nothing_from_being_used() -> None:
    done = run("verify", str(DRAFT), "--as-of", "2026-11-21", "--lang", "en")
    assert done.exit_code == 0
    assert "rules/draft.yaml:8:12: standards.never-applies: draft.never-applies" in done.stdout
    assert '- {drums: "99", then: "?"}' in done.stdout
    assert done.stdout.rstrip().endswith("Errors: 0. Warnings: 10. Notes: 5.")


def test_the_command_prints_json() -> None:
    done = run("verify", str(DRAFT), "--as-of", "2026-11-21", "--json")
    document = json.loads(done.stdout)
    assert document["days"] == ["2015-01-01", "2026-11-21"]
    assert document["rules"] == 14
    assert {f["code"] for f in document["findings"]} == set(PLANTED)
    gap = next(f for f in document["findings"] if f["code"] == "standards.gap")
    assert gap["witness"]["enterprise"]["units"][0]["drums"] == "99"
    assert gap["fix"].keys() == {"zh", "en"}


def test_a_profile_is_verified_by_its_own_rules() -> None:
    found = verify_profile("shandong", as_of=DAY)
    assert not found.count("error")
    assert found.packs == ()


def test_rules_of_those_above_the_enterprise_are_verified_too() -> None:
    found = verify_profile("henan", as_of=DAY)
    assert {each.problem.code for each in found.findings} == set()
    assert found.confirmed >= 2 * found.rules


FACTS = {
    "enterprise": {"attributes": {n: {"type": "number", "whole": True, "min": 0, "max": 9} for n in "xyz"}}
}
POINTS = [{"x": x, "y": y, "z": 0} for x in range(10) for y in range(10)]


def _sown(seed: int) -> tuple[dict[str, str], set[str]]:
    """Return two rules with random bounds on x and y, and what brute force says of them."""
    chance = Random(seed)

    def condition() -> str:
        parts = [f"{chance.choice('xy')} {chance.choice(['<', '<=', '>', '>='])} {chance.randint(0, 9)}"]
        parts += [f"{chance.choice('xy')} {chance.choice(['<', '>='])} {chance.randint(0, 9)}"]
        return f" {chance.choice(['and', 'or'])} ".join(parts)

    texts = {"a": condition(), "b": condition()}
    hit = {name: {i for i, p in enumerate(POINTS) if eval(text, dict(p))} for name, text in texts.items()}
    expected: set[str] = set()
    for name in texts:
        expected |= {f"standards.never-violated {name}"} if not hit[name] else set()
        expected |= {f"standards.always-violated {name}"} if len(hit[name]) == len(POINTS) else set()
    a, b = hit["a"], hit["b"]
    if all(0 < len(points) < len(POINTS) for points in (a, b)):
        reads = {name: {v for v in "xy" if v in text} for name, text in texts.items()}
        shared = reads["a"] & reads["b"]
        if a == b and shared:
            expected.add("standards.same-rule a")
        elif a <= b and shared:
            expected.add("standards.implied-rule a")
        elif b <= a and shared:
            expected.add("standards.implied-rule b")
        if len(a | b) == len(POINTS) and reads["a"] & reads["b"]:
            expected.add("standards.contradiction b")
    return texts, expected


def test_rules_sown_at_random_are_what_brute_force_says() -> None:
    planted = 0
    for seed in range(cases(500)):
        texts, expected = _sown(seed)
        rules = [
            {"rule": name, "kind": "check", "for": "enterprise", "violated": text}
            for name, text in texts.items()
        ]
        solver = Solver(build({"facts": FACTS, "rules": rules}).ruleset(DAY))
        checks = check_rules(solver.ruleset, {"spec"}, solver)
        implied = check_implied(solver.ruleset, solver, checks)
        contradictions = check_contradictions(solver.ruleset, solver, checks)
        found = {f"{f.problem.code} {f.about}" for f in (*checks.findings, *implied, *contradictions)}
        assert found == expected, (texts, found)
        planted += len(expected)
    assert planted >= cases(500) // 3


@pytest.mark.slow
@pytest.mark.parametrize("pack", ["chemicals", "fire", "mining", "construction", "gas"])
def test_shipped_packs_have_no_fault(pack: str) -> None:
    found = verify([pack], as_of=DAY)
    assert [f.problem.show("en") for f in found.findings if f.problem.severity != "note"] == []
    assert found.confirmed > found.rules
