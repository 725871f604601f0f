"""A risk point may name every grading method of the core and of the packs that are loaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dualprev_rules import DualprevError, Engine
from tests.packs.parts import ROOT

DAY = "2026-11-21"
HEAD = "pack: own\nversion: 1.0.0\nlanguage: 1\ntitle: {zh: 自有, en: Own}\ninstruments: []\n"
METHOD = """\
- method: two_factors
  title: {zh: 二因素法, en: Two factors}
  source: {zh: 本测试, en: this test}
  factors:
    V:
      label: {zh: 速度, en: Speed}
      scores: [{score: "1", meaning: {zh: 慢, en: slow}}, {score: "5", meaning: {zh: 快, en: fast}}]
    L:
      label: {zh: 可能性, en: Likelihood}
      scores: [{score: "1", meaning: {zh: 少, en: rare}}, {score: "5", meaning: {zh: 多, en: often}}]
  result: R
  formula: V * L
  bands:
    - variant: halves
      title: {zh: 两级, en: Two levels}
      source: {zh: 本测试, en: this test}
      decide:
        hit: unique
        inputs: [{name: R, min: 0}]
        rows: [{R: ">= 25", then: 1}, {R: "< 25", then: 4}]
  default: halves
"""
FACTOR = """\
risk_point:
  extends: core.risk_point
  attributes:
    V: {type: number, min: 0, label: {zh: 速度V, en: Speed V}}
"""


def own_pack(folder: Path, facts: str) -> Path:
    """Write a pack that brings the method, and ``facts``."""
    for name, text in {"pack.yaml": HEAD, "grading.yaml": METHOD, "facts.yaml": facts}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def point(engine: Engine, **facts: Any) -> Any:
    """Return the one risk point of the result, as JSON."""
    result = engine.assess({"enterprise": {"id": "E", "risk_points": [{"id": "P", **facts}]}})
    assert not result.data_problems, result.data_problems
    (found,) = json.loads(result.to_json())["risk_points"]
    return found


def test_a_point_is_graded_by_the_site_scores_of_the_construction_pack() -> None:
    """E 3 (weekly) and C 15 (one death) times L 6 is 270: orange on that scale, [160..320]."""
    engine = Engine.load(packs=[ROOT / "packs/construction/dualprev_pack_construction"], as_of=DAY)
    found = point(engine, method="lec_construction", L=6, E=3, C=15)
    assert (found["gradings"][0]["method"], found["grade"]["level"]) == ("lec_construction", 2)
    called = "作业条件危险性评价法（施工现场分值表）"
    assert point(engine, method=called, L=6, E=3, C=15) == found
    assert point(engine, method="LEC法", L=6, E=3, C=15)["gradings"][0]["method"] == "lec"


@pytest.mark.parametrize(
    ("factors", "level"),
    [
        ({"L": 4, "S": 5}, 1),  # 20: [20..25]
        ({"L": 4, "S": 4}, 2),  # 16: [9..16]
        ({"L": 3, "S": 3}, 2),  # 9
        ({"L": 2, "S": 4}, 3),  # 8: [4..8]
        ({"L": 2, "S": 2}, 3),  # 4
        ({"L": 1, "S": 3}, 4),  # 3: [1..3]
    ],
)
def test_a_point_is_graded_by_the_scores_of_mines(factors: dict[str, int], level: int) -> None:
    engine = Engine.load(packs=[ROOT / "packs/mining/dualprev_pack_mining"], as_of=DAY)
    assert point(engine, method="ls_mine", **factors)["grade"]["level"] == level


@pytest.mark.parametrize(
    ("factors", "level"),
    [
        ({"L": 10, "E": 10, "C": 7}, 1),  # 700: > 320
        ({"L": 3, "E": 6, "C": 15}, 2),  # 270: [160..320]
        ({"L": 10, "E": 10, "C": 1}, 3),  # 100: [70..160)
        ({"L": 3, "E": 3, "C": 7}, 4),  # 63: < 70
    ],
)
def test_a_point_is_graded_by_the_other_scores_of_construction(factors: dict[str, int], level: int) -> None:
    engine = Engine.load(packs=[ROOT / "packs/construction/dualprev_pack_construction"], as_of=DAY)
    assert point(engine, method="lec_construction_20m", **factors)["grade"]["level"] == level


def test_without_the_pack_its_method_is_a_data_problem() -> None:
    result = Engine.load(packs=[], as_of=DAY).assess(
        {"enterprise": {"id": "E", "risk_points": [{"id": "P", "method": "lec_construction", "L": 6}]}}
    )
    assert [fault.path for fault in result.data_problems] == ["enterprise.risk_points[P].method"]
    assert json.loads(result.to_json())["risk_points"][0]["grade"]["level"] is None


def test_a_pack_adds_the_factors_that_the_core_does_not_have(tmp_path: Path) -> None:
    engine = Engine.load(packs=[own_pack(tmp_path, FACTOR)], as_of=DAY)
    assert point(engine, method="two_factors", V=5, L=5)["grade"]["level"] == 1
    assert point(engine, method="二因素法", V=5)["grade"]["possible"] == [1, 4]


def test_a_method_whose_factors_no_point_can_have_is_not_offered(tmp_path: Path) -> None:
    engine = Engine.load(packs=[own_pack(tmp_path, "")], as_of=DAY)
    members = engine.ruleset.schema.entities["risk_point"].attributes["method"].type
    assert "two_factors" not in members.members  # type: ignore[union-attr]
    assert "two_factors" in engine.ruleset.methods


def test_a_method_that_nobody_brings_cannot_be_given_a_name(tmp_path: Path) -> None:
    facts = FACTOR.replace("type: number, min: 0", "type: method, values: {lecc: {zh: 甲, en: A}}")
    with pytest.raises(DualprevError, match=r"pack\.unknown-member"):
        Engine.load(packs=[own_pack(tmp_path, facts)], as_of=DAY)
