"""Keys that a loop takes of each record are told where they disagree, as those of the record itself are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dualprev_rules import Engine

PACK = """\
pack: works
version: 1.0.0
language: 1
title: {zh: 试, en: Trial}
instruments:
  - id: trial
    number: T 1
    title: {zh: 试, en: Trial}
    issuer: 试
    force: group_standard
    binding: false
    in_force: {from: 2020-01-01, confirmed: true}
    decides: true
    dated_by: assessment
    encoded: full
    clauses: 1
"""
FACTS = """\
unit:
  extends: core.unit
  label: {zh: 单元, en: Unit}
  attributes:
    goods: {type: list, of: good, label: {zh: 物品, en: Goods}}
good:
  label: {zh: 物品, en: Good}
  attributes:
    name: {type: text, label: {zh: 名称, en: Name}}
    cas: {type: text, check: cas, label: {zh: CAS 号, en: CAS number}}
    entry: {type: text, label: {zh: 行号, en: Row}}
    counted: {type: bool, label: {zh: 计入, en: Counted}}
"""
TABLE = """\
table: limits
title: {zh: 限量, en: Limits}
cite: {instrument: trial, clause: "1"}
for: good
key: {cas: cas, name: name}
row_key: no
columns: {q: {type: number, above: 0}}
rows:
  - {no: "1", cas: [7782-50-5], name: [氯], q: "5"}
  - {no: "2", cas: [7664-41-7], name: [氨], q: "10"}
"""
DEFINITION = """\
- define: unit.least
  label: {zh: 最小的, en: The least}
  is: min((lookup('limits', cas=g.cas, name=g.name, no=g.entry).q for g in goodsFILTER), default=100)
  cite: {instrument: trial, clause: "1"}
"""


def _engine(folder: Path, filtered: str = "") -> Engine:
    (folder / "tables").mkdir()
    definition = DEFINITION.replace("FILTER", filtered)
    for name, text in {
        "pack.yaml": PACK,
        "facts.yaml": FACTS,
        "tables/limits.yaml": TABLE,
        "definitions.yaml": definition,
    }.items():
        (folder / name).write_text(text, "utf-8")
    return Engine.load([folder], as_of="2026-11-21")


@pytest.mark.parametrize(
    ("good", "least", "told"),
    [
        ({"name": "氯", "cas": "7782-50-5"}, "5", []),
        ({"name": "氨", "cas": "7782-50-5"}, {"values": ["5", "10"]}, ["result.keys-disagree"]),
        ({"name": "氯", "entry": "2"}, {"values": ["5", "10"]}, ["result.row-both"]),
    ],
)
def test_each_record_is_looked_at(
    tmp_path: Path, good: dict[str, Any], least: object, told: list[str]
) -> None:
    result = _engine(tmp_path).assess({"unit": {"id": "U1", "goods": [good]}})
    assert result.derived["unit[U1].least"].value == least
    assert [fault.code for fault in result.data_problems] == told
    assert all(fault.path and fault.path.startswith("unit[U1].goods[1]") for fault in result.data_problems)


def test_what_a_filter_may_leave_out_is_not_accused(tmp_path: Path) -> None:
    engine = _engine(tmp_path, " if g.counted")
    good = {"name": "氨", "cas": "7782-50-5", "counted": False}
    result = engine.assess({"unit": {"id": "U1", "goods": [good]}})
    assert result.derived["unit[U1].least"].value == "100"
    assert result.data_problems == ()
