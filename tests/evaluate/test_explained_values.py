"""Explanations say what figures and members are: units, conversions, limits, labels."""

from __future__ import annotations

from typing import Any

import pytest

from dualprev_rules.engine import Engine

PACK = """
pack: words
version: 1.0.0
language: 1
title: {zh: 词, en: Words}
instruments:
  - id: one
    number: 一号
    title: {zh: 一, en: One}
    issuer: 某
    force: regulation
    binding: true
    in_force: {from: 2000-01-01}
    encoded: full
"""
FACTS = """
enterprise:
  extends: core.enterprise
  attributes:
    load: {type: number, unit: kg, label: {zh: 重量, en: Load}}
    kind:
      type: enum
      values: {one: {zh: 甲类, en: first}, two: {zh: 乙类, en: second}}
      label: {zh: 类别, en: Kind}
"""
DEFINITIONS = """
- define: enterprise.colour
  classification: true
  type: {ordered: {red: {zh: 红, en: Red}, blue: {zh: 蓝, en: Blue}}}
  is: "'red' if load > '1 t' else 'blue'"
  cite: {instrument: one, clause: "3"}
- {define: enterprise.tonnes, unit: t, is: load}
"""
RULES = """
- rule: words.heavy
  kind: check
  for: enterprise
  title: {zh: 过重, en: Too heavy}
  cite: {instrument: one, clause: "1"}
  duty_of: 企业
  decided_by: facts
  violated: load > limit and tonnes > '0.1 t'
  parameters:
    limit: {value: "0.2", unit: t, label: {zh: 上限, en: Limit}, cite: {instrument: one, clause: "2"}}
- rule: words.kind
  kind: check
  for: enterprise
  title: {zh: 类别不对, en: The wrong kind}
  cite: {instrument: one, clause: "1"}
  duty_of: 企业
  decided_by: facts
  violated: coalesce(kind, 'two') == 'one' or colour == 'red'
"""


EXCEPT = """
- rule: words.excepted
  kind: check
  for: enterprise
  title: {zh: 超重, en: Overweight}
  cite: {instrument: one, clause: "4"}
  duty_of: 企业
  decided_by: facts
  violated: load > '1 t'
  unless: kind == 'one'
  unless_because: {zh: 甲类除外, en: Except the first kind}
  may: over_report
  because: {zh: 不问用途, en: What it is for is not asked}
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    pack = tmp_path_factory.mktemp("words")
    (pack / "rules").mkdir()
    for name, text in (
        ("pack.yaml", PACK),
        ("facts.yaml", FACTS),
        ("definitions.yaml", DEFINITIONS),
        ("rules/all.yaml", RULES + EXCEPT),
    ):
        (pack / name).write_text(text, "utf-8")
    return Engine.load(pack, as_of="2026-11-21")


def because(engine: Engine, rule: str, **facts: Any) -> list[dict[str, Any]]:
    document = engine.assess({"enterprise": facts}).document()
    (finding,) = (f for f in document["findings"] if f["rule"] == rule)
    return finding["because"]


def below(reasons: list[dict[str, Any]], label: str) -> dict[str, Any]:
    """Return the first node of a label, anywhere in a tree."""
    waiting = list(reasons)
    while waiting:
        reason = waiting.pop(0)
        if reason.get("label", {}).get("zh") == label:
            return reason
        waiting += reason.get("because", [])
    raise AssertionError(label)


def test_a_figure_has_its_unit_and_the_limit_stands_beside_it(engine: Engine) -> None:
    tree = because(engine, "words.heavy", load="0.3 t")
    assert {k: below(tree, "重量")[k] for k in ("value", "unit", "given")} == {
        "value": "300",
        "unit": "kg",
        "given": "0.3 t",
    }
    limit = below(tree, "上限")
    # Compared in the unit of the fact, and shown in its own too.
    assert (limit["value"], limit["unit"], limit["before"]) == ("200", "kg", {"value": "0.2", "unit": "t"})
    assert [cited["clause"] for cited in limit["citations"]] == ["2"]


def test_a_conversion_is_said(engine: Engine) -> None:
    derived = engine.assess({"enterprise": {"load": 300}}).document()["derived"]["enterprise.tonnes"]
    (reason,) = derived["because"]
    assert (reason["value"], reason["unit"], reason["before"]) == ("0.3", "t", {"value": "300", "unit": "kg"})


def test_members_are_called_by_their_labels(engine: Engine) -> None:
    document = engine.assess({"enterprise": {"load": 2000}}).document()
    assert document["derived"]["enterprise.colour"]["called"] == {"red": {"zh": "红", "en": "Red"}}
    tree = because(engine, "words.kind", kind="one")
    assert below(tree, "类别")["called"] == {"one": {"zh": "甲类", "en": "first"}}
    assert tree[0]["because"][0]["because"][0]["called"] == {"one": {"zh": "甲类", "en": "first"}}
    still_open = below(because(engine, "words.kind"), "类别")
    assert set(still_open["called"]) == {"one", "two"}


@pytest.mark.parametrize(
    ("facts", "outcome", "presumed", "named"),
    [
        ({"load": 2000}, "undetermined", True, True),
        ({"load": 2000, "kind": "one"}, "not_applicable", False, True),
        ({"load": 2000, "kind": "two"}, "violated", False, False),
        ({"load": 10, "kind": "one"}, "compliant", False, False),
        ({"kind": "one"}, "undetermined", False, False),
    ],
)
def test_an_exception_is_named_where_it_matters(
    engine: Engine, facts: dict[str, Any], outcome: str, presumed: bool, named: bool
) -> None:
    findings = engine.assess({"enterprise": facts}).document()["findings"]
    (finding,) = (f for f in findings if f["rule"] == "words.excepted")
    assert (finding["outcome"], finding["presumed"]) == (outcome, presumed)
    assert finding["exception"] == ({"zh": "甲类除外", "en": "Except the first kind"} if named else None)
    assert finding["may_because"] == {"zh": "不问用途", "en": "What it is for is not asked"}
