"""Definitions that are declared monotone by facts: proved, shown wrong by two sites, or said to be open."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from dualprev_rules.engine import Engine
from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.solver import Solver
from dualprev_rules.facts import read_facts
from dualprev_rules.pack.model import Ruleset
from dualprev_rules.problems import DualprevError
from dualprev_rules.standards.finding import Finding
from dualprev_rules.standards.monotone import check_monotone
from tests.standards.test_verify import DRAFT

DAY = date(2026, 11, 21)


FACTS = """
unit:
  extends: core.unit
  attributes:
    stuff: {type: list, of: thing, label: {zh: 物料, en: Stuff}}
    load: {type: number, min: 0, label: {zh: 荷载, en: Load}}
    is_open: {type: bool, label: {zh: 敞开, en: Open}}
    fire_grade: {type: {ordered: [a, b, c]}, label: {zh: 火险, en: Fire grade}}
thing:
  label: {zh: 物, en: Thing}
  key: id
  attributes:
    id: {type: text, label: {zh: 编号, en: Id}}
    amount: {type: number, min: 0, label: {zh: 量, en: Amount}}
    limit: {type: number, above: 0, label: {zh: 限, en: Limit}}
"""
LEVEL = {"type": {"ordered": [1, 2, 3]}}
"""The worst first."""


def found(folder: Path, definitions: list[dict[str, Any]]) -> tuple[list[Finding], Ruleset]:
    """Write a pack, and return what is found in it."""
    shutil.copy(DRAFT / "pack.yaml", folder)
    (folder / "facts.yaml").write_text(FACTS, "utf-8")
    (folder / "definitions.yaml").write_text(yaml.safe_dump(definitions, sort_keys=False), "utf-8")
    ruleset = Engine.load([folder], as_of=DAY, cache=False).ruleset
    return list(check_monotone(ruleset, {"draft"}, Solver(ruleset, records=1, milliseconds=10_000))), ruleset


def level(low: str, middle: str, high: str, **more: Any) -> dict[str, Any]:
    rows = [{"load": low, "then": "3"}, {"load": middle, "then": "2"}, {"load": high, "then": "1"}]
    decide = {"hit": "unique", "inputs": [{"name": "load"}], "rows": rows}
    return {"define": "unit.level", **LEVEL, "decide": decide, **more}


@pytest.mark.parametrize(
    "definition",
    [
        level("< 1", "[1..5)", ">= 5", monotone={"unit.load": "rising"}),
        level(">= 5", "[1..5)", "< 1", monotone={"load": "falling"}),
        {
            "define": "unit.total",
            "type": "number",
            "is": "sum(t.amount / t.limit for t in stuff)",
            "monotone": {"thing.amount": "rising", "thing.limit": "falling"},
        },
        {
            "define": "unit.is_large",
            "is": "load >= 5 and (is_open or fire_grade <= 'b')",
            "monotone": {"load": "rising", "is_open": "rising", "fire_grade": "rising"},
        },
    ],
)
def test_what_is_monotone_is_proved(definition: dict[str, Any], tmp_path: Path) -> None:
    assert found(tmp_path, [definition])[0] == []


@pytest.mark.parametrize(
    ("definition", "fact"),
    [
        (level("< 1", ">= 5", "[1..5)", monotone={"load": "rising"}), "unit.load"),
        (
            {
                "define": "unit.total",
                "type": "number",
                "is": "sum(t.amount / t.limit for t in stuff)",
                "monotone": {"thing.limit": "rising"},
            },
            "thing.limit",
        ),
        (
            {
                "define": "unit.is_large",
                "is": "load >= 5 and not is_open",
                "monotone": {"load": "rising", "is_open": "rising"},
            },
            "unit.is_open",
        ),
        (
            {
                "define": "unit.is_bad",
                "is": "load > 1 and fire_grade == 'b'",
                "monotone": {"fire_grade": "rising"},
            },
            "unit.fire_grade",
        ),
    ],
)
def test_what_is_not_is_shown_by_two_sites(definition: dict[str, Any], fact: str, tmp_path: Path) -> None:
    [finding], ruleset = found(tmp_path, [definition])
    assert finding.problem.code == "standards.not-monotone"
    assert finding.problem.given == fact
    facts = read_facts(finding.witness, ruleset.schema, as_of=DAY)
    assert not facts.problems
    record = next(each for each in facts.records() if each.path == finding.path)
    name = definition["define"].partition(".")[2]
    assert Reference(ruleset).define(ruleset.definitions["unit", name], record).known


_LADDER = """load < 5 or count(stuff) < 1
  or any(all(s.amount != t.amount + 1 and (t.amount < 4 or s.amount > 0) for s in stuff) for t in stuff)"""


@pytest.mark.parametrize(
    "condition",
    [
        "load < 5 or sum(t.amount for t in stuff if t.amount <= 1) < 4",
        "load < 5 or count(stuff) < 4 * 3",
        "load < 5 or count(stuff) < 40",
    ],
)
def test_what_only_longer_lists_may_show_is_not_passed_over(condition: str, tmp_path: Path) -> None:
    [finding], _ = found(
        tmp_path, [{"define": "unit.is_fine", "is": condition, "monotone": {"load": "rising"}}]
    )
    assert finding.problem.code == "standards.monotone-bounded"
    assert finding.problem.severity == "note"


@pytest.mark.parametrize("condition", ["load < 5 or count(stuff) < 6", _LADDER])
def test_a_count_is_passed_by_lists_that_are_long_enough(condition: str, tmp_path: Path) -> None:
    fine = {"define": "unit.is_fine", "is": condition, "monotone": {"load": "rising"}}
    assert [each.problem.code for each in found(tmp_path, [fine])[0]] == ["standards.not-monotone"]


@pytest.mark.parametrize(
    ("body", "fact"),
    [
        ("load * sum(t.amount for t in stuff)", "load"),
        ("sum(t.amount for t in stuff if t.limit > 2)", "thing.amount"),
        ("load - sum(t.amount for t in stuff)", "load"),
    ],
)
def test_sums_of_lists_of_any_length_are_proved(body: str, fact: str, tmp_path: Path) -> None:
    total = {"define": "unit.total", "type": "number", "is": body, "monotone": {fact: "rising"}}
    assert found(tmp_path, [total])[0] == []


def test_two_sites_may_each_need_records_of_their_own(tmp_path: Path) -> None:
    amounts = " and ".join(f"any(t.amount == {at} + (9 if is_open else 0) for t in stuff)" for at in "123")
    level = "(1 if unit.sk else 9) if is_open else (2 if unit.sk else 0)"
    definitions = [
        {"define": "unit.sk", "is": amounts},
        {"define": "unit.lv", "type": "number", "is": level, "monotone": {"is_open": "rising"}},
    ]
    assert [each.problem.code for each in found(tmp_path, definitions)[0]] == ["standards.not-monotone"]


def test_what_rests_on_the_day_is_undecided(tmp_path: Path) -> None:
    body = "load if as_of < '2027-01-01' else 0 - load"
    level = {"define": "unit.lv", "type": "number", "is": body, "monotone": {"load": "rising"}}
    [finding], _ = found(tmp_path, [level])
    assert finding.problem.code == "standards.monotone-undecided"


def test_what_has_no_order_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DualprevError, match=r"pack\.monotone-without-order"):
        found(tmp_path, [{"define": "unit.n", "is": "load", "type": "number", "monotone": {"id": "rising"}}])
    with pytest.raises(DualprevError, match=r"pack\.unknown-attribute"):
        found(
            tmp_path, [{"define": "unit.n", "is": "load", "type": "number", "monotone": {"laod": "rising"}}]
        )
