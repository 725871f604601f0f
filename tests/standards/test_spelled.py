"""Texts that are one key of a table, however they are spelled: what holds of one need not hold of another."""

from __future__ import annotations

from pathlib import Path

import pytest

from dualprev_rules import Engine
from dualprev_rules.standards import advise
from tests.standards.written import DAY, between, pair, written

TABLE = """
- table: nat.tab
  cite: {instrument: nat-1, clause: "1"}
  key: {t: name}
  columns: {name: {type: text}, q: {type: number}}
  rows:
    - {no: "1", name: LNG, q: "5"}
    - {no: "2", name: 液氯, q: "9"}
"""
FUEL = """
- define: unit.fuel
  label: {zh: 燃料, en: fuel}
  is: "'ＬＮＧ' if b else '液氯'"
  cite: {instrument: nat-1, clause: "1"}
"""
MORE = "n > lookup('nat.tab', t=t).q"


@pytest.mark.parametrize(
    "condition",
    [
        f"t == 'LNG' and {MORE}",
        f"t in {{'ＬＮＧ', 'CNG'}} and {MORE}",
        f"t == 'lng' and {MORE}",
        f"t != 'lng' and t != '液氯' and {MORE}",
        "b and n > lookup('nat.tab', t=unit.fuel).q",
    ],
)
def test_a_text_of_a_rule_finds_its_row_however_it_is_spelled(tmp_path: Path, condition: str) -> None:
    found = between(
        tmp_path, f"violated: {condition} and a", f"violated: {condition}", definitions=FUEL, table=TABLE
    )
    assert (found.pairs[0].verdict, found.stricter_or_equal) == ("weaker", False)


def test_a_text_of_another_row_still_has_none_of_this(tmp_path: Path) -> None:
    first, second = (f"violated: t == 'LNG' and n > {figure} and {MORE}" for figure in ("3", "4"))
    assert pair(tmp_path, first, second, table=TABLE).verdict == "equal"


def test_a_way_is_found_for_what_is_spelled_otherwise(tmp_path: Path) -> None:
    engine = Engine.load([written(tmp_path, "nat", f"violated: {MORE}", facts=True, table=TABLE)], as_of=DAY)
    site = {"enterprise": {"units": [{"id": "1", "t": "LNG", "n": 6}]}}
    (advice,) = advise(engine, site, what="nat.r")
    assert [(change.attribute.name, change.to) for change in advice.changes] == [("n", "5")]
