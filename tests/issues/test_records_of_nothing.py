"""A record that says nothing, given often, is read as any other: no reader of its own is made for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dualprev_rules import Engine
from dualprev_rules.evaluate.compiled.reader import OFTEN

PACK = Path(__file__).parents[2] / "packs" / "chemicals" / "dualprev_pack_chemicals"
ENGINE = Engine.load([PACK], as_of="2026-11-21")


@pytest.mark.parametrize("entity", ["enterprise", "site", "unit", "substance", "risk_point"])
def test_an_empty_record_given_often(entity: str) -> None:
    told = [ENGINE.assess({entity: {}}).count("violated") for _ in range(OFTEN + 5)]
    assert set(told) == {0}


def test_empty_records_in_lists() -> None:
    unit = {"id": "U1", "substances": [{}] * (OFTEN + 5), "tanks": [{}] * (OFTEN + 5)}
    result = ENGINE.assess({"unit": unit})
    assert result.derived["unit[U1].is_major_hazard_installation"].open
