"""The sentence of a finding: figures with their units, members by their labels, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dualprev_rules import Engine

FILES = {
    "pack.yaml": """
pack: said
version: 1.0.0
language: 1
title: {zh: 话, en: Words}
instruments:
  - id: doc
    number: "1"
    title: {zh: 文件, en: Document}
    issuer: 某部
    force: normative_document
    binding: true
    in_force: {from: 2020-01-01}
    encoded: full
""",
    "facts.yaml": """
unit:
  label: {zh: 单元, en: Unit}
  extends: core.unit
  attributes:
    pressure: {type: number, unit: MPa, min: 0, label: {zh: 压力, en: Pressure}}
    has_alarm: {type: bool, label: {zh: 报警器, en: Alarm}}
    span: {type: number, unit: m, min: 0, label: {zh: 跨度, en: Span}}
""",
    "definitions.yaml": """
- define: unit.area
  label: {zh: 面积, en: Area}
  is: span * span
""",
    "rules/said.yaml": """
- rule: said.1
  kind: check
  title: {zh: 题, en: Title}
  cite: {instrument: doc, clause: 第1条}
  for: unit
  duty_of: 生产经营单位
  decided_by: facts
  parameters:
    limit: {value: "1.6", unit: MPa, stricter: lower, label: {zh: 上限, en: Limit}}
  violated: pressure > limit
  message: {zh: "SAID", en: "SAID"}
""",
}


def said(folder: Path, message: str, **unit: Any) -> dict[str, str]:
    """Return what the finding about one unit says."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text.replace("SAID", message), "utf-8")
    engine = Engine.load(packs=[folder], as_of="2026-11-21")
    result = engine.assess({"enterprise": {"units": [{"id": "U1", "pressure": 2, **unit}]}})
    return dict(result.message(result.find("said.1")[0]))


@pytest.mark.parametrize(
    ("message", "zh", "en"),
    [
        ("{pressure}", "2 MPa", "2 MPa"),
        ("{pressure}，{limit}", "2 MPa，1.6 MPa", "2 MPa，1.6 MPa"),
        # An author who writes the unit himself has it once.
        ("{pressure} MPa > {limit}MPa", "2 MPa > 1.6MPa", "2 MPa > 1.6MPa"),
        ("{pressure} 兆帕以上", "2 兆帕以上", "2 兆帕以上"),
        ("{kind}", "储存", "Storage"),
        ("{has_alarm}", "是", "yes"),
        ("{id}", "U1", "U1"),
        ("{area}", "9 m²", "9 m²"),
        ("{span}", "3 m", "3 m"),
    ],
)
def test_a_message(tmp_path: Path, message: str, zh: str, en: str) -> None:
    found = said(tmp_path, message, kind="storage", has_alarm=True, span=3)
    assert found == {"zh": zh, "en": en}


def test_what_is_not_known_has_no_unit(tmp_path: Path) -> None:
    assert said(tmp_path, "{pressure}", pressure={"at_least": 2})["zh"] == "2 – … MPa"
    assert said(tmp_path, "{kind}，{has_alarm}")["en"] == "Production / Storage，no / yes"
