"""Counts are the same, whoever found the outcomes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dualprev_rules import Engine

ENGINE = Engine.load("chemicals", as_of="2026-11-21")
SITE = Path(__file__).parents[2] / "examples" / "chlor_alkali_lpg" / "site.yaml"


@pytest.mark.parametrize(
    "facts", [SITE, {"enterprise": {"id": "E"}}, {"unit": {"id": "U1", "tanks": [{"id": "1"}]}}]
)
def test_the_counts_of_outcomes_are_those_of_the_compiled_evaluator(facts: Any) -> None:
    result = ENGINE.result_of(ENGINE.read(facts))
    assert result.document(explained=False)["statement"]["assessed"]["outcomes"] == result.counts
    assert dict(result.counts) == dict(ENGINE.assess(facts).counts)
