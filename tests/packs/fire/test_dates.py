"""What the pack says of a day: the ban on old electric bicycles, and designs from before a code."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from dualprev_rules import Engine
from dualprev_rules.risk.negative_list import negative_list_changes
from tests.packs.parts import ROOT

PACK = ROOT / "packs/fire/dualprev_pack_fire"
TODAY = "2026-11-22"


@cache
def engine(day: str) -> Engine:
    return Engine.load(packs=[PACK], as_of=day)


def test_the_days_of_grace_of_old_electric_bicycles_run_out() -> None:
    before, after = (engine(day).ruleset for day in ("2025-10-01", TODAY))
    [entry] = negative_list_changes(before, after)
    assert (entry.rule.id, entry.change) == ("fire.gb17761.sale", "changed")
    assert entry.rule.grace_until is not None
    assert entry.rule.grace_until.isoformat() == "2025-11-30"


@pytest.mark.parametrize(
    ("approved", "outcome"),
    [("1996-05-01", "not_applicable"), ("2014-10-01", "violated"), (None, "undetermined")],
)
def test_a_roof_tank_follows_the_code_of_its_design(approved: str | None, outcome: str) -> None:
    building: dict[str, Any] = {
        "id": "B",
        "use": "public",
        "high_rise_class": "first",
        "height": 60,
        "shop_area": 0,
        "has_temporary_high_pressure": True,
        "main_tank_volume": 18,
        "design_approved_on": approved,
    }
    result = engine(TODAY).assess({"enterprise": {"buildings": [building]}})
    found = [each.code for each in result.findings if each.rule.id == "fire.gb50974.5-2-1"]
    assert found == [outcome]
