"""Which way of a fact is worse, by the form of the conditions that ask for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dualprev_rules import Engine
from dualprev_rules.result.direction import directions

PACK = """\
pack: way
version: 1.0.0
language: 1
title: {zh: 方向, en: Way}
instruments:
  - id: law
    number: 测试1号
    title: {zh: 测试, en: Test}
    issuer: 本测试
    force: ministerial_rule
    binding: true
    in_force: {from: 2020-01-01, confirmed: true}
    encoded: full
    status: recalled
"""
FACTS = """\
unit:
  extends: core.unit
  attributes:
    depth: {type: number, unit: m, min: 0, label: {zh: 深度, en: Depth}}
    width: {type: number, unit: m, min: 0, label: {zh: 宽度, en: Width}}
    guarded: {type: bool, label: {zh: 有防护, en: Guarded}}
    is_tested: {type: bool, label: {zh: 已检验, en: Tested}}
    due_on: {type: date, label: {zh: 到期日, en: Due}}
"""
RULE = """\
- rule: way.1
  kind: check
  for: unit
  title: {{zh: 规则, en: Rule}}
  duty_of: 企业
  decided_by: facts
  applies: {applies}
  violated: {violated}
  cite: {{instrument: law, clause: "1"}}
"""


def ways(folder: Path, violated: str, applies: str = "is_tested == true") -> dict[str, int]:
    """Return the directions of a pack with one rule."""
    rules = folder / "rules"
    rules.mkdir()
    (folder / "pack.yaml").write_text(PACK, "utf-8")
    (folder / "facts.yaml").write_text(FACTS, "utf-8")
    (rules / "one.yaml").write_text(RULE.format(applies=applies, violated=violated), "utf-8")
    ruleset = Engine.load([folder], as_of="2026-11-21").ruleset
    return {name: sign for (entity, name), sign in directions(ruleset).items() if entity == "unit"}


@pytest.mark.parametrize(
    ("violated", "found"),
    [
        ("depth > 5", {"depth": 1}),
        ("depth < 5", {"depth": -1}),
        ("not (depth < 5 or guarded)", {"depth": 1, "guarded": -1}),
        ("guarded == false", {"guarded": -1}),
        ("guarded != false and 3 <= width", {"guarded": 1, "width": 1}),
        ("width - depth > 2", {"width": 1, "depth": -1}),
        ("2 * width / 3 > 1", {"width": 1}),
        ("max(width, depth) > 2", {"width": 1, "depth": 1}),
        # A product of two facts, an equality, and one fact both ways say nothing.
        ("width * depth > '2 m2'", {}),
        ("depth == 5", {}),
        ("depth > 5 or depth < 1", {}),
        ("add_months(due_on, 12) < as_of", {"due_on": -1}),
    ],
)
def test_a_fact_that_only_ever_makes_it_worse_has_a_direction(
    tmp_path: Path, violated: str, found: dict[str, int]
) -> None:
    assert ways(tmp_path, violated) == {**found, "is_tested": 1}


def test_an_exception_turns_the_way(tmp_path: Path) -> None:
    assert ways(tmp_path, "guarded\n  unless: depth > 5\n  unless_because: {zh: 例外, en: Except}") == {
        "guarded": 1,
        "depth": -1,
        "is_tested": 1,
    }
