"""What is violated, told without judging everything else: the same as among all findings."""

from __future__ import annotations

from pathlib import Path

import pytest

from dualprev_rules import Engine
from dualprev_rules.result import Finding

EXAMPLES = Path(__file__).parents[2] / "examples"


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str, tuple[str, ...], int]]:
    return [(f.rule.id, f.path, f.merged, len(f.citations)) for f in findings if f.code == "violated"]


@pytest.mark.parametrize(
    ("site", "pack", "profile"),
    [("building_site", "construction", "liaoning"), ("chlor_alkali_lpg", "chemicals", "shandong")],
)
def test_breaches_are_the_violated_findings(site: str, pack: str, profile: str) -> None:
    engine = Engine.load([pack], profile, as_of="2026-11-21")
    file = EXAMPLES / site / "site.yaml"
    whole = engine.result_of(engine.read(file))
    expected = told(whole.findings)
    assert expected
    assert told(engine.result_of(engine.read(file)).breaches) == expected
    # Judged from the file at once, with no facts read before, and after all was judged.
    assert told(engine.assess(file).breaches) == expected
    assert told(whole.breaches) == expected
